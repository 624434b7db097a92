import type { IDataObject, INode } from 'n8n-workflow';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot, TOKEN_WITHOUT_IMPORTS } from '../../../sandbox/hubspot';
import { addKeyProperty, writesOf } from '../../support/hubSpotAccount';
import type { RunResult } from '../../support/n8n/engine';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';
import { mapped } from '../../support/mappedContacts';
import { locator, outcomes, TYPE, types } from './upsertRun';

/** Lists of the stand-in: an active one and a static one. */
const ACTIVE = '101';
const STATIC = '102';

let hubspot: RunningHubSpot;

beforeEach(async () => void (hubspot = await startHubSpot({ members: 20, awkward: false })));
afterEach(async () => await hubspot.close());

const node = (parameters: INode['parameters'] = {}): INode =>
	testNode('Upsert', TYPE, { destination: 'hubSpot', authentication: 'accessToken', ...parameters }, [
		'contactSyncHubSpotApi',
	]);

const credentials = (accessToken = hubspot.token) => ({
	contactSyncHubSpotApi: { accessToken, baseUrl: hubspot.url },
});

/** One run, with the items of its two outputs. */
async function run(
	input: readonly unknown[],
	parameters?: INode['parameters'],
	token?: string,
): Promise<Pick<RunResult, 'error' | 'hints'> & { readonly outputs: readonly [IDataObject[], IDataObject[]] }> {
	const ran = await runNodes([node(parameters)], {
		types,
		credentials: credentials(token),
		input: input as IDataObject[],
	});
	const itemsOf = (output: number): IDataObject[] => ran.json('Upsert', output);
	return { error: ran.error, hints: ran.hints, outputs: [itemsOf(0), itemsOf(1)] };
}

const contact = (n: number, more = {}) =>
	mapped(n, { email: `person${n}@example.com`, attributes: { firstname: `Ada ${n}` } }, more);

const propertiesOf = (email: string) => {
	const id = hubspot.store.contacts.holderOf(email);
	return id === undefined ? undefined : hubspot.store.contact(id).properties;
};

