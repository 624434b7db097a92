import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { Identifiers } from '../../core/upsert/destination';
import { inParallel } from '../../core/upsert/inParallel';
import type { BrevoClient } from './brevoClient';
import type { BrevoContact } from './types';

/** Reads under way at once. */
const PARALLEL = 6;

/** Calls it takes, on average, to find one contact by itself: by key, and where that fails by address. */
export const CALLS_PER_CONTACT = 1.6;

/** Statuses of a refusal that is about what was asked for (malformed, too long) and not about the account. */
const ABOUT_THE_IDENTIFIER: ReadonlySet<number> = new Set([400, 414, 422]);

/** Whether only this one contact cannot be looked up. */
export const isAboutIdentifier = (failure: Failure): boolean =>
	failure.kind === 'refused' && ABOUT_THE_IDENTIFIER.has(failure.status ?? 0);

export interface SingleReads {
	readonly found: readonly BrevoContact[];
	/** Contacts that Brevo refuses to look up, by key. */
	readonly refused: ReadonlyMap<string, Failure>;
}

/**
 * Looks contacts up one by one: by key, then by address, then by former addresses. Where the address changes, its present
 * holder is read too. Phones are looked up only for contacts without an address: two reads for each contact with a number
 * would find out what Brevo says by itself when it refuses the number.
 */
export async function readOneByOne(client: BrevoClient, wanted: readonly Identifiers[]): Promise<Result<SingleReads>> {
	const found: BrevoContact[] = [];
	const refused = new Map<string, Failure>();
	let failure: Failure | undefined;
	await inParallel(wanted, PARALLEL, async ({ key, emails, phone }) => {
		const look = async (
			identifier: string,
			type: 'email_id' | 'ext_id' | 'phone_id',
		): Promise<BrevoContact | undefined> => {
			if (failure) return undefined;
			const answer = await client.getContact(identifier, type);
			if (answer.kind === 'ok') {
				if (answer.value) found.push(answer.value);
				return answer.value;
			}
			if (isAboutIdentifier(answer)) refused.set(key, answer);
			else failure ??= answer;
			return undefined;
		};
		const byKey = await look(key, 'ext_id');
		const known = byKey?.email?.toLowerCase();
		for (const [index, email] of emails.entries()) {
			if (email === known || (byKey && index > 0)) break;
			if ((await look(email, 'email_id')) && !byKey) break;
		}
		if (!byKey && emails.length === 0 && phone !== undefined) await look(phone, 'phone_id');
	});
	return failure ?? ok({ found, refused });
}
