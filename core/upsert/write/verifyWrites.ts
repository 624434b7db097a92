import type { Clock } from '../../ports';
import type { Failure } from '../../result';
import type { ContactResult } from '../contactResult';
import { failed } from '../contactResult';
import type { BatchOrigin, ContactWrite, Destination, HeldContact } from '../destination';
import type { Judgement } from './compareWithStored';
import { asSeen, judge, written } from './compareWithStored';

/** Looks before the destination is asked whether it has finished: that call is scarce (Brevo: 100 an hour). */
const LOOKS_BEFORE_ASKING = 4;
/** Looks at a write that was answered at once, before it counts as lost. */
const LOOKS_AT_SINGLE_WRITES = 2;
/** Wait before the second look at a destination that carries every call out at once. */
const SECOND_LOOK_MS = 1_000;

export interface AcceptedWrite {
	readonly write: ContactWrite;
	/** Carried out later. */
	readonly pending: boolean;
	/** Its values were sent in more than one call, so that a change of the contact does not mean that all of it arrived. */
	readonly inParts: boolean;
	/** See `WriteCall.joinsAfter`. */
	readonly joinsAfter: boolean;
	/** See `SentCall.shown`. */
	readonly shown?: HeldContact;
}

export interface Verdict {
	/** What counts as sent: without joining the list for a contact that unsubscribed from it meanwhile. */
	readonly write: ContactWrite;
	readonly result: ContactResult;
	/** Why the write counts as failed; absent when it arrived. */
	readonly failure?: Failure;
}

/**
 * A contact that arrived, with something left to do: values that a single write may store, to put it on the list, or to take it
 * off the list again.
 */
export interface Partly {
	readonly write: ContactWrite;
	/** The write of that. */
	readonly rest: ContactWrite;
	/** Names of the values that are not tried again. */
	readonly dropped: readonly string[];
}

/** `verdicts` by key; `again` are writes the destination finished without storing; `failure` ended the looking. */
export interface VerifyReport {
	readonly verdicts: ReadonlyMap<string, Verdict>;
	readonly again: readonly ContactWrite[];
	/** `again` was not carried out: that says nothing about its contacts. */
	readonly gaveUp?: boolean;
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

/** Once: one that vanishes with every delivery must not hold back those behind it. */
const GONE_MEANWHILE: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'The contact was deleted or merged in the destination while it was written',
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
 * `longestWaitMs` is over. How a write looks decides what becomes of it:
 *
 * | how it looks | answered at once | pending, not over | pending, over |
 * | --- | --- | --- | --- |
 * | stored | written | written | written |
 * | stored, but unsubscribed from the list it was to join | written | looked at again | written, or taken off the list (`partly`) |
 * | lacks values only | written, a warning each | looked at again | written, a warning each, or one single write (`partly`) |
 * | one that was there is not any more | looked at twice, then delivered again, once | looked at again | one single write of the whole (`again`) |
 * | not there, or lacks its key | looked at twice, then NOT_STORED | looked at again | one single write of the whole (`again`) |
 * | stored, and joins the list after | a write that joins (`partly`) | a write that joins | a write that joins |
 *
 * What the answer of its call shows to be stored is not looked at again. Over: the destination says that it has finished, or all that
 * is left was written and lacks values only, because rows arrive whole. When the time is up before, what is left ends as NOT_CONFIRMED.
 */
export async function verifyWrites(
	accepted: readonly AcceptedWrite[],
	destination: Destination,
	clock: Clock,
	{ longestWaitMs, again }: Pick<BatchOrigin, 'longestWaitMs' | 'again'>,
): Promise<VerifyReport> {
	const { asynchronous } = destination;
	const looking = new Looking(accepted, destination, again);
	if (looking.writes.length === 0) return looking.sortRest();
	const deadline = clock.now() + longestWaitMs;
	let gaveUp = false;
	for (let look = 0, finished = false; ; look++) {
		const late = clock.now() >= deadline;
		const { writes, anyPending } = looking;
		if (!finished && (anyPending || look > 0)) {
			const wait = asynchronous?.waitBeforeLook(look, writes.length) ?? SECOND_LOOK_MS;
			await clock.sleep(Math.max(0, late ? 0 : Math.min(wait, deadline - clock.now())));
		}
		// Beside bulk writes that are still to come, what was answered at once may not show yet: no contact fails by such a look.
		const thorough = finished || !looking.awaitsBulk;
		const seen = await destination.readBack(writes, thorough);
		if (seen.kind !== 'ok') return looking.stopWith(seen);
		looking.take(seen.value);
		looking.close(thorough && look + 1 >= LOOKS_AT_SINGLE_WRITES);
		if (looking.isOver(finished)) break;
		if (late) return looking.stopWith(NOT_CONFIRMED);
		if (asynchronous && looking.anyPending && look + 1 >= LOOKS_BEFORE_ASKING) {
			const answer = await asynchronous.finished();
			gaveUp = answer.kind === 'ok' && answer.value === 'gaveUp';
			finished = gaveUp || (answer.kind === 'ok' && answer.value === 'yes');
		}
	}
	await asynchronous?.confirmed();
	return { ...looking.sortRest(gaveUp), gaveUp };
}

/** The writes that are looked at, and what became of the others. */
class Looking {
	private readonly verdicts = new Map<string, Verdict>();
	private readonly open: Map<string, Open>;
	private readonly partly: Partly[] = [];

