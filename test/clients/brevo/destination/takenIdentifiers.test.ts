import type { MappedContact } from '../../../../core/contact/contact';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { told } from '../support/brevoSandbox';
import { useSteppedBrevo } from '../support/steppedBrevo';

const stepped = useSteppedBrevo();

const KEY = 'hubspot:1:contact:1';
const OFFICE = '+493012345678';
/** 60 others make it the import path, 10 others the single path with the account read as a whole. */
const paths = [
	['alone', 0],
	['beside 10 others', 10],
	['on the import path', 60],
] as const;
const beside = (others: number, ...contacts: MappedContact[]) => [...contacts, ...mappedCrowd(others, 1_000)];

describe.each(paths)('finding 6: a refused identifier costs that identifier and nothing else, %s', (_name, others) => {
	it.each(['LANDLINE_NUMBER', 'WHATSAPP', 'SMS'] as const)(
		'a value is cleared although another contact has the %s',
		async (name) => {
			stepped.hold('boss@x.example', { identifiers: { [name]: OFFICE.slice(1) } });
			stepped.hold('a@x.example', { extId: KEY, attributes: { CITY: 'Bonn', NOTES: 'Old' }, addTo: [stepped.list] });
			const attributes = { CITY: 'Rom', NOTES: null, ...(name === 'SMS' ? {} : { [name]: OFFICE }) };
			const one = mapped(1, { email: 'a@x.example', ...(name === 'SMS' ? { phone: OFFICE } : {}), attributes });
			const report = await stepped.run(beside(others, one));
			expect(told(report)[0]).toBe(`updated ${name}:PHONE_SHARED`);
			expect(stepped.contact('a@x.example').attributes).toEqual({ CITY: 'Rom' });
		},
	);

	it.each(['LANDLINE_NUMBER', 'WHATSAPP', 'SMS'] as const)(
		'a value is cleared although the %s is refused',
		async (name) => {
			stepped.hold('a@x.example', { extId: KEY, attributes: { NOTES: 'Old' }, addTo: [stepped.list] });
			const attributes = { NOTES: null, ...(name === 'SMS' ? {} : { [name]: '+123' }) };
			const one = mapped(1, { email: 'a@x.example', ...(name === 'SMS' ? { phone: '+123' } : {}), attributes });
			const report = await stepped.run(beside(others, one));
			expect(told(report)[0]).toMatch(new RegExp(`^updated ${name}:VALUE_(REFUSED|DROPPED)$`));
			expect(stepped.contact('a@x.example').attributes).toEqual({});
		},
	);

	it('a value is cleared although the number is shared, and the address changes', async () => {
		stepped.hold('boss@x.example', { identifiers: { LANDLINE_NUMBER: OFFICE.slice(1) } });
		stepped.hold('old@x.example', { extId: KEY, attributes: { NOTES: 'Old' }, addTo: [stepped.list] });
		const one = mapped(1, { email: 'a@x.example', attributes: { NOTES: null, LANDLINE_NUMBER: OFFICE } });
		const report = await stepped.run(beside(others, one));
		expect(told(report)[0]).toBe('updated LANDLINE_NUMBER:PHONE_SHARED');
		expect(stepped.contact('a@x.example').attributes).toEqual({});
	});

	it('a free number arrives, and a value is cleared', async () => {
		stepped.hold('a@x.example', { extId: KEY, attributes: { NOTES: 'Old' }, addTo: [stepped.list] });
		const one = mapped(1, { email: 'a@x.example', attributes: { NOTES: null, LANDLINE_NUMBER: OFFICE } });
		expect(told(await stepped.run(beside(others, one)))[0]).toBe('updated');
		expect(stepped.contact('a@x.example').attributes).toEqual({});
	});
});

describe.each(paths)('finding 8: an identifier counts as taken only after a second look, %s', (_name, others) => {
	const PUT = /^PUT \/contacts\//;
	const moved = mapped(1, { email: 'new@x.example' });

	it('where the other contact was deleted after it was read', async () => {
		stepped.hold('old@x.example', { extId: KEY, addTo: [stepped.list] });
		const other = stepped.hold('new@x.example', { extId: 'hubspot:1:contact:2', addTo: [stepped.list] });
		const account = newAccount();
		await stepped.run(beside(others, mapped(3, { email: 'third@x.example' })), { account });
		stepped.once('after', /^GET \/contacts\/new%40x\.example|^GET \/contacts\/2$/, () =>
			stepped.brevo.store.deleteContact(other, 'control'),
		);
		if (others > 0) stepped.brevo.store.deleteContact(other, 'control');
		const report = await stepped.run(beside(others, moved), { account });
		expect(told(report)[0]).toBe('updated');
		expect(stepped.contact('new@x.example').identifiers.ext_id).toBe(KEY);
	});

	it('where the other contact changed its address between the look and the write', async () => {
		stepped.hold('old@x.example', { extId: KEY, addTo: [stepped.list] });
		stepped.once('before', PUT, () => {
			const other = stepped.hold('new@x.example');
			stepped.once('after', PUT, () => stepped.brevo.store.deleteContact(other, 'control'));
		});
		const report = await stepped.run(beside(others, moved));
		expect(told(report)[0]).toBe('updated');
	});

	it('where two contacts of the batch hold the addresses, and one of them was deleted', async () => {
		stepped.hold('old@x.example', { extId: KEY, addTo: [stepped.list] });
		const other = stepped.hold('new@x.example', { extId: 'hubspot:1:contact:2', addTo: [stepped.list] });
		const account = newAccount();
		await stepped.run(beside(others, mapped(2, { email: 'new@x.example' })), { account });
		stepped.brevo.store.deleteContact(other, 'control');
		// The second record keeps its address at the source, too: it shares it with the first.
		const report = await stepped.run(beside(others, moved), { account });
		expect(told(report)[0]).toBe('updated');
	});

	it('where the other contact is the very contact, whose external id Brevo does not show', async () => {
		stepped.brevo.settings.extIdReadAs = 'none';
		stepped.hold('old@x.example', { extId: KEY, addTo: [stepped.list] });
		const report = await stepped.run(beside(others, moved));
		// An import finds the contact by its external id, and calls it new.
		expect(told(report)[0]).toMatch(others === 60 ? /^created/ : /^updated/);
		expect(stepped.contact('new@x.example').identifiers.ext_id).toBe(KEY);
		expect(stepped.brevo.store.contacts.size).toBe(others + 1);
	});

	it('and it is told when it stays so', async () => {
		stepped.hold('old@x.example', { extId: KEY, addTo: [stepped.list] });
		stepped.hold('new@x.example', { extId: 'hubspot:1:contact:2', addTo: [stepped.list] });
		const report = await stepped.run(beside(others, moved, mapped(2, { email: 'new@x.example' })));
		expect(statusCounts(report)['excluded SAME_ADDRESS_TWICE'] ?? statusCounts(report)['failed IDENTIFIER_TAKEN']).toBe(
			1,
		);
	});
});
