import type { Clock } from '../../ports';
import type { Failure } from '../../result';
import { applyWrites } from './sendWrites';
import type { ContactResult } from '../contactResult';
import { failed } from '../contactResult';
import type { BatchOrigin, ContactWrite, Destination } from '../destination';
import { asSeen, written } from './compareWithStored';
import type { Partly } from './verifyWrites';
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
	{ longestWaitMs, again }: Pick<BatchOrigin, 'longestWaitMs' | 'again'>,
	clock: Clock,
): Promise<CarryReport> {
	const carried = new Map<string, Carried>();
	const fail = (write: ContactWrite, failure: Failure): void =>
		void carried.set(write.key, { write, failure, result: failed(failure, write.warnings, write.held?.id) });
	let failure: Failure | undefined;
	let open = writes;
	let partly: readonly Partly[] = [];
	let lost = NOT_STORED;
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
		const verified = await verifyWrites(accepted, destination, clock, { longestWaitMs, again });
		for (const [key, verdict] of verified.verdicts) {
			carried.set(key, verdict);
			if (verdict.failure && verdict.failure.kind !== 'refused') failure ??= verdict.failure;
		}
		failure ??= verified.failure;
		// Once: what the destination gives up with every delivery must not hold back the contacts behind it.
		lost = verified.gaveUp === true && !again ? GAVE_UP : NOT_STORED;
		if (singly) open = verified.again;
		else {
			partly = verified.partly;
			open = [...verified.again, ...partly.map(({ rest }) => rest)];
		}
	}
	if (open.length > 0 && lost.kind !== 'refused') failure ??= lost;
	for (const write of open) fail(write, lost);
	for (const one of partly) carried.set(one.write.key, asWhole(one, carried.get(one.write.key), destination));
	learn(partly, carried, destination);
	return { carried, failure };
}

/**
 * The whole contact, after the write of what was left to do. It is there in any case, so a value that is refused or dropped
 * once more costs that value; the list is more than a value. What failed for a passing reason is delivered again.
 */
function asWhole({ write, rest, dropped }: Partly, single: Carried | undefined, destination: Destination): Carried {
	const costsValuesOnly = rest.kind !== 'leave' && !rest.joinList;
	if (single?.failure && (single.failure.kind !== 'refused' || !costsValuesOnly)) return { ...single, write };
	const missing = single?.failure || !single ? Object.keys(rest.attributes) : droppedOf(single);
	const stayedOff = rest.held && rest.joinList && single?.write.joinList === false;
	const whole = stayedOff ? asSeen(write, { ...rest.held, unsubscribedFromList: true }, destination) : write;
	return { write: whole, result: written(whole, rest.held, [...dropped, ...missing]) };
}

const droppedOf = ({ result }: Carried): string[] =>
	result.warnings.filter(({ code }) => code === 'VALUE_DROPPED' || code === 'VALUE_REFUSED').map(({ field }) => field);

function learn(partly: readonly Partly[], carried: ReadonlyMap<string, Carried>, destination: Destination): void {
	const stored = new Set<string>();
	const dropped = new Set<string>();
	for (const { write, rest } of partly) {
		const whole = carried.get(write.key);
		if (!whole || whole.failure) continue;
		const missing = droppedOf(whole);
		for (const name of Object.keys(rest.attributes)) (missing.includes(name) ? dropped : stored).add(name);
	}
	if (stored.size + dropped.size > 0) destination.droppedInBulk?.learn([...stored], [...dropped]);
}

/** Twice. */
const GAVE_UP: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'The destination took the contacts and then gave the import up',
};
const NOT_STORED: Failure = {
	kind: 'refused',
	code: 'NOT_STORED',
	reason: 'The destination did not store the contact',
};
