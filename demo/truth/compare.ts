import { isDeepStrictEqual } from 'node:util';
import type { Expectation, ExpectedContact, HeldContact } from './expected';

/** One disagreement. It names ids and fields, not what they hold. */
export interface Difference {
	/** The key of the source's contact, or `Brevo contact <id>`. */
	readonly who: string;
	readonly what: string;
}

/** Brevo gives a contact without an address one that ends like this. */
const PHONE_ONLY_ADDRESS = '@mailin-sms.com';

/**
 * Compares what Brevo holds with what it should hold: every expected contact with its values, its place on the list and its
 * block; who left (or was deleted or merged) off the list but still there; no other contact on the list or changed; none that was
 * blocked before mailable now. `isTheirs`: contacts that another sync may make and change.
 */
export function compareHoldings(
	expectation: Expectation,
	before: readonly HeldContact[],
	after: readonly HeldContact[],
	isTheirs: (contact: HeldContact) => boolean = () => false,
): Difference[] {
	const differences: Difference[] = [];
	const previous = indexed(before);
	const current = indexed(after);
	const touched = new Set<number>();

	for (const expected of expectation.contacts) {
		const earlier = previous.find(expected);
		const now = current.byExtId.get(expected.key) ?? (earlier && current.byId.get(earlier.id));
		if (!now) {
			differences.push({ who: expected.key, what: 'is missing in Brevo' });
			continue;
		}
		if (touched.has(now.id))
			differences.push({ who: expected.key, what: `shares Brevo contact ${now.id} with another contact` });
		touched.add(now.id);
		if (earlier && earlier.id !== now.id) {
			differences.push({ who: expected.key, what: `is a second contact beside Brevo contact ${earlier.id}` });
		}
		differences.push(...valueDifferences(expected, earlier, now, current.holderOf(expected.phone)));
	}

	for (const leaver of expectation.leavers) {
		const now = current.byExtId.get(leaver.key) ?? current.byId.get(previous.find(leaver)?.id ?? 0);
		// A former address may be another contact's now, and a merged contact is the one that took it over.
		if (!now || touched.has(now.id)) continue;
		touched.add(now.id);
		// A contact with the key of another sync is not ours to take off; the demo has none, but other tools' ids.
		const isOurs = now.extId === undefined || now.extId === leaver.key || now.extId.split(':').length < 4;
		if (now.onList && isOurs)
			differences.push({ who: leaver.key, what: 'left the source list and is still on the Brevo list' });
		if (leaver.blocked && !now.emailBlocked)
			differences.push({ who: leaver.key, what: 'opted out in the source, left, and is mailable in Brevo' });
	}
	for (const [key, reason] of Object.entries(expectation.excluded)) {
		if (current.byExtId.has(key))
			differences.push({ who: key, what: `is in Brevo although it should be excluded (${reason})` });
	}
	for (const contact of after) {
		const earlier = previous.byId.get(contact.id);
		const who = `Brevo contact ${contact.id}`;
		if (earlier?.emailBlocked && !contact.emailBlocked)
			differences.push({ who, what: 'was unsubscribed and is mailable now' });
		if (earlier?.smsBlocked && !contact.smsBlocked)
			differences.push({ who, what: 'was unsubscribed from SMS and is not now' });
		if (touched.has(contact.id) || isTheirs(contact)) continue;
		if (!earlier) differences.push({ who, what: 'should not exist' });
		else if (!isDeepStrictEqual(contact, earlier))
			differences.push({ who, what: 'was changed although it should have been left alone' });
	}
	for (const { id } of before) {
		if (!current.byId.has(id)) differences.push({ who: `Brevo contact ${id}`, what: 'is gone' });
	}
	return differences;
}

function valueDifferences(
	expected: ExpectedContact,
	earlier: HeldContact | undefined,
	now: HeldContact,
	holderOfPhone: HeldContact | undefined,
): Difference[] {
	const wrong: string[] = [];
	const email = expected.email ?? earlier?.email ?? (expected.phone && `${expected.phone}${PHONE_ONLY_ADDRESS}`);
	if (now.email !== email) wrong.push('the e-mail differs');
	// In Brevo no two contacts share a number: who came second goes without, or keeps the one it had.
	const taken = holderOfPhone !== undefined && holderOfPhone.id !== now.id;
	const phone = taken ? earlier?.phone : (expected.phone ?? earlier?.phone);
	if (now.phone !== phone) wrong.push('the phone differs');
	// Another tool's key stays; a contact without one gets ours, and so does one with the key of a record that was merged.
	const isOurs = earlier?.extId === undefined || expected.formerKeys.includes(earlier.extId);
	if (now.extId !== (isOurs ? expected.key : earlier.extId)) wrong.push('the external id differs');
	for (const [name, value] of Object.entries({ ...earlier?.attributes, ...expected.attributes })) {
		if (!isDeepStrictEqual(now.attributes[name], value)) wrong.push(`the attribute ${name} differs`);
	}
	if (!now.onList) wrong.push('is not on the destination list');
	if (expected.optedOut && !now.emailBlocked) wrong.push('opted out in the source and is mailable in Brevo');
	if (!expected.optedOut && !earlier?.emailBlocked && now.emailBlocked) wrong.push('is blocked without a reason');
	return wrong.map((what) => ({ who: expected.key, what }));
}

type Sought = Pick<ExpectedContact, 'key' | 'email' | 'phone'> & Partial<Pick<ExpectedContact, 'formerKeys'>>;

function indexed(contacts: readonly HeldContact[]) {
	const byId = new Map(contacts.map((contact) => [contact.id, contact]));
	const by = (field: 'email' | 'phone' | 'extId') =>
		new Map(contacts.flatMap((contact) => (contact[field] === undefined ? [] : [[contact[field], contact] as const])));
	const byExtId = by('extId');
	const byEmail = by('email');
	const byPhone = by('phone');
	return {
		byId,
		byExtId,
		holderOf: (phone: string | undefined) => (phone === undefined ? undefined : byPhone.get(phone)),
		/** The contact that a sync has to take up: the one with the key, else the address, else (without an address) the number. */
		find: ({ key, formerKeys = [], email, phone }: Sought): HeldContact | undefined => {
			for (const one of [key, ...formerKeys]) {
				const own = byExtId.get(one);
				if (own) return own;
			}
			if (email !== undefined) return byEmail.get(email);
			return phone === undefined ? undefined : byPhone.get(phone);
		},
	};
}