describe('Contact List Upsert into HubSpot', () => {
	it('creates contacts without a list, and says what became of each', async () => {
		const { outputs } = await run([contact(1), contact(2, { optedOut: true })]);
		expect(outcomes(outputs[0])).toEqual(['created', 'created']);
		expect(propertiesOf('person1@example.com')?.firstname).toBe('Ada 1');
		expect(propertiesOf('person2@example.com')?.hs_email_optout).toBe('true');
	});

	it('puts them on a static list', async () => {
		await run([contact(1)], { destinationList: locator('list', STATIC) });
		const id = hubspot.store.contacts.holderOf('person1@example.com');
		expect([...hubspot.store.list(STATIC).members.ids()]).toContain(id);
	});

	it.each([
		['an active list', locator('id', ACTIVE), /active list/],
		['a list that is gone', locator('id', '99999'), /99999/],
	])('refuses %s before anything is written (H25)', async (_what, destinationList, message) => {
		const { error } = await run([contact(1)], { destinationList });
		expect(`${error?.message} ${error?.description ?? ''}`).toMatch(message);
		expect(writesOf(hubspot)).toEqual({});
	});

	it('holds contacts outside of the inclusion segment, opt-outs excepted (IS-03, IS-09)', async () => {
		hubspot.store.addContact({ email: 'person1@example.com', firstname: 'Old' });
		hubspot.store.addContact({ email: 'person2@example.com', firstname: 'Old' });
		const { outputs } = await run([contact(1), contact(2, { optedOut: true }), contact(3)], {
			inclusionSegment: locator('list', ACTIVE),
			newOutsideSegment: 'hold',
		});
		expect(outcomes(outputs[0])).toEqual(['updated']);
		expect(outcomes(outputs[1])).toEqual(['excluded OUTSIDE_SEGMENT', 'excluded OUTSIDE_SEGMENT']);
		expect(propertiesOf('person1@example.com')?.firstname).toBe('Old');
		expect(propertiesOf('person2@example.com')).toMatchObject({ firstname: 'Old', hs_email_optout: 'true' });
	});

	it('creates newcomers with their address alone by default (IS-08, IS-18)', async () => {
		await run([contact(1)], { inclusionSegment: locator('list', ACTIVE) });
		expect(propertiesOf('person1@example.com')?.firstname ?? '').toBe('');
	});

	it('creates none in the mode Update Only (S22)', async () => {
		const { outputs } = await run([contact(1)], { mode: 'updateOnly' });
		expect(outcomes(outputs[1])).toEqual(['excluded UPDATE_ONLY']);
		expect(writesOf(hubspot)).toEqual({});
	});

	it('names a property that is gone, and a scope that is missing', async () => {
		const wrong = mapped(1, { email: 'person1@example.com', attributes: { no_such_property: 'x' } });
		expect((await run([wrong])).error?.message).toMatch(/'no_such_property'/);
		const { error } = await run([contact(1)], {}, 'pat-sandbox-nowrite');
		expect(error?.message).toMatch(/crm\.objects\.contacts\.write/);
	});

	it('writes nothing in a dry run, and tells the calls it would take', async () => {
		const { outputs, hints } = await run([contact(1), contact(2, { optedOut: true })], { options: { dryRun: true } });
		expect(outcomes(outputs[0])).toEqual(['planned', 'planned']);
		expect(writesOf(hubspot)).toEqual({});
		expect(JSON.stringify(hints)).toMatch(/create 2/);
	});

	it('H9: creates no contact for a phone number alone, again and again, and needs none to know a contact by its address', async () => {
		const before = hubspot.store.contacts.contacts.size;
		const alone = mapped(1, { phone: '+33472000000', attributes: {} });
		for (let time = 0; time < 2; time++) {
			const { outputs } = await run([alone]);
			expect(outcomes(outputs[1])).toEqual(['excluded NO_IDENTIFIER']);
		}
		expect(hubspot.store.contacts.contacts.size).toBe(before);
		const both = mapped(2, { email: 'person2@example.com', phone: '+33472000000', attributes: {} });
		const { outputs } = await run([both]);
		expect(outcomes(outputs[0])).toEqual(['created']);
		const notUsed = expect.stringMatching(/^The destination finds no contact by a phone number/) as string;
		expect(outputs[0][0]?.warnings).toEqual([{ field: 'phone', code: 'PHONE_NOT_USED', message: notUsed }]);
		expect(outcomes((await run([both])).outputs[0])).toEqual(['unchanged']);
	});

	it('H16: says in a sentence which address HubSpot does not take', async () => {
		const { outputs } = await run([mapped(1, { email: 'person@localhost', attributes: {} }), contact(2)]);
		expect(outcomes(outputs[0])).toEqual(['created']);
		const [refused] = outputs[1] as Array<{ outcome: { message: string } }>;
		expect(refused?.outcome.message).toMatch(/^HubSpot refused the contact: Email address \(?\S+\)? is invalid\. Read/);
	});

	it('wants both parts of a legal basis', async () => {
		const { error } = await run([contact(1)], { options: { legalBasis: 'NON_GDPR' } });
		expect(error?.message).toMatch(/'Legal Basis Explanation' is empty/);
	});
});

describe('its marketing contacts (H20, F18)', () => {
	const isMarketing = (n: number) => propertiesOf(`person${n}@example.com`)?.hs_marketable_status === 'true';
	const batch = () => [contact(1, { optedOut: false }), contact(2, { optedOut: true }), contact(3, { optedOut: null })];

	it.each([[{}], [{ marketingContacts: 'leave' }], [{ marketingContacts: 'yes' }]])(
		'are left as they are with %j',
		async (set) => {
			await run(batch(), set);
			expect([1, 2, 3].map(isMarketing)).toEqual([false, false, false]);
		},
	);

	it('are set through an import where that is asked for, and told', async () => {
		hubspot.settings.importTakesMs = 0;
		const { outputs, hints } = await run(batch(), { marketingContacts: 'set' });
		expect(outcomes(outputs[0])).toEqual(['created', 'created', 'created']);
		expect([1, 2, 3].map(isMarketing)).toEqual([true, false, false]);
		expect(JSON.stringify(hints)).toMatch(/1 set as a marketing contact\./);
	});

	it('are counted in a dry run, and set by none', async () => {
		const { hints } = await run(batch(), { marketingContacts: 'set', options: { dryRun: true } });
		expect(writesOf(hubspot)).toEqual({});
		expect(JSON.stringify(hints)).toMatch(/1 would be set as a marketing contact, which is billed, with about 6 calls/);
	});

	it('cost no contact its outcome where the key may not import', async () => {
		const { error, outputs } = await run(batch(), { marketingContacts: 'set' }, TOKEN_WITHOUT_IMPORTS);
		expect(error).toBeUndefined();
		expect(outcomes(outputs[0])).toEqual(['created', 'created', 'created']);
		expect(outputs[0].map(({ warnings }) => JSON.stringify(warnings))).toEqual([
			expect.stringMatching(/MARKETING_NOT_SET.*crm\.import/),
			'[]',
			'[]',
		]);
	});
});

