import { BoundedMap } from '../../../boundedMap';
import type { FieldValue } from '../../../contact/contact';
import { printOfValue } from '../../../contact/valuePrint';

/** Contacts whose values are remembered, about 200 bytes each; those that were not written for the longest time are forgotten first. */
const MOST_CONTACTS = 20_000;
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

	/** The contact is about to get these values, which come from the record: a sync back may see them before the write has ended. */
	sending(contactId: string, recordId: string, values: NamedValues): void {
		this.note(contactId, values, (print, before) => ({
			recordId,
			sent: print,
			stored: before?.recordId === recordId ? before.stored : '',
		}));
	}

	/** The contact holds these values, which came from the record, or are what it has. */
	stored(contactId: string, recordId: string, values: NamedValues): void {
		this.note(contactId, values, (print) => ({ recordId, sent: print, stored: print }));
	}

	/** Whether the value that a contact has was sent there from the record. */
	isEcho(recordId: string, contactId: string, name: string, print: string): boolean {
		const known = this.valuesOf(contactId).get(name);
		return known?.recordId === recordId && known.sent === print;
	}

	/** Whether the value that a contact has is the one that was stored there from the record. */
	isUntouched(recordId: string, contactId: string, name: string, print: string): boolean {
		const known = this.valuesOf(contactId).get(name);
		return known?.recordId === recordId && known.stored === print;
	}

	private note(
		contactId: string,
		values: NamedValues,
		known: (print: string, before: WrittenValue | undefined) => WrittenValue,
	): void {
		const all = this.valuesOf(contactId);
		for (const [name, value] of values) all.set(name, known(printOfValue(value), all.get(name)));
		if (all.size === 0) return;
		const lines = [...all].map(([name, { recordId, sent, stored }]) => [name, recordId, sent, stored].join('\t'));
		this.contacts.set(contactId, lines.join('\n'));
	}

	private valuesOf(contactId: string): Map<string, WrittenValue> {
		const lines = this.contacts.get(contactId)?.split('\n') ?? [];
		return new Map(
			lines.map((line) => {
				const [name = '', recordId = '', sent = '', stored = ''] = line.split('\t');
				return [name, { recordId, sent, stored }];
			}),
		);
	}
}

/** Values by the names that the destination has for them. */
export type NamedValues = ReadonlyArray<readonly [name: string, value: FieldValue]>;

/** Of one value of a contact: the record it came from, and fingerprints of what was sent and of what was seen to be stored. */
interface WrittenValue {
	readonly recordId: string;
	readonly sent: string;
	readonly stored: string;
}
