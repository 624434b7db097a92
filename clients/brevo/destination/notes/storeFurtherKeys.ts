import type { Warning } from '../../../../core/contact/contact';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { warning } from '../../../../core/upsert/contactResult';
import type { SentCall } from '../../../../core/upsert/destination';
import type { BrevoCall } from '../arrangeWrites';
import type { OwnNotes } from './contactNotes';
import { placesForKeys, writeKeys } from './contactNotes';

type Warnings = ReadonlyMap<string, readonly Warning[]>;

/**
 * Puts the further keys of a call's contacts into attributes of ours; those there is no room for stay out, with a warning on
 * `field`. Costs a call for each attribute that is to be created, and none where no contact has further keys.
 */
export async function keepKeys(
	call: BrevoCall,
	notes: OwnNotes | undefined,
	field: string,
): Promise<Result<{ readonly call: BrevoCall; readonly warnings: Warnings }>> {
	const warnings = new Map<string, readonly Warning[]>();
	if (!notes || call.writes.every(({ otherKeys }) => otherKeys === undefined)) return ok({ call, warnings });
	const places = await notes.ensure('keys', placesForKeys(call.writes));
	if (places.kind !== 'ok') return places;
	const writes = call.writes.map((write) => {
		if (!write.otherKeys) return write;
		if (write.otherKeys.length > places.value.length) warnings.set(write.key, [warning(field, 'NOTE_NOT_KEPT')]);
		return { ...write, attributes: { ...write.attributes, ...writeKeys(write.otherKeys, places.value) } };
	});
	return ok({ call: { ...call, writes }, warnings });
}

/** The answer to a call with what happened before it was sent. */
export function withWarnings(result: Result<SentCall>, warnings: Warnings): Result<SentCall> {
	if (result.kind !== 'ok' || warnings.size === 0) return result;
	const all = new Map(result.value.warnings);
	for (const [key, more] of warnings) all.set(key, [...(all.get(key) ?? []), ...more]);
	return ok({ ...result.value, warnings: all });
}