	constructor(
		accepted: readonly AcceptedWrite[],
		private readonly destination: Destination,
		private readonly deliveredAgain: boolean,
	) {
		this.open = new Map(
			accepted.map((entry): [string, Open] => [
				entry.write.key,
				{ ...entry, judgement: { kind: 'incomplete' }, unsubscribed: false },
			]),
		);
		for (const entry of this.left) {
			if (!entry.shown || entry.pending) continue;
			entry.seen = entry.shown;
			entry.judgement = judge(sentOf(entry), entry.shown, destination);
			if (entry.judgement.kind === 'stored') this.end(entry);
		}
	}

	get writes(): readonly ContactWrite[] {
		return this.left.map(({ write }) => write);
	}

	get anyPending(): boolean {
		return this.left.some(({ pending }) => pending);
	}

	/** Whether bulk writes are pending of which not all that can be told was seen: rows arrive whole. */
	get awaitsBulk(): boolean {
		return this.left.some((entry) => entry.pending && !wasWritten(entry));
	}

	/** Takes over what was seen, by key. */
	take(seen: ReadonlyMap<string, HeldContact>): void {
		for (const entry of this.open.values()) {
			entry.seen = seen.get(entry.write.key);
			const joinsNow = entry.pending && entry.write.joinList && !entry.joinsAfter;
			entry.unsubscribed ||= joinsNow && entry.seen?.unsubscribedFromList === true;
			entry.write = asSeen(entry.write, entry.seen, this.destination);
			entry.judgement = judge(sentOf(entry), entry.seen, this.destination);
		}
	}

	/** Ends the writes of which it is known what became of them. `lastLook`: the last one at what was answered at once. */
	close(lastLook: boolean): void {
		for (const entry of this.left) {
			const { judgement, pending, unsubscribed } = entry;
			if (unsubscribed) continue;
			if (judgement.kind === 'stored') this.end(entry);
			else if (!pending && judgement.kind === 'dropped') this.end(entry, judgement.names);
			else if (!pending && lastLook) this.fail(entry, this.isGone(entry) ? GONE_MEANWHILE : NOT_STORED);
		}
	}

	isOver(finished: boolean): boolean {
		return this.left.every(({ pending }) => pending) && (finished || this.left.every(wasWritten));
	}

