import type { FieldValue, MappedFields, Overwrite } from '../../../contact/contact';
import { recordIdOf } from '../../../contact/contact';
import { ownValue } from '../../../contact/ownValues';
import type { HeldContact } from '../../destination';
import { sameSource } from '../../keys';
import type { Intent } from '../collapse';
import type { WrittenValues } from './writtenValues';
import { carriedName, isEcho, isUntouched } from './writtenValues';

/** When a value of the source, by its name at the destination, may replace the one that is held there. */
export type WhenToReplace = (name: string, value: FieldValue | undefined) => Overwrite | 'never' | 'always';

/**
 * Who wins where an intent and the contact that is held for it differ; the first line that fits counts.
 *
 * | the value | it is written |
 * | --- | --- |
 * | came to the source from this very contact (`WrittenValues`) | never: the contact has a newer one, if they differ |
 * | has a rule of its own (`Overwrite`) | as that says |
 * | is one of a contact that takes the record over from another one of its source, which has lost it | always: an earlier change of it may have come before it could be written |
 * | did not change at the source since it was delivered or a sync wrote it there, or was carried by an earlier run of its batch, and the destination does not hold what this sync wrote last | where that is empty: else it is an edit that has not come back yet |
 * | anything else | always |
 */
export function whoWins(
	{ key, contact, readAt, uniqueEmails, batch }: Intent,
	held: HeldContact,
	written: WrittenValues | undefined,
): WhenToReplace {
	const record = recordIdOf(key);
	const atSource = written?.of(record);
	const atDestination = written?.of(held.id);
	const { sequence, again } = batch ?? { sequence: 0, again: false };
	const carried = again ? written?.carried.of({ name: carriedName(held.id, record), sequence }) : undefined;
	const edited = written?.edited.of({ name: record, sequence });
	const takesOver = uniqueEmails && isOfAnother(held, key);
	return (name, value) => {
		const origin = originOf(contact, name);
		if (origin && isEcho(atSource?.get(origin.field), held.id, origin.print, readAt)) return 'never';
		const rule = ownValue(contact.overwrite, name);
		if (rule) return rule;
		const isCarried = origin !== undefined && carried?.get(name) === origin.print;
		const isEdited = origin !== undefined && edited?.get(origin.field) === origin.print;
		const isUnchanged = contact.unchanged?.includes(name) === true && !isEdited;
		if (takesOver || !(isCarried || isUnchanged)) return 'always';
		return isUntouched(atDestination?.get(name), record, value) ? 'always' : 'ifEmpty';
	};
}

/** Whether a contact of the same source made it, and this one has not been written to it yet. */
const isOfAnother = ({ sourceKey = '', otherKeys = [] }: HeldContact, key: string): boolean =>
	sourceKey !== key && sameSource(sourceKey, key) && !otherKeys.includes(key);

/** The field of the source that a value comes from, and a fingerprint of what it holds. */
export interface Origin {
	readonly field: string;
	readonly print: string;
}

/** See `MappedFields.origins`. */
export function originOf({ origins }: MappedFields, name: string): Origin | undefined {
	const origin = ownValue(origins, name) ?? '';
	const end = origin.lastIndexOf('=');
	return end > 0 ? { field: origin.slice(0, end), print: origin.slice(end + 1) } : undefined;
}
