import type { INode } from 'n8n-workflow';

import { mappedCrowd } from '../../support/mappedContacts';
import { problems, useSetUpChecks, verdicts } from './setUpChecks';
import { locator } from './upsertRun';

const checks = useSetUpChecks();
const { check } = checks;

describe('Check Set-Up', () => {
	it('passes a good set-up, tells plan, list and calls left, and spares the scarce calls', async () => {
		const result = await check();
		expect(verdicts(result)).toEqual([
			'ok Brevo API Key',
			'ok Brevo Account',
			'ok List',
			'ok Contacts',
			'ok Brevo Calls Left',
			'warning Mapping',
		]);
		const told = result.json('Upsert').map(({ message }) => message);
		expect(told[1]).toBe('Plan: free (300 e-mail credits left)');
		expect(told[2]).toBe(`The list 'Synced' (ID ${checks.account.list}, 0 contacts) exists`);
		expect(told[4]).toMatch(/^\d of 10 for contacts, renewed within \d+ s; 99 of 100 for everything else/);
		expect(result.hints).toEqual(['Set-up check: 6 checks, 1 warning, no problem']);
		expect(checks.account.brevo.requests.total).toBe(4);
	});

	it.each([
		['deleted for good, which says nothing', { change: 'deleted', optedOut: null }, {}, 0],
		['that say so', { optedOut: 'false' }, {}, 0],
		['that say nothing, and opt-outs are ignored', { optedOut: null }, { optOuts: 'ignore' }, 0],
		['that say nothing', { optedOut: null }, {}, 1],
		['that leave it out', {}, {}, 1],
	])('HB-22: Salesforce and HubSpot contacts %s', async (_name, item, parameters, found) => {
		const source = { account: '00D', object: 'Contact', id: '003' };
		const of = (system: string) => ({ source: { ...source, system }, ...item });
		const result = await check(parameters, ['salesforce', 'hubspot', 'contactExport'].map(of));
		expect(problems(result)).toHaveLength(2 * found);
		if (found > 0) expect(problems(result)).toContainEqual(expect.objectContaining({ check: 'Opt-Outs', code: 'OPT_OUTS_HIDDEN', fix: expect.stringMatching(/field-level security/) as string })); // prettier-ignore
	});

	it('needs no contacts: whatever comes in is left alone, and so is the run', async () => {
		const crowd = mappedCrowd(3);
		const result = await check({}, crowd);
		expect(verdicts(result)).toHaveLength(6);
		expect(result.items('Upsert').every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
	});

	it('tells a wrong key, a blocked address and a restricted account apart, and what to do about each', async () => {
		const { settings } = checks.account.brevo;
		settings.blockIp = true;
		expect(problems(await check())).toMatchObject([
			{ check: 'Brevo API Key', code: 'IP_BLOCKED', fix: expect.stringMatching(/Authorise the IP address/) as string },
		]);
		settings.blockIp = false;
		settings.permissionDenied = true;
		expect(problems(await check())).toMatchObject([{ code: 'ACCOUNT_RESTRICTED' }]);
		settings.permissionDenied = false;
		settings.apiKey = 'xkeysib-other';
		const result = await check();
		expect(verdicts(result)).toEqual(['warning Mapping', 'problem Brevo API Key']);
		expect(problems(result)).toMatchObject([{ code: 'CREDENTIAL_INVALID' }]);
		expect(result.hints).toEqual(['Set-up check: 2 checks, 1 warning, 1 problem']);
	});

	it('an account under validation is a problem of the account, not of the key', async () => {
		checks.account.brevo.faults.next('GET /account', {
			status: 403,
			body: { code: 'account_under_validation', message: 'Your account is under validation' },
		});
		expect(problems(await check())).toMatchObject([
			{
				check: 'Brevo Account',
				code: 'ACCOUNT_RESTRICTED',
				message: expect.stringContaining('account_under_validation') as string,
			},
		]);
	});

	it.each([
		['ended', [{ type: 'subscription', credits: 10, endDate: '2020-01-01' }], /has ended/],
		[
			'used up',
			[
				{ type: 'free', credits: 0 },
				{ type: 'sms', credits: 5 },
			],
			/free \(0 e-mail credits left\)/,
		],
	])('a plan that is %s is a warning', async (_what, plan, says) => {
		checks.account.brevo.faults.next('GET /account', { status: 200, body: { plan } });
		const warning = (await check()).json('Upsert').find(({ check: name }) => name === 'Brevo Account');
		expect(warning).toMatchObject({ status: 'warning', message: expect.stringMatching(says) as string });
	});

	it('few calls left this hour are a warning', async () => {
		checks.account.brevo.settings.othersPerHour = 15;
		const warning = (await check()).json('Upsert').find(({ check: name }) => name === 'Brevo Calls Left');
		expect(warning).toMatchObject({ status: 'warning', message: expect.stringContaining('14 of 15') as string });
	});

	it.each([
		['no list', locator('list', '={{ "" }}'), 'NO_LIST_SELECTED', /'List'/],
		['a list that is gone', locator('id', '424242'), 'LIST_NOT_FOUND', /pick a list again in the field 'List'/],
		['a list that is no number', locator('id', '={{ "twelve" }}'), 'SETTING_INVALID', /setting named in the message/],
	])('%s is a problem, and the other checks go on', async (_what, destinationList, code, fix) => {
		const result = await check({ destinationList });
		expect(problems(result)).toMatchObject([{ check: 'List', code, fix: expect.stringMatching(fix) as string }]);
		expect(verdicts(result)).toContain('ok Contacts');
	});

	it('HB-12: says where a list that does not exist would be created, and creates nothing', async () => {
		const byName = locator('name', 'From HubSpot');
		const folder = checks.account.brevo.store.createFolder('Syncs').id;
		const said = async (parameters: INode['parameters']) =>
			(await check({ destinationList: byName, ...parameters }))
				.json('Upsert')
				.filter(({ check: name }) => name === 'List' || name === 'Folder for a New List')
				.map(({ message }) => message);
		expect(await said({})).toEqual([
			"There is no list 'From HubSpot' yet; the first sync creates it",
			"The list goes into the first folder, 'Your first folder'",
		]);
		expect((await said({ folder: locator('id', String(folder)) }))[1]).toBe("The list goes into the folder 'Syncs'");
		expect(problems(await check({ destinationList: byName, folder: locator('id', '999') }))).toMatchObject([
			{
				check: 'Folder for a New List',
				code: 'FOLDER_NOT_FOUND',
				fix: expect.stringMatching(/Pick a folder/) as string,
			},
		]);
		const older = checks.account.brevo.store.createList('from hubspot', folder).id;
		checks.account.brevo.store.createList('From HubSpot', folder);
		expect((await said({}))[0]).toMatch(new RegExp(`2 lists named 'From HubSpot'; the oldest is used.*ID ${older}`));
	});
});