	stopWith(failure: Failure): VerifyReport {
		for (const entry of this.left) this.fail(entry, NOT_CONFIRMED);
		return { verdicts: this.verdicts, again: [], partly: this.partly, failure };
	}

	/** What is left once it is over. `gaveUp`: of a contact that did not change, values that are missing were never written. */
	sortRest(gaveUp = false): VerifyReport {
		const again: ContactWrite[] = [];
		for (const entry of this.left) {
			const { judgement, write, seen, unsubscribed } = entry;
			if (unsubscribed && seen?.onList && judgement.kind !== 'incomplete') {
				const offList = asSeen(write, { ...seen, unsubscribedFromList: true, onList: false }, this.destination);
				this.partly.push({ write: offList, dropped: namesOf(judgement), rest: leaveOf(offList, seen) });
			} else if (judgement.kind === 'stored') this.end(entry);
			else if ((gaveUp && !wasWritten(entry)) || !this.isThere(entry)) again.push(write);
			else {
				const tried = this.destination.droppedInBulk?.worthSingly(write, namesOf(judgement)) ?? [];
				const dropped = namesOf(judgement).filter((name) => !tried.includes(name));
				this.end(entry, dropped, tried);
			}
		}
		return { verdicts: this.verdicts, again, partly: this.partly };
	}

	private get left(): readonly Open[] {
		return [...this.open.values()];
	}

	/** Whether the contact is there and lacks values only. A bulk write may lose the key where a single one would not. */
	private isThere(entry: Open): boolean {
		const { sourceKey } = this.destination.names;
		const lacksKey = sourceKey !== undefined && namesOf(entry.judgement).includes(sourceKey);
		return entry.judgement.kind === 'dropped' && !lacksKey && (wasWritten(entry) || entry.inParts);
	}

	/** `tried`: names of the values that did not arrive and are written once more. */
	private end({ write, seen, joinsAfter }: Open, dropped: readonly string[] = [], tried: readonly string[] = []): void {
		const joins = joinsAfter && write.joinList && seen?.onList === false;
		if (seen && (joins || tried.length > 0))
			this.partly.push({ write, dropped, rest: restOf(write, seen, tried, joins, this.destination) });
		else this.verdicts.set(write.key, { write, result: written(write, seen, dropped) });
		this.open.delete(write.key);
	}

	private isGone({ write, seen }: Open): boolean {
		return write.held !== undefined && seen === undefined && !this.deliveredAgain;
	}

	private fail({ write, seen }: Open, failure: Failure): void {
		const result = failed(failure, write.warnings, seen?.id ?? write.held?.id);
		this.verdicts.set(write.key, { write, failure, result });
		this.open.delete(write.key);
	}
}

/** What its calls carried: the list comes after, where the call left it out. */
const sentOf = ({ write, joinsAfter }: Open): ContactWrite => (joinsAfter ? { ...write, joinList: false } : write);

/** The values that did not arrive. */
const namesOf = (judgement: Judgement): readonly string[] => (judgement.kind === 'dropped' ? judgement.names : []);

/** Nothing but these values, and the list, of a contact that is there. */
function restOf(
	write: ContactWrite,
	held: HeldContact,
	names: readonly string[],
	joinList: boolean,
	destination: Destination,
): ContactWrite {
	const { names: own, listId = null } = destination;
	const only = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
		Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
	const attributes = only(write.attributes);
	return {
		key: write.key,
		kind: 'update',
		held,
		attributes,
		joinList,
		block: write.block || held.optedOut,
		changes: {
			...Object.fromEntries(Object.entries(attributes).map(([name, to]) => [name, { from: null, to }])),
			...(joinList ? { [own.list]: { from: null, to: listId } } : {}),
		},
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
function wasWritten({ write, judgement, seen, inParts, unsubscribed }: Open): boolean {
	if (judgement.kind !== 'dropped' || !seen || inParts || unsubscribed) return false;
	return !write.held || seen.version !== write.held.version;
}
