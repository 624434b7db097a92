import type { Result } from '../../../core/result';
import type { ContactWrite, RefusedValues, SentCall, TakenDetails } from '../../../core/upsert/destination';
import type { TakenIdentifiers } from '../api/classify';
import { carriedSingly } from './clearedValues';
import { EXTERNAL_ID, PHONE } from '../api/contactValues';

const CORE_NAMES: Readonly<Record<string, string>> = {
	email: 'email',
	ext_id: 'key',
	[EXTERNAL_ID]: 'key',
	[PHONE]: 'phone',
	sms: 'phone',
};

/** Says in the engine's names what a refusal is about: the identifiers others have, or the values of the one contact in the call. */
export function explainRefusal(result: Result<SentCall>, only: ContactWrite | undefined): Result<SentCall> {
	if (result.kind !== 'refused') return result;
	if (result.code === 'IDENTIFIER_TAKEN') {
		const { taken } = result.details as TakenIdentifiers;
		const details: TakenDetails = { taken: taken.map((name) => CORE_NAMES[name] ?? name) };
		return { ...result, details };
	}
	if (result.code !== 'DESTINATION_REFUSED' || result.status !== 400 || !only) return result;
	const details: RefusedValues = { values: namedIn(result.reason, only) };
	return { ...result, details };
}

/** Brevo tells in its message which value it does not take (wording undocumented): by the attribute, or as a phone number. */
function namedIn(message: string, { attributes, phone }: ContactWrite): string[] {
	const carried = carriedSingly(attributes);
	const words = new Set(message.split(/[^A-Za-z0-9_-]+/));
	const named = Object.keys(carried).filter((name) => words.has(name));
	if (named.length > 0) return named;
	return phone !== undefined && /\b(phone|sms|mobile)\b/i.test(message) ? ['phone'] : [];
}
