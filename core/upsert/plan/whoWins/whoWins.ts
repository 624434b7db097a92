import type { FieldValue, MappedFields, Overwrite } from '../../../contact/contact';
import { recordIdOf } from '../../../contact/contact';
import { ownValue } from '../../../contact/ownValues';
import { printOfValue } from '../../../contact/valuePrint';
import type { HeldContact } from '../../destination';
import type { WrittenValues } from './writtenValues';

/** One value of a contact of a batch, and the contact that the destination holds for it. */
interface Compared {
	/** Key of the source record. */
	readonly key: string;
	readonly contact: MappedFields;
	readonly held: HeldContact;
	/** The value's name at the destination, and what is held there. */
	readonly name: string;
	readonly value: FieldValue | undefined;
}

/**
 * When a value of the source may replace the one that the destination holds; the first line that fits counts.
 *
 * | the value | it is written |
 * | --- | --- |
 * | came to the source from this very contact (`WrittenValues`) | never: the contact has a newer one, if they differ |
 * | has a rule of its own (`Overwrite`) | as that says |
 * | did not change at the source, and the destination does not hold what this sync wrote last | where that is empty: else it is an edit that has not come back yet |
 * | anything else | always |
 */
export function whenToReplace(compared: Compared, written: WrittenValues | undefined): Overwrite | 'never' | 'always' {
	const { key, contact, held, name, value } = compared;
	const record = recordIdOf(key);
	const origin = ownValue(contact.origins, name) ?? '';
	const end = origin.lastIndexOf('=');
	const field = origin.slice(0, Math.max(0, end));
	if (end > 0 && written?.isEcho(held.id, record, field, origin.slice(end + 1))) return 'never';
	const rule = ownValue(contact.overwrite, name);
	if (rule) return rule;
	if (contact.unchanged?.includes(name) !== true) return 'always';
	return written?.isUntouched(record, held.id, name, printOfValue(value)) ? 'always' : 'ifEmpty';
}