describe('its lists in the editor', () => {
	const names = async (method: string): Promise<string[]> => {
		const found = (await callMethod(node(), 'listSearch', method, { types, credentials: credentials() })) as {
			results: Array<{ value: string }>;
		};
		return found.results.map(({ value }) => value);
	};

	it('are the static ones; segments are the active ones (IS-04)', async () => {
		expect(await names('searchLists')).toEqual(expect.arrayContaining([STATIC]));
		expect(await names('searchLists')).not.toContain(ACTIVE);
		expect(await names('searchSegments')).toEqual([ACTIVE]);
	});
});

describe('Check Set-Up for HubSpot', () => {
	const check = async (
		parameters: INode['parameters'] = {},
		token?: string,
	): Promise<readonly [IDataObject[], IDataObject[]]> =>
		(await run([contact(1)], { operation: 'checkSetUp', ...parameters }, token)).outputs;
	const codes = (items: IDataObject[] = []) =>
		items.map(({ check: what, code }) => `${what as string}: ${code as string}`);

	it('passes, and writes nothing', async () => {
		await addKeyProperty(hubspot);
		const before = JSON.stringify(hubspot.store.contact([...hubspot.store.list(ACTIVE).members.ids()][0] ?? 0));
		const [passed, problems] = await check({
			destinationList: locator('list', STATIC),
			inclusionSegment: locator('list', ACTIVE),
		});
		expect(problems).toEqual([]);
		expect(passed.map(({ check: what }) => what)).toEqual(
			expect.arrayContaining(['Writing Contacts', 'List', 'Inclusion Segment', 'Key Property', 'Opt-Outs']),
		);
		expect(JSON.stringify(hubspot.store.contact([...hubspot.store.list(ACTIVE).members.ids()][0] ?? 0))).toBe(before);
	});

	it('names each scope that is missing', async () => {
		expect(codes((await check({}, 'pat-sandbox-nowrite'))[1])).toContain('Writing Contacts: SCOPE_MISSING');
		expect(codes((await check({}, 'pat-sandbox-noprefs'))[1])).toContain('Opt-Outs: SCOPE_MISSING');
		const onList = await check({ destinationList: locator('list', STATIC) }, 'pat-sandbox-nolistwrite');
		expect(codes(onList[1])).toContain('List: SCOPE_MISSING');
	});

	it('names a list that is active, and a segment that is not', async () => {
		const [, problems] = await check({
			destinationList: locator('list', ACTIVE),
			inclusionSegment: locator('list', STATIC),
		});
		expect(codes(problems)).toEqual(
			expect.arrayContaining(['List: LIST_NOT_STATIC', 'Inclusion Segment: SEGMENT_NOT_ACTIVE']),
		);
	});

	it('H20: looks at what marketing contacts need only where they are to be set, by two calls, and imports nothing', async () => {
		const told = async (parameters: INode['parameters'], token?: string): Promise<unknown[]> =>
			(await check(parameters, token))
				.flat()
				.filter(({ check: what }) => what === 'Marketing Contacts')
				.map(({ status, code }) => (code ? `${status as string} ${code as string}` : status));
		expect(await told({})).toEqual([]);
		expect(Object.keys(hubspot.requests.counts()).filter((route) => route.includes('/imports'))).toEqual([]);
		const set = { marketingContacts: 'set' };
		expect(await told(set, TOKEN_WITHOUT_IMPORTS)).toEqual(['problem SCOPE_MISSING']);
		hubspot.store.addContact({ email: 'marketing@example.com', hs_marketable_status: 'true' });
		expect(await told(set)).toEqual(['ok']);
		hubspot.store.archiveProperty('hs_marketable_status');
		expect(await told(set)).toEqual(['warning']);
		expect(writesOf(hubspot)).not.toHaveProperty('POST /crm/imports/2026-09');
	});

	it('says how to keep contacts apart whose address changes', async () => {
		const [passed] = await check();
		const [key] = passed.filter(({ check: what }) => what === 'Key Property');
		expect(key).toMatchObject({ status: 'warning' });
		expect(key?.fix).toMatch(/contact_sync_key/);
	});
});
