import { setTimeout as pause } from 'node:timers/promises';
import { routeOf, type ServerContext } from '../engine';
import { SmtpRefusal } from './smtpRefusal';

/** What a client does in a session; faults and the log name a step so, with `/` and an address where there is one. */
export type SmtpStep = 'CONNECT' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA';

/** How SMTP confirms each. */
const DONE: Readonly<Record<SmtpStep, number>> = { CONNECT: 220, AUTH: 235, MAIL: 250, RCPT: 250, DATA: 250 };
/** A fault without a status of its own. */
const TRY_LATER = 451;

/** Ends a session without an answer. */
export const CUT_OFF = Symbol('cut off');

/** Runs the steps of a session: applies the planned faults, and logs each step with the code that the client is answered. */
export class SmtpSteps {
	constructor(private readonly context: ServerContext) {}

	/** What the work came to, or CUT_OFF. Throws a refusal, of the work or of a fault. */
	async run<T>(step: SmtpStep, address: string, work: () => Promise<T> | T): Promise<T | typeof CUT_OFF> {
		const path = `/${address}`;
		const entry = { at: this.context.clock.now(), method: step, path, route: routeOf(path), query: '' };
		const startedAt = performance.now();
		let status = 0;
		try {
			const result = await this.faulted(step, path, work);
			if (result !== CUT_OFF) status = DONE[step];
			return result;
		} catch (error) {
			if (error instanceof SmtpRefusal) status = error.responseCode;
			throw error;
		} finally {
			this.context.requests.add({ ...entry, status, ms: Math.round(performance.now() - startedAt) });
		}
	}

	private async faulted<T>(step: SmtpStep, path: string, work: () => Promise<T> | T): Promise<T | typeof CUT_OFF> {
		const fault = this.context.faults.take(step, path);
		if (fault?.delayMs !== undefined) await pause(fault.delayMs);
		if (fault === undefined || fault.kind === 'delay') return await work();
		if (fault.kind === 'afterWork') await work();
		if (fault.kind !== 'status' && fault.status === undefined) return CUT_OFF;
		const { status = TRY_LATER, body } = fault;
		throw new SmtpRefusal(status, typeof body === 'string' ? body : 'As the sandbox was told');
	}
}
