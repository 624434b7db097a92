import type { Clock } from '../ports';
import type { Failure } from '../result';
import { applyWrites } from './applyWrites';
import type { ContactResult } from './contactResult';
import { failed } from './contactResult';
import type { ContactWrite, Destination } from './destination';
import { verifyWrites } from './verifyWrites';

/** What became of a write. `write` is what was sent in the end. */
export interface Carried {
	readonly write: ContactWrite;
	readonly result: ContactResult;
	/** Why it failed; absent when it arrived. */
	readonly failure?: Failure;
}

/** `carried` by the key of the write, one for each. `failure`: something passing or a stop left writes undone. */
export interface CarryReport {
	readonly carried: ReadonlyMap<string, Carried>;
	readonly failure?: Failure;
}

/** Applies and verifies; what the bulk path lost is written again, one by one, so that each ends with its own reason. */
export async function carryOut(
	writes: readonly ContactWrite[],
	destination: Destination,
	longestWaitMs: number,
	clock: Clock,
): Promise<CarryReport> {
	const carried = new Map<string, Carried>();
	const fail = (write: ContactWrite, failure: Failure): void =>
		void carried.set(write.key, { write, failure, result: failed(failure, write.warnings, write.held?.id) });
	let failure: Failure | undefined;
	let open = writes;
	for (const singly of [false, true]) {
		if (open.length === 0) break;
		const { applied, halted } = await applyWrites(open, destination, singly);
		failure ??= halted;
		for (const entry of applied) {
			if (entry.kind !== 'failed') continue;
			fail(entry.write, entry.failure);
			if (entry.failure.kind !== 'refused') failure ??= entry.failure;
		}
		const accepted = applied.flatMap((entry) => (entry.kind === 'accepted' ? [entry] : []));
		open = [];
		if (accepted.length === 0) continue;
		const verified = await verifyWrites(accepted, destination, clock, longestWaitMs);
		for (const { write } of accepted) {
			const verdict = verified.verdicts.get(write.key);
			if (verdict) carried.set(write.key, { write, ...verdict });
		}
		failure ??= verified.failure;
		open = verified.again;
	}
	for (const write of open) fail(write, NOT_STORED);
	return { carried, failure };
}

const NOT_STORED: Failure = {
	kind: 'refused',
	code: 'NOT_STORED',
	reason: 'The destination did not store the contact',
};
