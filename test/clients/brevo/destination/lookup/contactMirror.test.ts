import { ContactMirror } from '../../../../../clients/brevo/destination/lookup/contactMirror';
import type { BrevoContact } from '../../../../../clients/brevo/api/types';

const contact = (id: number, { phone, ...rest }: Partial<BrevoContact> & { phone?: string } = {}): BrevoContact => ({
	id,
	emailBlacklisted: false,
	smsBlacklisted: false,
	modifiedAt: '2026-08-01T19:45:17.088+02:00',
	listIds: [],
	attributes: { CITY: 'Köln', ...(phone === undefined ? {} : { SMS: phone }) },
	...rest,
});

const mirrorOf = (...contacts: readonly BrevoContact[]): ContactMirror => {
	const mirror = new ContactMirror(['CITY']);
	for (const each of contacts) mirror.put(each);
	return mirror;
};

const idsBy = (mirror: ContactMirror, key: string, email: string, phone: string) => [
	mirror.byKey(key)?.id,
	mirror.byEmail(email)?.id,
	mirror.byPhone(phone)?.id,
];

describe('the mirror of an account', () => {
	const before = contact(1, { ext_id: 'a', email: 'old@x.example', phone: '491701' });

	it('finds a contact that comes again as it was, with its newest values', () => {
		const mirror = mirrorOf(before, { ...before, attributes: { ...before.attributes, CITY: 'Bonn' } });
		expect(idsBy(mirror, 'a', 'old@x.example', '+491701')).toEqual([1, 1, 1]);
		expect(mirror.byId(1)?.values).toEqual(['Bonn']);
		expect(mirror.size).toBe(1);
	});

	it('finds a contact by its new identifiers only', () => {
		const mirror = mirrorOf(before, contact(1, { ext_id: 'b', email: 'new@x.example' }));
		expect(idsBy(mirror, 'b', 'new@x.example', '+491701')).toEqual([1, 1, undefined]);
		expect(idsBy(mirror, 'a', 'old@x.example', '+491701')).toEqual([undefined, undefined, undefined]);
	});

	it('leaves identifiers with the contact they moved to, also when the former one comes later or is removed', () => {
		const taker = contact(2, { ext_id: 'a', email: 'old@x.example', phone: '491701' });
		const mirror = mirrorOf(before, taker, contact(1, { email: 'new@x.example' }));
		expect(idsBy(mirror, 'a', 'old@x.example', '+491701')).toEqual([2, 2, 2]);
		mirror.remove(1);
		expect(idsBy(mirror, 'a', 'new@x.example', '+491701')).toEqual([2, undefined, 2]);
		mirror.remove(2);
		expect(idsBy(mirror, 'a', 'old@x.example', '+491701')).toEqual([undefined, undefined, undefined]);
	});
});
