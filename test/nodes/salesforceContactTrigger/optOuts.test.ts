import { setTimeout as pause } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';
import { ContactListUpsert } from '../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { testNode } from '../../support/n8n/engine';
import { mockTime, refusal, told, trigger, types, watch } from './salesforceTrigger';

const UPSERT_TYPE = 'n8n-nodes-contact-sync.contactListUpsert';
const allTypes = { ...types, [UPSERT_TYPE]: new ContactListUpsert() };
const upsert = (name: string, parameters: INode['parameters']): INode => testNode(name, UPSERT_TYPE, parameters);
const behind = (...after: INode[]) => ({ types: allTypes, downstream: after });
const HIDDEN = { contacts: 3, awkward: false, hiddenFields: ['Contact.HasOptedOutOfEmail'] };

beforeAll(mockTime);
// A look of the last poll whether its run has ended lasts up to half a second.
afterAll(async () => await pause(600));

describe('Email Opt Out hidden by field-level security', () => {
	it.each([
		['no destination', []],
		['a destination that carries opt-outs', [upsert('A', {})]],
		['one of two destinations that carries them', [upsert('A', { optOuts: 'ignore' }), upsert('B', {})]],
	])('promise 1: publishing is refused and says what to change, with %s', async (_name, after) => {
		const org = await watch(HIDDEN);
		const { message, description } = await refusal(org.poll(trigger(), behind(...after)));
		await org.salesforce.close();
		expect(message).toMatch(/Email Opt Out \('HasOptedOutOfEmail'\)/);
		expect(`${message} ${description}`).toMatch(/field-level security.*'Ignore'/);
	});

	it("trying the trigger out says the same, and leads' own field counts", async () => {
		const org = await watch({ leads: 2, hiddenFields: ['Lead.HasOptedOutOfEmail'] });
		const { message } = await refusal(org.poll(trigger({ object: 'Lead' }), { mode: 'manual' }));
		expect(message).toMatch(/Email Opt Out/);
		expect(told(await org.poll(trigger())).length).toBeGreaterThan(0);
		await org.salesforce.close();
	});

	it('publishing goes on where every destination ignores opt-outs', async () => {
		const org = await watch(HIDDEN);
		const outcome = await org.poll(trigger(), behind(upsert('A', { optOuts: 'ignore' })));
		await org.salesforce.close();
		expect(told(outcome).map(({ optedOut }) => optedOut)).toEqual([null, null, null]);
	});

	const KEPT = { object: 'Lead', options: { convertedLeads: 'keep' } };

	it('promise 1: a trigger that keeps converted leads needs that of the contacts they become', async () => {
		const org = await watch({ contacts: 2, leads: 3, hiddenFields: ['Contact.HasOptedOutOfEmail'] });
		const { message, description } = await refusal(org.poll(trigger(KEPT)));
		const manual = await refusal(org.poll(trigger(KEPT), { mode: 'manual' }));
		const ignoring = await org.poll(trigger(KEPT), behind(upsert('A', { optOuts: 'ignore' })));
		await org.salesforce.close();
		expect(message).toMatch(/Email Opt Out \('HasOptedOutOfEmail'\) of Contact/);
		expect(message).toMatch(/'Converted Leads'/);
		expect(`${message} ${description}`).toMatch(/field-level security.*'Ignore'/);
		expect(manual.message).toMatch(/Email Opt Out .* of Contact/);
		expect(told(ignoring)).toHaveLength(3);
	});

	it('a trigger whose converted leads leave goes on without that of contacts', async () => {
		const org = await watch({ contacts: 2, leads: 3, hiddenFields: ['Contact.HasOptedOutOfEmail'] });
		expect(told(await org.poll(trigger({ object: 'Lead' })))).toHaveLength(3);
		await org.salesforce.close();
	});
});
