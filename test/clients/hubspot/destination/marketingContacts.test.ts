import type { MappedContact } from '../../../../core/contact/contact';
import { tellDryRun, tellRun } from '../../../../core/upsert/tellRun';
import type { UpsertReport } from '../../../../core/upsert/upsertContacts';
import type { Fault } from '../../../../sandbox/engine/faults';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot, TOKEN_WITHOUT_IMPORTS } from '../../../../sandbox/hubspot';
import { newAccount, statusCounts } from '../../../support/brevoAccount';
import type { HubSpotRun } from '../../../support/hubSpotAccount';
import { upsertIntoHubSpot, writesOf } from '../../../support/hubSpotAccount';
import { mappedFromSalesforce } from '../../../support/mappedContacts';

let hubspot: RunningHubSpot;
let account: string;
beforeEach(async () => {
	hubspot = await startHubSpot({ members: 5, extraContacts: 0, awkward: false });
	account = newAccount();
});
afterEach(async () => await hubspot.close());

const IMPORT = 'POST /crm/imports/2026-09';

const person = (n: number, more: Partial<MappedContact> = {}): MappedContact =>
	mappedFromSalesforce(n, { email: `person${n}@example.com`, attributes: { firstname: `Ada ${n}` } }, more);

const add = (n: number, properties = {}) =>
	hubspot.store.addContact({ email: `person${n}@example.com`, firstname: `Ada ${n}`, ...properties });

const run = async (contacts: readonly MappedContact[], more: HubSpotRun = {}): Promise<UpsertReport> =>
	await upsertIntoHubSpot(hubspot, contacts, { setsMarketing: true, account, ...more });

/** Numbers of the persons that are marketing contacts. */
const marketing = (most = 20): number[] =>
	Array.from({ length: most }, (_none, n) => n).filter((n) => {
		const id = hubspot.store.contacts.holderOf(`person${n}@example.com`);
		return id !== undefined && hubspot.store.contact(id).properties.hs_marketable_status === 'true';
	});

const warningsOf = ({ results }: UpsertReport) =>
	results.map(({ warnings }) =>
		warnings.filter(({ code }) => code === 'MARKETING_NOT_SET').map(({ message }) => message),
	);

const imports = (): number => hubspot.requests.counts()[IMPORT] ?? 0;

describe('marketing contacts (H20, F18)', () => {
	it('H20: none is set, and nothing is imported, where it was not asked for', async () => {
		const report = await run([person(1), person(2)], { setsMarketing: false });
		expect(statusCounts(report)).toEqual({ created: 2 });
		expect([marketing(), imports(), report.marketing]).toEqual([[], 0, undefined]);
	});

	it('F18: those that were created, updated or stay as they are go as one import, and none a second time', async () => {
		add(2, { firstname: 'Old' });
		add(3);
		add(4, { hs_marketable_status: 'true' });
		const batch = [1, 2, 3, 4].map((n) => person(n));
		const report = await run(batch);
		expect(statusCounts(report)).toEqual({ created: 1, updated: 1, unchanged: 2 });
		expect(marketing()).toEqual([1, 2, 3, 4]);
		expect(report.marketing).toMatchObject({ set: 3, notSet: 0 });
		expect(imports()).toBe(1);
		expect(hubspot.store.imports.imports.values().next().value?.rows).toHaveLength(3);
		expect(tellRun(report, { blocked: 0 })).toContain('3 set as marketing contacts');
		hubspot.requests.clear();
		const again = await run(batch);
		expect(statusCounts(again)).toEqual({ unchanged: 4 });
		expect([again.marketing, imports(), writesOf(hubspot)]).toEqual([expect.objectContaining({ set: 0 }), 0, {}]);
	});

	it('none is set that opted out, bounced, may have opted out, or has another first address', async () => {
		add(3, { hs_email_optout: 'true' });
		add(4, { hs_email_hard_bounce_reason_enum: 'UNKNOWN_USER' });
		add(5, { hs_email_bounce: '2' });
		add(6, { hs_email_quarantined: 'true' });
		hubspot.store.addSecondaryEmail(hubspot.store.addContact({ email: 'first@example.com' }), 'person7@example.com');
		const batch = [
			person(1, { optedOut: true }),
			person(2, { optedOut: null }),
			...[3, 4, 5, 6, 7].map((n) => person(n)),
			person(8, { change: 'removed' }),
			person(9, { contact: { attributes: { firstname: 'No address' } } }),
			person(10, { key: 'salesforce:00D1:Lead:00Q1', optedOut: null, changedAt: '2026-11-19T10:00:00.000Z' }),
			person(10),
			person(11),
		];
		const report = await run(batch);
		expect(marketing()).toEqual([11]);
		expect(
			hubspot.store.contact(hubspot.store.contacts.holderOf('first@example.com') ?? 0).properties,
		).not.toHaveProperty('hs_marketable_status');
		expect([report.marketing?.set, ...warningsOf(report).flat()]).toEqual([1]);
	});

	it('an opt-out that HubSpot does not show yet counts, and so does one whose status is not carried', async () => {
		Object.assign(hubspot.settings, { optOutDelayMs: 60_000 });
		await run([person(1, { optedOut: true })]);
		await run([person(1, { changedAt: '2026-11-21T10:00:00.000Z' }), person(2)]);
		expect(marketing()).toEqual([2]);
		const lead = { key: 'salesforce:00D1:Lead:00Q3', changedAt: '2026-11-19T10:00:00.000Z', optedOut: true };
		await run([person(3, lead), person(3)], { upsert: { optOuts: 'ignore' } });
		expect(marketing()).toEqual([2]);
	});

	it.each(['createOnly', 'optOutsOnly'] as const)(
		'contacts that the mode %s holds back are left as they are',
		async (mode) => {
			add(1);
			await run([person(1)], { upsert: { mode } });
			expect([marketing(), imports()]).toEqual([[], 0]);
		},
	);

	it('contacts outside of the inclusion segment are left as they are', async () => {
		add(1);
		await run([person(1), person(2)], { segment: { id: '101', newContacts: 'emailOnly' } });
		expect([marketing(), imports()]).toEqual([[], 0]);
	});

	it('a dry run says how many would be billed and what it costs, and sets none', async () => {
		add(1);
		add(2, { hs_marketable_status: 'true' });
		add(3, { hs_email_optout: 'true' });
		const batch = [1, 2, 3, 4].map((n) => person(n));
		const report = await run(batch, { upsert: { dryRun: true } });
		expect([marketing(), writesOf(hubspot)]).toEqual([[2], {}]);
		expect(report.marketing).toMatchObject({ set: 2, estimate: 6 });
		expect(tellDryRun(report, { blocked: 0 })).toContain(
			'2 would be set as marketing contacts, which are billed, with about 6 calls',
		);
	});
});

