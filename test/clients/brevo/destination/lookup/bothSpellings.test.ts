import { upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const UNICODE = 'ada@müller.example';
const ASCII = 'ada@xn--mller-kva.example';

/** 30 contacts and more go by import, fewer one by one. */
const paths = [
	['the single path', 0],
	['the import path', 60],
] as const;

describe.each(paths)('an international domain in two spellings, on %s', (_name, extra) => {
	const upsert = async (...contacts: ReturnType<typeof mapped>[]) =>
		await upsertIntoBrevo(sandbox.brevo, [...contacts, ...mappedCrowd(extra, 1_000)], { list: { id: sandbox.list } });

	const there = () => [...sandbox.brevo.store.contacts.values()].filter(({ attributes }) => attributes.CITY === 'Rom');

	it.each([
		[UNICODE, ASCII],
		[ASCII, UNICODE],
		[UNICODE, 'Ada@MÜLLER.example'],
		[ASCII, 'Ada@XN--MLLER-KVA.Example'],
		['jose\u0301@example.com', 'jos\u00e9@example.com'],
		['jos\u00e9@example.com', 'jose\u0301@example.com'],
		['jose\u0301@müller.example', 'jos\u00e9@xn--mller-kva.example'],
	])('promise 1: %s is blocked in Brevo, so %s is no second contact that can be mailed', async (held, wanted) => {
		sandbox.brevo.store.createContact({ identifiers: { email: held }, emailBlocked: true }, 'seed');
		const report = await upsert(mapped(1, { email: wanted, attributes: { CITY: 'Rom' } }));
		expect(report.failure).toBeUndefined();
		expect(report.results[0]?.outcome.status).toBe('updated');
		expect(there()).toMatchObject([{ emailBlocked: true, identifiers: { email: held } }]);
		expect(sandbox.brevo.store.contacts.size).toBe(1 + extra);
	});

	it.each([
		[UNICODE, ASCII],
		[ASCII, UNICODE],
	])('an address that is only spelled otherwise (%s, then %s) is no change of address', async (before, after) => {
		const contact = sandbox.brevo.store.createContact(
			{
				identifiers: { email: before, ext_id: 'hubspot:1:contact:1' },
				attributes: { CITY: 'Rom' },
				addTo: [sandbox.list],
			},
			'seed',
		);
		const change = mapped(1, { email: after, attributes: { CITY: 'Rom' } }, { previousEmail: before });
		const report = await upsert(change);
		expect(report.results[0]?.outcome.status).toBe('unchanged');
		expect(contact.identifiers.email).toBe(before);
	});

	it('promise 1: of two contacts of a batch with one address, spelled in two ways, an opt-out counts for both', async () => {
		await upsert(
			mapped(1, { email: UNICODE, attributes: { CITY: 'Rom' } }, { optedOut: true }),
			mapped(2, { email: ASCII, attributes: { CITY: 'Rom' } }, { changedAt: '2026-11-20T11:00:00.000Z' }),
		);
		expect(there()).toMatchObject([{ emailBlocked: true }]);
	});

	it('the former address is found in its other spelling', async () => {
		sandbox.brevo.store.createContact({ identifiers: { email: UNICODE }, emailBlocked: true }, 'seed');
		await upsert(mapped(1, { email: 'ada@new.example', attributes: { CITY: 'Rom' } }, { previousEmail: ASCII }));
		expect(there()).toMatchObject([{ emailBlocked: true }]);
	});
});
