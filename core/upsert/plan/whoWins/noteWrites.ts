import type { FieldValue } from '../../../contact/contact';
import { recordIdOf } from '../../../contact/contact';
import type { ContactWrite, DestinationNames } from '../../destination';
import type { Carried } from '../../write/carryOut';
import type { Intent } from '../collapse';
import { originOf } from './whoWins';
import type { NamedValues, WrittenValues } from './writtenValues';
import { carriedName } from './writtenValues';

/** Takes over what the sources of a batch tell of their contacts, where syncs run against each other. */
export function noteTold(intents: readonly Intent[], written: WrittenValues | undefined): void {
	if (!written) return;
	for (const { key, contact, readAt, batch } of intents) {
		const origins = Object.keys(contact.origins ?? {}).flatMap((name) => originOf(contact, name) ?? []);
		const prints = origins.map(({ field, print }) => [field, print] as const);
		const edited = written.told(recordIdOf(key), prints, readAt);
		if (batch) written.edited.note({ name: recordIdOf(key), sequence: batch.sequence }, edited);
	}
}

/** Remembers what a contact holds as this sync would write it: what it got (`isWritten`), or had. */
export function noteStored(
	{ key, contact, batch }: Intent,
	contactId: string,
	values: NamedValues,
	written: WrittenValues | undefined,
	isWritten = false,
): void {
	const recordId = recordIdOf(key);
	written?.stored(contactId, recordId, values, isWritten);
	if (batch === undefined) return;
	const prints = values.flatMap(([name]) => {
		const origin = originOf(contact, name);
		return origin ? [[name, origin.print] as const] : [];
	});
	written?.carried.note({ name: carriedName(contactId, recordId), sequence: batch.sequence }, prints);
}

/** Remembers what a contact is about to get (`carried` absent), or got, where syncs run against each other. */
export function noteWrite(
	intent: Intent,
	write: ContactWrite,
	names: DestinationNames,
	written: WrittenValues | undefined,
	carried?: Carried,
): void {
	const { key, contact } = intent;
	const contactId = carried ? carried.result.outcome.destinationId : write.held?.id;
	if (!contact.origins || contactId === undefined || write.key !== key || carried?.failure) return;
	const values: Array<readonly [string, FieldValue]> = Object.entries(write.attributes);
	if (write.email !== undefined) values.push([names.email, write.email]);
	if (write.phone !== undefined) values.push([names.phone, write.phone]);
	if (!carried) return written?.sending(contactId, recordIdOf(key), values);
	const { warnings } = carried.result;
	const dropped = new Set(warnings.flatMap(({ code, field }) => (code === 'VALUE_DROPPED' ? [field] : [])));
	const arrived = values.filter(([name]) => !dropped.has(name));
	noteStored(intent, contactId, arrived, written, true);
}
