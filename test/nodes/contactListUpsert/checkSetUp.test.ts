import { textOf } from '../../../core/json';
import type { IConnections, IDataObject, INode, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { HubSpotListTrigger } from '../../../nodes/HubSpotListTrigger/HubSpotListTrigger.node';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { QuotaGuard } from '../../../nodes/QuotaGuard/QuotaGuard.node';
import { SalesforceContactTrigger } from '../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import type { RunResult } from '../../support/n8n/engine';
import { runWorkflow, START_TYPE, testNode } from '../../support/n8n/engine';
import { mappedCrowd } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { locator, startEmptyBrevo, types } from './upsertRun';

const TRIGGER = 'n8n-nodes-contact-sync.hubSpotListTrigger';
const SALESFORCE = 'n8n-nodes-contact-sync.salesforceContactTrigger';
const MAP = 'n8n-nodes-contact-sync.mapContactFields';
const GUARD = 'n8n-nodes-contact-sync.quotaGuard';
const STOP = 'n8n-nodes-base.stopAndError';
const WAIT = 'n8n-nodes-base.wait';
/** Stands for n8n's Stop and Error, which is only looked for here. */
class StopNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Stop and Error',
		name: 'stopAndError',
		group: ['input'],
		description: 'Makes the run fail',
		version: 1,
		defaults: { name: 'Stop and Error' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [],
		properties: [],
	};
}

const allTypes = {
	...types,
	[TRIGGER]: new HubSpotListTrigger(),
	[SALESFORCE]: new SalesforceContactTrigger(),
	[MAP]: new MapContactFields(),
	[GUARD]: new QuotaGuard(),
	[STOP]: new StopNode(),
	// As a stand-in, it is only looked for.
	[WAIT]: new StopNode(),
};
const CHECK = { operation: 'checkSetUp' };

let account: EmptyBrevo;
beforeEach(async () => void (account = await startEmptyBrevo()));
afterEach(async () => {
	// Whatever was wrong with the set-up: the check only reads.
	const { brevo } = account;
	expect(brevo.store.writes).toEqual([]);
	expect(brevo.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
	await brevo.close();
});

/** Every check in the order it was made, as `status check`. */
const verdicts = (result: RunResult): string[] =>
	[0, 1].flatMap((output) =>
		result.json('Upsert', output).map(({ status, check }) => `${status as string} ${check as string}`),
	);

const check = async (parameters: INode['parameters'] = {}, input: unknown[] = [{}]): Promise<RunResult> => {
	const result = await account.run(input, { ...CHECK, ...parameters });
	expect(result.error).toBeUndefined();
	return result;
};

/** The check of a workflow in which the given nodes come before it, run from a node beside them. */
async function checkBehind(before: INode[], parameters: INode['parameters'] = {}): Promise<RunResult> {
	const nodes = [testNode('Start', START_TYPE, {}), ...before, account.node({ ...CHECK, ...parameters })];
	const to = (node: string) => ({ main: [[{ node, type: NodeConnectionTypes.Main, index: 0 }]] });
	const connections: IConnections = { Start: to('Upsert') };
	for (const [index, { name }] of before.entries()) connections[name] = to(before[index + 1]?.name ?? 'Upsert');
	const result = await runWorkflow(
		{ nodes, connections },
		{ types: allTypes, credentials: account.credentials, input: [{}] },
	);
	expect(result.error).toBeUndefined();
	return result;
}

const problems = (result: RunResult): IDataObject[] => result.json('Upsert', 1);

const map = (parameters: INode['parameters'], change: Partial<INode> = {}): INode => ({
	...testNode('Map', MAP, parameters),
	...change,
});
const table = (value: Record<string, string>): INode['parameters'] => ({
	mapping: { mappingMode: 'defineBelow', value },
});

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
		expect(told[2]).toBe(`The list 'Synced' (ID ${account.list}, 0 contacts) exists`);
		expect(told[4]).toMatch(/^\d of 10 for contacts, renewed within \d+ s; 99 of 100 for everything else/);
		expect(result.hints).toEqual(['Set-up check: 6 checks, 1 warning, no problem']);
		expect(account.brevo.requests.total).toBe(4);
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
		const { settings } = account.brevo;
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
		account.brevo.faults.next('GET /account', {
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
		account.brevo.faults.next('GET /account', { status: 200, body: { plan } });
		const warning = (await check()).json('Upsert').find(({ check: name }) => name === 'Brevo Account');
		expect(warning).toMatchObject({ status: 'warning', message: expect.stringMatching(says) as string });
	});

	it('few calls left this hour are a warning', async () => {
		account.brevo.settings.othersPerHour = 15;
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
		const folder = account.brevo.store.createFolder('Syncs').id;
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
		const older = account.brevo.store.createList('from hubspot', folder).id;
		account.brevo.store.createList('From HubSpot', folder);
		expect((await said({}))[0]).toMatch(new RegExp(`2 lists named 'From HubSpot'; the oldest is used.*ID ${older}`));
	});
});

