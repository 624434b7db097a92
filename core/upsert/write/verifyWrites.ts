import type { Clock } from '../../ports';
import type { Failure } from '../../result';
import type { ContactResult } from '../contactResult';
import { failed } from '../contactResult';
import type { ContactWrite, Destination, HeldContact } from '../destination';
import type { Judgement } from './compareWithStored';
import { asSeen, judge, written } from './compareWithStored';

/** Looks before the destination is asked whether it has finished: that call is scarce (Brevo: 100 an hour). */
const LOOKS_BEFORE_ASKING = 3;
/** Looks at a write that was answered at once, before it counts as lost. */
const LOOKS_AT_SINGLE_WRITES = 2;

export interface AcceptedWrite {
	readonly write: ContactWrite;
	/** Carried out later. */
	readonly pending: boolean;
	/** Its values were sent in more than one call, so that a change of the contact does not mean that all of it arrived. */
	readonly inParts: boolean;
	/** It was put on the list by a call of its own, which may have changed the contact before its values arrive. */
	readonly joinedApart: boolean;
}

export interface Verdict {
	/** What counts as sent: without joining the list for a contact that unsubscribed from it meanwhile. */
	readonly write: ContactWrite;
	readonly result: ContactResult;
	/** Why the write counts as failed; absent when it arrived. */
	readonly failure?: Failure;
}

/** A contact that arrived, with something left to do: values that a single write may store, or to take it off the list again. */
export interface Partly {
	readonly write: ContactWrite;
	/** The single write of that. */
	readonly rest: ContactWrite;
	/** Names of the values that are not tried again. */
	readonly dropped: readonly string[];
}

/** `verdicts` by key; `again` are writes the destination finished without storing; `failure` ended the looking. */
export interface VerifyReport {
	readonly verdicts: ReadonlyMap<string, Verdict>;
	readonly again: readonly ContactWrite[];
	readonly partly: readonly Partly[];
	readonly failure?: Failure;
}

export const NOT_CONFIRMED: Failure = {
	kind: 'retry',
	code: 'NOT_CONFIRMED',
	reason: 'The destination did not show the contact in time',
};
const NOT_STORED: Failure = {
	kind: 'refused',
	code: 'NOT_STORED',
	reason: 'The destination accepted the contact but does not hold it as it was sent',
};

interface Open extends AcceptedWrite {
	write: ContactWrite;
	judgement: Judgement;
	/** It was to join the list and was seen to have unsubscribed from it: the bulk write may put it on the list all the same. */
	unsubscribed: boolean;
	seen?: HeldContact;
}

/**
 * Reads back what was written, with growing waits until everything is there, the destination says it has finished, or
 * `longestWaitMs` is over. Values that are still missing then were dropped: a warning each, or one single write in `partly`.
 * Whole contacts that are missing come back in `again`, or end as NOT_CONFIRMED when that cannot be told.
 */
