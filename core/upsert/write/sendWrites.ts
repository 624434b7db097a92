import type { Failure } from '../../result';
import type { ContactWrite, Destination, HeldContact, SentCall, WriteCall } from '../destination';
import { inParallel } from '../../calls/inParallel';
import { withoutRefused } from './refusedValues';
import type { AcceptedWrite } from './verifyWrites';

/** Calls under way at once that write one contact each. */
const PARALLEL = 6;
/** Calls in a row that end in a passing fault before the rest of the run is left for the next delivery. */
const FAULTS_BEFORE_HALT = 3;
/** As many contacts refused alone, none accepted in between, and the refusal may be about all of them and not about single ones. */
const REFUSED_ALONE_BEFORE_DOUBT = 30;

/** What sending came to for one write. `write` is what was sent in the end: a shared phone is taken out of it. */
export type Applied =
	| ({ readonly kind: 'accepted' } & AcceptedWrite)
	| { readonly kind: 'failed'; readonly write: ContactWrite; readonly failure: Failure };

/** One entry per write. `halted`: nothing more can be written in this run. */
export interface ApplyReport {
	readonly applied: readonly Applied[];
	readonly halted?: Failure;
}

/**
 * Sends the writes: single calls first, several at once, then bulk calls one after the other. A refused bulk call is split
 * until the bad rows stand alone. Passing faults were already repeated by the client; three calls in a row that end in one
 * stop the run, so that a destination that is down is not asked a thousand times.
 */
export async function applyWrites(
	writes: readonly ContactWrite[],
	destination: Destination,
	singly: boolean,
): Promise<ApplyReport> {
	const sending = new Sending(destination, writes);
	const calls = destination.arrange(writes, singly);
	await inParallel(
		calls.filter(({ bulk }) => !bulk),
		PARALLEL,
		async (call) => await sending.send(call),
	);
	for (const call of calls) if (call.bulk) await sending.send(call);
	return sending.report();
}

interface Accepted {
	readonly pending: boolean;
	/** Calls that carried values of it. */
	readonly parts: number;
	readonly joinsAfter: boolean;
	readonly shown?: HeldContact;
}

class Sending {
	private readonly current: Map<string, ContactWrite>;
	private readonly states = new Map<string, { failure: Failure } | Accepted>();
	private halted: Failure | undefined;
	private faultsInARow = 0;
	/** Contacts that were refused alone since the last one that was accepted. */
	private refusedAlone = 0;

	constructor(
		private readonly destination: Destination,
		private readonly writes: readonly ContactWrite[],
	) {
		this.current = new Map(writes.map((write) => [write.key, write]));
	}

	async send(whole: WriteCall): Promise<void> {
		if (this.halted) return;
		const writes = whole.writes
			.map(({ key }) => this.current.get(key))
			.filter((write): write is ContactWrite => write !== undefined);
		const open = writes.filter((write) => !this.hasFailed(write.key) && hasContent(write));
		for (const write of writes) if (!hasContent(write)) this.accept(write, false);
		if (open.length === 0) return;
		const call = { ...whole, writes: open };
		const answer = await this.destination.send(call);
		if (answer.kind === 'ok') return await this.take(call, answer.value);
		if (answer.kind === 'refused') return await this.takeRefusal(call, answer);
		for (const write of open) this.states.set(write.key, { failure: answer });
		this.faultsInARow += 1;
		if (answer.kind === 'stop' || this.faultsInARow >= FAULTS_BEFORE_HALT) this.halted = answer;
	}

	report(): ApplyReport {
		const applied = this.writes.map((planned): Applied => {
			const write = this.current.get(planned.key) ?? planned;
			const state = this.states.get(write.key);
			if (state && 'pending' in state) {
				const { pending, parts, joinsAfter, shown } = state;
				return { kind: 'accepted', write, pending, inParts: parts > 1, joinsAfter, shown };
			}
			const failure = state?.failure ?? this.halted ?? NOT_SENT;
			return { kind: 'failed', write, failure };
		});
		return { applied, halted: this.halted };
	}

	private async take(call: WriteCall, { pending, refused, warnings, sent, shown }: SentCall): Promise<void> {
		this.faultsInARow = 0;
		this.refusedAlone = 0;
		for (const planned of call.writes) {
			const write = sent?.get(planned.key) ?? planned;
			const more = warnings?.get(write.key) ?? [];
			this.current.set(write.key, { ...write, warnings: [...write.warnings, ...more] });
		}
		const again: ContactWrite[] = [];
		for (const { key } of call.writes) {
			const write = this.current.get(key);
			const refusal = refused?.get(key);
			if (!write) continue;
			if (!refusal) this.accept(write, pending, call.joinsAfter, shown?.get(key));
			else if (!this.reduce(write, refusal)) this.states.set(key, { failure: refusal });
			else again.push(write);
		}
		if (again.length > 0) await this.send({ ...call, writes: again });
	}

	private async takeRefusal(call: WriteCall, refusal: Failure): Promise<void> {
		this.faultsInARow = 0;
		const [only] = call.writes;
		if (only && call.writes.length === 1) {
			if (this.reduce(only, refusal)) return await this.send(call);
			this.states.set(only.key, { failure: refusal });
			this.refusedAlone += 1;
			return;
		}
		if (this.refusedAlone >= REFUSED_ALONE_BEFORE_DOUBT) return await this.tryFew(call, refusal);
		await this.split(call);
	}

	private async split(call: WriteCall): Promise<void> {
		const middle = Math.ceil(call.writes.length / 2);
		await this.send({ ...call, writes: call.writes.slice(0, middle) });
		await this.send({ ...call, writes: call.writes.slice(middle) });
	}

	/**
	 * Where nothing but refusals came back for a while, two contacts of the call are tried alone: when they are refused too, so is all of the
	 * call; when one is accepted, only single ones are bad, and the call is split.
	 */
	private async tryFew(call: WriteCall, refusal: Failure): Promise<void> {
		const { writes } = call;
		const few = new Set([writes.at(-1), writes[Math.floor(writes.length / 2)]]);
		const rest = { ...call, writes: writes.filter((write) => !few.has(write)) };
		const refusedBefore = this.refusedAlone;
		for (const write of few) if (write) await this.send({ ...call, writes: [write] });
		if (rest.writes.length === 0) return;
		if (this.refusedAlone < refusedBefore + few.size) return await this.split(rest);
		for (const { key } of rest.writes) this.states.set(key, { failure: refusal });
	}

	/** Takes out of the write what the refusal is about, if that is single values; false when nothing of it can go on. */
	private reduce(write: ContactWrite, refusal: Failure): boolean {
		const reduced = withoutRefused(write, refusal, this.destination);
		if (!reduced) return false;
		this.current.set(write.key, reduced);
		return true;
	}

	private accept(write: ContactWrite, pending: boolean, joinsAfter = false, shown?: HeldContact): void {
		const before = this.states.get(write.key);
		if (before && 'failure' in before) return;
		this.states.set(write.key, {
			pending: pending || (before?.pending ?? false),
			parts: (before?.parts ?? 0) + 1,
			joinsAfter: joinsAfter || (before?.joinsAfter ?? false),
			// What one of several calls shows is not the whole of it.
			shown: before ? undefined : shown,
		});
	}

	private hasFailed(key: string): boolean {
		const state = this.states.get(key);
		return state !== undefined && 'failure' in state;
	}
}

const NOT_SENT: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'The contact was not sent' };

/** Whether anything is left to write after values were taken out. */
function hasContent(write: ContactWrite): boolean {
	return write.kind !== 'update' || Object.keys(write.changes).length > 0;
}