describe('an import of marketing contacts that goes wrong costs the batch nothing else', () => {
	const both = [person(1), person(2)];

	it.each([
		['without the scope', async () => await run(both, { token: TOKEN_WITHOUT_IMPORTS }), /crm\.import/],
		['that failed', async () => await ends('FAILED'), /as FAILED/],
		['that was cancelled', async () => await ends('CANCELED'), /as CANCELED/],
		['that does not end', async () => await ends('DEFERRED'), /had not finished import \d+ after 20 seconds/],
		[
			'in an account without marketing contacts',
			async () => await with_({ marketingContacts: 'ignored' }),
			/set fewer/,
		],
		['that such an account refuses', async () => await with_({ marketingContacts: 'refused' }), /does not have access/],
		['whose answer is not of HubSpot', async () => await faulty(IMPORT, { kind: 'garbage', times: 100 }), /./],
		['that HubSpot does not take', async () => await faulty(IMPORT), /503/],
		[
			'whose state cannot be read',
			async () => {
				Object.assign(hubspot.settings, { importTakesMs: 600_000 });
				return await faulty('GET /crm/imports/2026-09/*');
			},
			/503/,
		],
	])('%s', async (_what, play, message) => {
		const report = await play();
		expect(statusCounts(report)).toEqual({ created: 2 });
		expect(report.failure).toBeUndefined();
		expect(warningsOf(report)).toEqual([[expect.stringMatching(message)], [expect.stringMatching(message)]]);
		expect(report.marketing).toMatchObject({ set: 0, notSet: 2 });
		expect(tellRun(report, { blocked: 0 })).toContain('2 not set as marketing contacts (MARKETING_NOT_SET)');
	});

	const with_ = async (settings: Partial<RunningHubSpot['settings']>): Promise<UpsertReport> => {
		Object.assign(hubspot.settings, settings);
		return await run(both);
	};
	const ends = async (importEnds: RunningHubSpot['settings']['importEnds']) => await with_({ importEnds });
	const faulty = async (route: string, fault: Fault = { status: 503, times: 100 }): Promise<UpsertReport> => {
		hubspot.faults.next(route, fault);
		return await run(both);
	};

	it.each([
		['silent', 1, /set fewer/],
		['rowErrors', 1, /LIMIT_EXCEEDED/],
		['failed', 0, /FAILED/],
	] as const)("beyond the account's limit (%s) what was stored counts", async (overMarketingLimit, set, message) => {
		const marketingLimit = hubspot.store.imports.marketingContacts + 1;
		const report = await with_({ marketingLimit, overMarketingLimit });
		expect(report.marketing).toMatchObject({ set, notSet: 2 - set });
		expect(marketing()).toHaveLength(set);
		expect(warningsOf(report).flat()).toEqual(Array(2 - set).fill(expect.stringMatching(message)));
	});

	it('one whose state cannot be read set those that HubSpot shows', async () => {
		const report = await faulty('GET /crm/imports/2026-09/*');
		expect([report.marketing?.set, ...warningsOf(report).flat()]).toEqual([2]);
	});

	it('one whose answer was lost is sent again, and sets each contact once', async () => {
		hubspot.faults.next(IMPORT, { kind: 'afterWork' });
		expect((await run(both)).marketing).toMatchObject({ set: 2, notSet: 0 });
	});

	it('one that is still running is waited for, and its contacts are in no second one', async () => {
		Object.assign(hubspot.settings, { importTakesMs: 60_000 });
		expect((await run(both)).marketing).toMatchObject({ set: 0, notSet: 2 });
		const later = await run([...both, person(3)]);
		expect(later.marketing).toMatchObject({ set: 0, notSet: 3 });
		const rows = [...hubspot.store.imports.imports.values()].map((one) => one.rows.length);
		expect(rows).toEqual([2, 1]);
		hubspot.clock.advance(60_000);
		expect((await run([...both, person(3)])).marketing).toMatchObject({ set: 0, notSet: 0 });
		expect([imports(), marketing()]).toEqual([2, [1, 2, 3]]);
	});

	it('a run that failed sets none: its batch comes again', async () => {
		hubspot.faults.next('POST /crm/objects/2026-09/contacts/batch/create', { status: 503, times: 100 });
		const report = await run(both);
		expect(report.failure).toBeDefined();
		expect([imports(), report.marketing]).toEqual([0, undefined]);
	});
});
