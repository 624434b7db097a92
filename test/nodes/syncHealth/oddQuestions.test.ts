import type { IDataObject } from 'n8n-workflow';
import { findTroubles } from '../../../core/health/lookUp';
import type { Trouble } from '../../../core/health/healthState';
import { beginning } from '../../../core/health/healthState';
import type { RunningHealth } from './healthRun';
import { failing, keyOf, LEFT_OUT, startHealth } from './healthRun';

let health: RunningHealth;
beforeEach(async () => void (health = await startHealth()));
afterEach(async () => await health.close());

const withKey = (key: string, email: string): IDataObject => ({
	...failing(1),
	key,
	contact: { email, attributes: {} },
});
const keysFor = async (contact: string): Promise<unknown[]> =>
	(await health.run('lookUp', { contact })).json('Health').map(({ key, status }) => key ?? status);

describe('Look Up finds a contact', () => {
	it.each([
		['export:mailchimp:contact:ada@x.example', 'export:mailchimp:contact:ada@x.example'],
		[' export:mailchimp:contact:ada@x.example ', 'export:mailchimp:contact:ada@x.example'],
		['ADA@X.example', 'export:mailchimp:contact:ada@x.example'],
		['salesforce:00D1:Contact:003000000000001', 'salesforce:00D1:Contact:003000000000001AAA'],
		['003000000000001', 'salesforce:00D1:Contact:003000000000001AAA'],
		['bob@xn--mller-kva.de', keyOf(7)],
		['hubspot:2:contact:7', 'noTrouble'],
		['constructor', 'noTrouble'],
	])('by %s', async (contact, found) => {
		await health.record([
			withKey('export:mailchimp:contact:ada@x.example', 'ada@x.example'),
			withKey('salesforce:00D1:Contact:003000000000001AAA', 'cleo@x.example'),
			withKey(keyOf(7), 'Bob@müller.de'),
		]);
		expect(await keysFor(contact)).toEqual([found]);
	});

	it.each(['email', 'Email', 'EMAIL', 'Email Address', 'E-mail'])(
		'by the address that its source calls %s, where nothing was mapped',
		async (name) => {
			const { outcome: _outcome, contact: _contact, ...item } = failing(3);
			await health.record([{ ...item, input: LEFT_OUT, fields: { [name]: 'Dora@x.example' } }]);
			expect(await keysFor('dora@x.example')).toEqual([keyOf(3)]);
		},
	);

	it('among many within a moment', () => {
		const trouble: Trouble = { kind: 'failing', code: 'NOT_STORED', since: 1, seen: 1 };
		const all = Array.from({ length: 50_000 }, (_none, id): [string, Trouble] => [keyOf(id), { ...trouble, mark: `m${id}` }]); // prettier-ignore
		const state = { ...beginning(1, ''), troubles: new Map(all) };
		const begun = performance.now();
		for (let id = 0; id < 10_000; id++) {
			expect(findTroubles(state, { kind: 'id', id: String(id) })[0]?.key).toBe(keyOf(id));
			if (findTroubles(state, { kind: 'address', mark: `m${id}` }).length !== 1) throw new Error(`m${id}`);
		}
		expect(performance.now() - begun).toBeLessThan(10_000);
	});
});

describe('a state that was changed by hand', () => {
	it.each([{}, { syncName: 'Newsletter' }])('is told as such, and not as nothing recorded: %j', async (parameters) => {
		await health.record([failing(1)]);
		health.head().state = 'edited';
		const said = "The cell 'state' of the sync 'Newsletter' was changed by hand";
		const [answer] = (await health.run('lookUp', { contact: '1', ...parameters })).json('Health');
		expect(answer).toMatchObject({ status: 'unknown', message: expect.stringContaining(said) as string });
		for (const operation of ['resend', 'report'])
			expect((await health.run(operation, parameters)).hints.join()).toContain(said);
	});
});

describe('Resend', () => {
	it.each(['={{ NaN }}', '={{ $json.nothing }}', -1, 0, "={{ 'many' }}"])(
		'names a limit that is none: %s',
		async (limit) => {
			await health.record([failing(1)]);
			const { error } = await health.run('resend', { limit });
			expect(error?.message).toBe("'Limit' must be a whole number of at least 1");
		},
	);

	it.each(['constructor', '__proto__'])('takes a choice that is called %s for none', async (which) => {
		await health.record([failing(1)]);
		expect((await health.run('resend', { which })).json('Health')).toHaveLength(1);
	});

	it('says of a sync that has recorded nothing that it has', async () => {
		await health.record([failing(1)]);
		const { hints } = await health.run('resend', { syncName: 'Other' });
		expect(hints.join()).toContain("No sync of the name 'Other' has recorded anything");
	});
});