export async function verifyWrites(
	accepted: readonly AcceptedWrite[],
	destination: Destination,
	clock: Clock,
	longestWaitMs: number,
): Promise<VerifyReport> {
	const verdicts = new Map<string, Verdict>();
	const open = new Map(
		accepted.map((entry): [string, Open] => [
			entry.write.key,
			{ ...entry, judgement: { kind: 'incomplete' }, unsubscribed: false },
		]),
	);
	const deadline = clock.now() + longestWaitMs;
	const close = (entry: Open, result: ContactResult): void => {
		verdicts.set(entry.write.key, { write: entry.write, result });
		open.delete(entry.write.key);
	};
	const fail = (entry: Open, failure: Failure): void => {
		const destinationId = entry.seen?.id ?? entry.write.held?.id;
		const result = failed(failure, entry.write.warnings, destinationId);
		verdicts.set(entry.write.key, { write: entry.write, failure, result });
		open.delete(entry.write.key);
	};
	const stopWith = (failure: Failure): VerifyReport => {
		for (const entry of [...open.values()]) fail(entry, NOT_CONFIRMED);
		return { verdicts, again: [], partly: [], failure };
	};

	let finished = false;
	for (let look = 0; ; look++) {
		const late = clock.now() >= deadline;
		const anyPending = [...open.values()].some(({ pending }) => pending);
		if (!finished && (anyPending || look > 0)) {
			const wait = destination.waitBeforeLook(look, open.size);
			await clock.sleep(Math.max(0, late ? 0 : Math.min(wait, deadline - clock.now())));
		}
		const seen = await destination.readBack(
			[...open.values()].map(({ write }) => write),
			finished || !anyPending,
		);
		if (seen.kind !== 'ok') return stopWith(seen);
		for (const entry of open.values()) {
			entry.seen = seen.value.get(entry.write.key);
			entry.unsubscribed ||= entry.pending && entry.write.joinList && entry.seen?.leftList === true;
			entry.write = asSeen(entry.write, entry.seen, destination);
			entry.judgement = judge(entry.write, entry.seen, destination);
		}
		for (const entry of [...open.values()]) {
			if (entry.unsubscribed) continue;
			if (entry.judgement.kind === 'stored') close(entry, written(entry.write, entry.seen));
			else if (!entry.pending && entry.judgement.kind === 'dropped')
				close(entry, written(entry.write, entry.seen, entry.judgement.names));
			else if (!entry.pending && look + 1 >= LOOKS_AT_SINGLE_WRITES) fail(entry, NOT_STORED);
		}
		const left = [...open.values()];
		// Rows arrive whole: when every row left was written and only lacks values, those values were dropped.
		if (left.every(({ pending }) => pending) && (finished || left.every(wasWritten))) break;
		if (late) return stopWith(NOT_CONFIRMED);
		if (left.some(({ pending }) => pending) && look + 1 >= LOOKS_BEFORE_ASKING) {
			const answer = await destination.finished();
			finished = answer.kind === 'ok' && answer.value === 'yes';
		}
	}
	await destination.confirmed?.();
	const again: ContactWrite[] = [];
	const partly: Partly[] = [];
	for (const entry of [...open.values()]) {
		const { judgement, write, seen } = entry;
		if (entry.unsubscribed && seen?.onList && judgement.kind !== 'incomplete') {
			const dropped = judgement.kind === 'dropped' ? judgement.names : [];
			const offList = asSeen(write, { ...seen, leftList: true, onList: false }, destination);
			partly.push({ write: offList, dropped, rest: leaveOf(offList, seen) });
			continue;
		}
		if (judgement.kind === 'stored') {
			close(entry, written(write, seen));
			continue;
		}
		// A bulk write may lose the key where a single one would not.
		const lacksKey = judgement.kind === 'dropped' && judgement.names.includes(destination.names.sourceKey);
		const isThere =
			judgement.kind === 'dropped' && !lacksKey && (wasWritten(entry) || entry.inParts || someArrived(entry));
		if (!isThere) {
			again.push(write);
			continue;
		}
		const tried = destination.worthSingly?.(write, judgement.names) ?? [];
		const dropped = judgement.names.filter((name) => !tried.includes(name));
		if (tried.length === 0 || !seen) close(entry, written(write, seen, dropped));
		else partly.push({ write, dropped, rest: restOf(write, seen, tried) });
	}
	return { verdicts, again, partly };
}

/** Nothing but these values of a contact that is there. */
function restOf(write: ContactWrite, held: HeldContact, names: readonly string[]): ContactWrite {
	const only = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
		Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
	const attributes = only(write.attributes);
	return {
		key: write.key,
		kind: 'update',
		held,
		attributes,
		joinList: false,
		block: write.block || held.optedOut,
		changes: Object.fromEntries(Object.entries(attributes).map(([name, to]) => [name, { from: null, to }])),
		warnings: [],
	};
}

/** Takes a contact off the list again. */
const leaveOf = ({ key }: ContactWrite, held: HeldContact): ContactWrite => ({
	key,
	kind: 'leave',
	held,
	attributes: {},
	joinList: false,
	block: false,
	changes: {},
	warnings: [],
});

/** Written by this run and lacking values only. A new contact that exists was written; an older one must have changed. */
function wasWritten({ write, judgement, seen, inParts, joinedApart, unsubscribed }: Open): boolean {
	if (judgement.kind !== 'dropped' || !seen || inParts || joinedApart || unsubscribed) return false;
	return !write.held || seen.version !== write.held.version;
}

/** Some of the values that travelled in bulk are there, so those that are not were dropped. */
const someArrived = ({ write, judgement, joinedApart }: Open): boolean =>
	joinedApart &&
	judgement.kind === 'dropped' &&
	judgement.names.length < Object.keys(write.attributes).length + (write.phone === undefined ? 0 : 1);