describe('the nodes before Check Set-Up', () => {
	it('every mapped attribute is checked: there, writable, with options', async () => {
		const { attributes } = account.brevo.store;
		const base = { enumeration: undefined, options: undefined };
		attributes.push({ ...base, name: 'TIER', category: 'category', type: undefined, enumeration: [] } as never);
		attributes.push({ ...base, name: 'SCORE', category: 'calculated', type: undefined } as never);
		const good = await checkBehind([map(table({ EMAIL: 'email', FIRSTNAME: 'firstname' }))]);
		expect(good.json('Upsert').find(({ check: name }) => name === "Mapping of 'Map'")).toMatchObject({
			message: '2 mapped attributes exist and can be written',
		});
		const bad = await checkBehind([map(table({ EMAIL: 'email', GHOST: 'x', SCORE: 'y', TIER: 'z' }))]);
		expect(problems(bad)).toMatchObject([
			{
				code: 'DESTINATION_FIELD_MISSING',
				message: "Brevo has no contact attribute 'GHOST'",
				fix: expect.stringMatching(/Create the attribute 'GHOST' in Brevo.*or remove its row from 'Map'/) as string,
			},
			{
				code: 'DESTINATION_FIELD_MISSING',
				message: expect.stringMatching(/'SCORE' cannot be written \(calculated/) as string,
			},
		]);
		expect(bad.json('Upsert').find(({ status }) => status === 'warning')).toMatchObject({
			code: 'OPTION_UNKNOWN',
			message: expect.stringContaining("'TIER' has no options") as string,
		});
	});

	it('HB-11: a mapping without Email and SMS, an empty one and a half-filled row are problems', async () => {
		const codes = async (parameters: INode['parameters']) =>
			problems(await checkBehind([map(parameters)])).map(({ code }) => code);
		expect(await codes(table({ FIRSTNAME: 'firstname' }))).toEqual(['NO_IDENTIFIER_MAPPED']);
		expect(await codes({})).toEqual(['NOTHING_MAPPED']);
		const half = { moreMappings: { row: [{ destinationField: 'CITY', sourceField: '' }] } };
		expect(await codes({ ...table({ EMAIL: 'email' }), ...half })).toEqual(['SETTING_INVALID']);
	});

	it('closes with a page that says what goes where, ready to be looked at or mailed; not where a problem was found', async () => {
		const list = {
			...(locator('list', '101') as object),
			cachedResultName: 'Newsletter <all> (active, 1,200 contacts)',
		} as INode['parameters'][string];
		const trigger = testNode('From HubSpot', TRIGGER, { consentConfirmed: true, list });
		const result = await checkBehind([trigger, map(table({ EMAIL: 'email', FIRSTNAME: 'firstname' }))]);
		const [page] = result.json('Upsert', 2);
		expect(page).toMatchObject({ check: 'Ready', status: 'ok', subject: page?.message });
		expect(page?.message).toMatch(
			/^Ready\. The contacts of 'Newsletter <all>' \(1,200 when it was picked\) go to .*Brevo; 2 fields are mapped\. The first sync takes about 20 s, with about 20 HubSpot calls and 13 Brevo calls$/,
		);
		expect(page?.text).toMatch(/depends on how fast HubSpot and Brevo answer/);
		const from = async (parameters: INode['parameters'], type = TRIGGER): Promise<string> => {
			const nodes = [testNode('From', type, { consentConfirmed: true, list, ...parameters })];
			const ready = await checkBehind([...nodes, map(table({ EMAIL: 'email', FIRSTNAME: 'firstname' }))]);
			return textOf(ready.json('Upsert', 2)[0]?.message);
		};
		expect(await from({}, SALESFORCE)).toMatch(/A first sync of 10,000 contacts takes about .* Salesforce calls/);
		expect(await from({ firstSync: 'fromNow' })).not.toContain('first sync');
		expect(page?.text).toContain('publish the workflow');
		expect(page?.html).toContain('Newsletter &lt;all&gt;');
		expect(page?.html).toContain('bgcolor="#15803d"');
		const wrong = await checkBehind([trigger, map(table({ GHOST: 'email' }))]);
		expect(wrong.json('Upsert', 2)).toEqual([]);
	});

	it('a node that is switched off does not count', async () => {
		const result = await checkBehind([map(table({ GHOST: 'x' }), { disabled: true })]);
		expect(problems(result)).toEqual([]);
		expect(verdicts(result)).toContain('warning Mapping');
	});

	it('HB-07 HB-06: the settings of the trigger are checked as far as they tell', async () => {
		const trigger = (parameters: INode['parameters']) => testNode('From HubSpot', TRIGGER, parameters);
		const codes = async (parameters: INode['parameters']) =>
			problems(await checkBehind([trigger(parameters), map(table({ EMAIL: 'email', CITY: 'city' }))])).map(
				({ code }) => code,
			);
		const list = locator('list', '101');
		expect(await codes({ list })).toEqual(['CONSENT_NOT_CONFIRMED']);
		expect(await codes({ consentConfirmed: true })).toEqual(['NO_LIST_SELECTED']);
		expect(await codes({ consentConfirmed: true, list })).toEqual([]);
		const picked = { consentConfirmed: true, list, propertySelection: 'selected', properties: ['email'] };
		const result = await checkBehind([trigger(picked), map(table({ EMAIL: 'email', CITY: 'city' }))]);
		expect(result.json('Upsert').at(-1)).toMatchObject({
			status: 'warning',
			message: "'From HubSpot' does not read city, which a mapping uses",
		});
	});

	it('two triggers that follow the same list are worth a look, two lists are not', async () => {
		const trigger = (name: string, list: string) =>
			testNode(name, TRIGGER, { consentConfirmed: true, list: locator('list', list) });
		const about = async (...lists: string[]) => {
			const triggers = lists.map((list, index) => trigger(`Trigger ${index + 1}`, list));
			const result = await checkBehind([...triggers, map(table({ EMAIL: 'email' }))]);
			return result.json('Upsert').find(({ check: name }) => name === 'Triggers');
		};
		expect(await about('101', '101')).toMatchObject({
			status: 'warning',
			message: expect.stringMatching(/'Trigger 1' and 'Trigger 2'|'Trigger 2' and 'Trigger 1'/) as string,
		});
		expect(await about('101', '102')).toBeUndefined();
	});

	it('SB-07: those of a Salesforce trigger too, by what it follows', async () => {
		const about = async (parameters: INode['parameters']) => {
			const trigger = testNode('From Salesforce', SALESFORCE, parameters);
			const result = await checkBehind([trigger, map(table({ EMAIL: 'Email', COMPANY: 'Account.Name' }))]);
			return [0, 1]
				.flatMap((output) => result.json('Upsert', output))
				.find(({ check: name }) => name === "Trigger 'From Salesforce'");
		};
		expect(await about({})).toMatchObject({ code: 'CONSENT_NOT_CONFIRMED' });
		const agreed = { consentConfirmed: true };
		expect(await about(agreed)).toMatchObject({ status: 'ok' });
		expect(await about({ ...agreed, scope: 'listView', listView: locator('list', '') })).toMatchObject({
			code: 'NO_LIST_SELECTED',
			fix: "Pick a list view in 'From Salesforce'.",
		});
		const campaign = locator('list', '7017Q000000fEwBQAU');
		expect(await about({ ...agreed, scope: 'campaign', campaign })).toMatchObject({
			status: 'ok',
			message: expect.stringMatching(/a campaign is picked/) as string,
		});
		expect(await about({ ...agreed, fieldSelection: 'selected', fields: ['Email'] })).toMatchObject({
			status: 'warning',
			message: "'From Salesforce' does not read Account.Name, which a mapping uses",
		});
	});

	it('HB-19: a Quota Guard hides nothing, and has to make the run fail for whom it holds', async () => {
		const about = async (after: INode[], parameters: INode['parameters'] = {}, options: INode['parameters'] = {}) => {
			const nodes = [
				testNode('Start', START_TYPE, {}),
				testNode('From HubSpot', TRIGGER, { consentConfirmed: true, list: locator('list', '101'), options }),
				map(table({ EMAIL: 'email' })),
				testNode('Guard', GUARD, parameters, ['contactSyncN8nApi']),
				account.node(CHECK),
				...after,
			];
			const to = (...names: string[]) => names.map((node) => [{ node, type: NodeConnectionTypes.Main, index: 0 }]);
			const connections: IConnections = {
				Start: { main: to('Upsert') },
				'From HubSpot': { main: to('Map') },
				Map: { main: to('Guard') },
				Guard: { main: to('Upsert', ...after.map(({ name }) => name)) },
			};
			const result = await runWorkflow(
				{ nodes, connections },
				{ types: allTypes, credentials: account.credentials, input: [{}] },
			);
			expect(result.error).toBeUndefined();
			expect(verdicts(result)).toContain("ok Mapping of 'Map'");
			return result.json('Upsert').find(({ check: name }) => name === "Quota Guard 'Guard'");
		};
		const stop = testNode('Stop', STOP, {});
		expect(await about([stop])).toEqual({
			check: "Quota Guard 'Guard'",
			status: 'ok',
			message: "A Stop and Error node comes after 'Guard', so contacts over the quota are delivered again",
		});
		const warning = {
			status: 'warning',
			message: "Nothing after 'Guard' makes the run fail, so contacts over the quota would count as delivered",
			fix: "Connect its output 'Over Quota' to a Stop and Error node, unless you take care of these contacts yourself.",
		};
		expect(await about([])).toMatchObject(warning);
		expect(await about([{ ...stop, disabled: true }])).toMatchObject(warning);
		expect(await about([], { operation: 'getUsage' })).toBeUndefined();
		expect(await about([stop], {}, { acknowledged: true })).toMatchObject({ status: 'ok' });
		expect(await about([stop], {}, { acknowledged: false })).toMatchObject({
			status: 'warning',
			message:
				"'Wait for the Workflow' is off in 'From HubSpot', so contacts over the quota count as delivered and do not come again",
		});
	});

	it('names a node that puts the run aside before the contacts have arrived', async () => {
		const wait = testNode('A Moment', WAIT, {});
		const result = await checkBehind([testNode('Trigger', TRIGGER, { consentConfirmed: true }), wait]);
		const [found] = problems(result).filter(({ check: of }) => of === "Nodes after 'Trigger'");
		expect(found?.message).toContain("'A Moment' may put the run aside");
	});
});
