import { textOf } from '../../../core/json';
import type { IConnections, INode } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runWorkflow, START_TYPE, testNode } from '../../support/n8n/engine';

import {
	CHECK,
	GUARD,
	SALESFORCE,
	STOP,
	TRIGGER,
	WAIT,
	allTypes,
	map,
	problems,
	table,
	useSetUpChecks,
	verdicts,
} from './setUpChecks';
import { locator } from './upsertRun';

const checks = useSetUpChecks();
const { checkBehind } = checks;

describe('the nodes before Check Set-Up', () => {
	it('every mapped attribute is checked: there, writable, with options', async () => {
		const { attributes } = checks.account.brevo.store;
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
				checks.account.node(CHECK),
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
				{ types: allTypes, credentials: checks.account.credentials, input: [{}] },
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
