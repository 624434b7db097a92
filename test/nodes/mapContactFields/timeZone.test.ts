import type { IDataObject } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { callMethod } from '../../support/n8n/engine';
import { change, mapNode, mappingOf, runMap, startVendors, types } from './mapNode';
import type { Vendors } from './mapNode';

let vendors: Vendors;

/** Accounts are told apart by address and token, and answers are kept: each test has its own. */
beforeEach(async () => {
	vendors = await startVendors();
});
afterEach(async () => await vendors.close());

const DATES = mappingOf({ EMAIL: 'email', BIRTHDAY: 'closedate' });
/** 22:30 UTC on the last day of summer time in Paris: the next day there, still the same in New York. */
const INPUT = [change(1, { email: 'a@b.co', closedate: '2026-10-24T22:30:00Z' })];

const accountReads = (): number =>
	vendors.hubSpot.requests.entries.filter(({ path }) => path.startsWith('/account-info')).length;
const dayOf = (run: { json(node: string): IDataObject[] }): unknown =>
	((run.json('Map')[0]?.contact as IDataObject).attributes as IDataObject).BIRTHDAY;

describe('the time zone of dates', () => {
	it('is that of the HubSpot account, read once for many runs', async () => {
		expect(vendors.hubSpot.settings.timeZone).toBe('Europe/Paris');
		for (let run = 0; run < 3; run++)
			expect(dayOf(await runMap(vendors, { mapping: DATES }, INPUT))).toBe('2026-10-25');
		expect(accountReads()).toBe(1);
	});

	it('follows the account', async () => {
		vendors.hubSpot.settings.timeZone = 'America/New_York';
		expect(dayOf(await runMap(vendors, { mapping: DATES }, INPUT))).toBe('2026-10-24');
	});

	it('is not asked for when no row needs it', async () => {
		const mapping = mappingOf({ EMAIL: 'email', BIRTHDAY: 'birthday', FIRSTNAME: 'firstname' });
		const run = await runMap(vendors, { mapping }, [change(1, { email: 'a@b.co', birthday: '1990-09-25' })]);
		expect(dayOf(run)).toBe('1990-09-25');
		expect(accountReads()).toBe(0);
	});

	it('counts for expressions and for times as text', async () => {
		const mapping = mappingOf({ EMAIL: 'email', BIRTHDAY: '={{ $json.fields.closedate }}', NOTES: 'closedate' });
		const run = await runMap(vendors, { mapping }, INPUT);
		expect(run.json('Map')).toMatchObject([
			{ contact: { attributes: { BIRTHDAY: '2026-10-25', NOTES: '2026-10-25T00:30:00+02:00' } } },
		]);
	});

	it.each<[string, unknown]>([
		['picked from the list', { __rl: true, mode: 'list', value: 'Pacific/Auckland' }],
		['typed', { __rl: true, mode: 'name', value: ' Pacific/Auckland ' }],
	])('is the one of the option, %s, and then HubSpot is not asked', async (_name, timeZone) => {
		const input = [change(1, { email: 'a@b.co', closedate: '2026-10-24T11:30:00Z' })];
		const run = await runMap(vendors, { mapping: DATES, options: { timeZone } }, input);
		expect(dayOf(run)).toBe('2026-10-25');
		expect(accountReads()).toBe(0);
	});

	it('stops the run when a typed one is none', async () => {
		const timeZone = { __rl: true, mode: 'name', value: 'Europe/Atlantis' };
		const run = await runMap(vendors, { mapping: DATES, options: { timeZone } }, INPUT);
		expect(run.error?.message).toBe("'Time Zone' is not a known time zone: Europe/Atlantis");
		expect([...run.items('Map'), ...run.items('Map', 1)]).toEqual([]);
	});

	it('left empty in the options it is that of the account', async () => {
		const timeZone = { __rl: true, mode: 'list', value: '' };
		expect(dayOf(await runMap(vendors, { mapping: DATES, options: { timeZone } }, INPUT))).toBe('2026-10-25');
	});

	it('is UTC, with a warning, when the account has one that nobody knows', async () => {
		const body = { portalId: vendors.hubSpot.settings.portalId, timeZone: 'Mars/Olympus_Mons' };
		vendors.hubSpot.faults.next('GET /account-info/*', { status: 200, body });
		const run = await runMap(vendors, { mapping: DATES }, INPUT);
		expect(dayOf(run)).toBe('2026-10-24');
		expect(run.hints.join()).toMatch(/'Mars\/Olympus_Mons', is not known here: days are those of UTC\. Pick one under/);
	});

	it('that cannot be read stops the run, so that the contacts are delivered again', async () => {
		vendors.hubSpot.faults.next('GET /account-info/*', { status: 403, times: 0 });
		const run = await runMap(vendors, { mapping: DATES }, INPUT);
		expect(run.error?.message).toMatch(/HubSpot/);
		expect([...run.items('Map'), ...run.items('Map', 1)]).toEqual([]);
	});

	it('is offered by name: what is typed is found anywhere in it', async () => {
		const node = mapNode({});
		const search = new MapContactFields().methods.listSearch.searchTimeZones;
		const context = {} as ThisParameterType<typeof search>;
		const all = await search.call(context);
		expect(all.results.length).toBeGreaterThan(300);
		expect(all.results[0]).toEqual({ name: 'UTC', value: 'UTC' });
		expect((await search.call(context, 'new york')).results).toEqual([
			{ name: 'America/New_York', value: 'America/New_York' },
		]);
		expect(
			await callMethod(node, 'listSearch', 'searchTimeZones', { types, credentials: vendors.credentials }),
		).toEqual(all);
	});
});
