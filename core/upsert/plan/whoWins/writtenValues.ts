import { BoundedMap } from '../../../boundedMap';
import type { FieldValue } from '../../../contact/contact';
import { printOfValue } from '../../../contact/valuePrint';
import type { Clock } from '../../../ports';
import { BatchValues } from './batchValues';

/** Contacts whose values are remembered, about 700 bytes each with ten fields; those not written for the longest time are forgotten first. */
const MOST_CONTACTS = 20_000;
/** A batch says when it was read as a whole: each of its contacts was read within so much time before. */
const READING_MS = 60_000;

/**
 * What the syncs of this process wrote into each contact last, and from which record, or saw to be there already. Shared by all accounts,
 * because it answers two questions of syncs that run against each other:
 *
 * | question | asked by | what follows |
 * | --- | --- | --- |
 * | does the destination still hold what this sync wrote? | a sync whose source did not change the value | nothing was edited there, so the source's value replaces it |
 * | did the source get this value from the very record that is to be written? | the sync back | it is an echo, and replaces nothing |
 *
 * A new process begins with nothing, as after a restart of n8n: then neither is known.
 */
export class WrittenValues {
	/** By the id of the contact: a line for each value, with its name and what is known of it. */
	private readonly contacts = new BoundedMap<string>(MOST_CONTACTS);
	/**
	 * What a batch has carried into a contact, by `carriedName`, as fingerprints of what the source holds. A run that fails after it has written
	 * is repeated with its values, and whatever replaced them in between is newer.
	 */
	readonly carried = new BatchValues();
	/** What was edited at the source after a sync had written it there, by record. */
	readonly edited = new BatchValues();

	constructor(private readonly clock: Pick<Clock, 'now'>) {}

	/** What is known of the values of a contact, by their names. */
	of(contactId: string): KnownValues {
		const lines = this.contacts.get(contactId)?.split('\n') ?? [];
		return new Map(
			lines.map((line) => {
				const [name = '', recordId = '', sent = '', stored = '', before = '', at = '', written = ''] = line.split('\t');
				return [name, { recordId, sent, stored, before, at: Number(at), isWritten: written !== '' }];
			}),
		);
	}

	/** The contact is about to get these values, which come from the record: a sync back may see them before the write has ended. */
	sending(contactId: string, recordId: string, values: NamedValues): void {
		this.note(contactId, recordId, values, (print, known) =>
			known.sent === print ? known : { ...known, sent: print, at: this.clock.now() },
		);
	}

	/** The contact holds these values, which came from the record; `isWritten`: not so because it had them, perhaps in another form. */
	stored(contactId: string, recordId: string, values: NamedValues, isWritten: boolean): void {
		this.note(contactId, recordId, values, (print, known) =>
			known.stored === print && known.sent === print
				? { ...known, ...(isWritten ? { at: this.clock.now(), isWritten } : {}) }
				: { recordId, sent: print, stored: print, before: known.stored, at: this.clock.now(), isWritten },
		);
	}

	/**
	 * A source tells what its contact holds, as fingerprints by name. A value that is none of those that were written was edited since, so that
	 * the same value as before is an edit as well when it comes the next time. The answer has the values of which that is certain: they
	 * were read long enough after the write.
	 */
	told(
		contactId: string,
		prints: Iterable<readonly [name: string, print: string]>,
		readAt: number | undefined,
	): ReadonlyArray<readonly [name: string, print: string]> {
		const known = new Map(this.of(contactId));
		const size = known.size;
		const edited: Array<readonly [string, string]> = [];
		for (const [name, print] of prints) {
			const value = known.get(name);
			if (!value || print === value.stored || isEcho(value, value.recordId, print, readAt)) continue;
			known.delete(name);
			if (wasEdited(value, print, readAt)) edited.push([name, print]);
		}
		if (known.size < size) this.keep(contactId, known);
		return edited;
	}

	/** Whether one of the values that a contact has was edited after a sync had written another one there. `readAt`: as for `told`. */
	isTakenBack(contactId: string, values: NamedValues, readAt: number): boolean {
		const known = this.of(contactId);
		return values.some(([name, value]) => {
			const written = known.get(name);
			return written !== undefined && wasEdited(written, printOfValue(value), readAt);
		});
	}

	private note(
		contactId: string,
		recordId: string,
		values: NamedValues,
		next: (print: string, known: WrittenValue) => WrittenValue,
	): void {
		if (values.length === 0) return;
		const all = new Map(this.of(contactId));
		for (const [name, value] of values) {
			const known = all.get(name);
			const own =
				known?.recordId === recordId ? known : { recordId, sent: '', stored: '', before: '', at: 0, isWritten: false };
			all.set(name, next(printOfValue(value), own));
		}
		this.keep(contactId, all);
	}

	private keep(contactId: string, values: KnownValues): void {
		const lines = [...values].map(([name, { recordId, sent, stored, before, at, isWritten }]) =>
			[name, recordId, sent, stored, before, at, isWritten ? 'written' : ''].join('\t'),
		);
		if (lines.length === 0) this.contacts.delete(contactId);
		else this.contacts.set(contactId, lines.join('\n'));
	}
}

/** Under which name it is known what a batch has carried from a record into a contact. */
export const carriedName = (contactId: string, recordId: string): string => `${contactId}\t${recordId}`;

/** Values by the names that the destination has for them. */
export type NamedValues = ReadonlyArray<readonly [name: string, value: FieldValue]>;
export type KnownValues = ReadonlyMap<string, WrittenValue>;

/** Of one value of a contact: the record it came from, and fingerprints. */
export interface WrittenValue {
	readonly recordId: string;
	/** Of what was sent last. */
	readonly sent: string;
	/** Of what was seen to be stored last, and of what was stored before that. */
	readonly stored: string;
	readonly before: string;
	/** When the value became another one, or was written once more, ms since 1970. */
	readonly at: number;
	/** False: the contact had the stored value already, perhaps in another form, such as a number without its plus sign. */
	readonly isWritten: boolean;
}

/**
 * Whether a value of a contact, as a source told it, was sent there from the record. `readAt`: when the source had read it, in ms since 1970;
 * one that was read before a newer one was sent may still be the one before.
 */
export function isEcho(
	known: WrittenValue | undefined,
	recordId: string,
	print: string,
	readAt: number | undefined,
): boolean {
	if (known?.recordId !== recordId) return false;
	const isOlder = readAt !== undefined && readAt <= known.at + READING_MS;
	return print === known.sent || (isOlder && (print === known.stored || print === known.before));
}

/** Whether a value that arrived where it was written is another one by now, for certain. */
const wasEdited = (known: WrittenValue, print: string, readAt: number | undefined): boolean => {
	const { isWritten, stored, sent, at } = known;
	return isWritten && stored === sent && print !== stored && readAt !== undefined && readAt > at + READING_MS;
};

/** Whether the value that a contact has is the one that was stored there from the record. */
export const isUntouched = (
	known: WrittenValue | undefined,
	recordId: string,
	value: FieldValue | undefined,
): boolean => known?.recordId === recordId && known.stored === printOfValue(value);
