import type { IDataObject, INode } from 'n8n-workflow';
import { ContactListUpsert } from '../../nodes/ContactListUpsert/ContactListUpsert.node';
import { startBrevo, type RunningBrevo } from '../../sandbox/brevo';
import { runNodes, testNode } from '../support/engine';
import { mapped, mappedCrowd } from '../support/mappedContacts';

const TYPE = 'n8n-nodes-contact-sync.contactListUpsert';
const types = { [TYPE]: new ContactListUpsert() };
let brevo: RunningBrevo;
let list: number;

beforeEach(async () => {
	brevo = await startBrevo({ people: [], strangers: 0 });
	list = brevo.store.createList('Synced', 1).id;
});
afterEach(async () => await brevo.close());

const upsertNode = (parameters: INode['parameters'] = {}): INode =>
	testNode('Upsert', TYPE, { destinationList: { __rl: true, mode: 'list', value: String(list) }, ...parameters }, ['contactSyncBrevoApi']);

const run = async (input: readonly unknown[], parameters?: INode['parameters'], change: Partial<INode> = {}) =>
	await runNodes([{ ...upsertNode(parameters), ...change }], {
		types,
		credentials: { contactSyncBrevoApi: { apiKey: brevo.apiKey, baseUrl: brevo.url } },
		input: input as IDataObject[],
	});

describe('Contact List Upsert', () => {
	it('puts new contacts on the list and links every item to its input', async () => {
		const result = await run(mappedCrowd(3));
		expect(result.error).toBeUndefined();
		expect(result.json('Upsert').map(({ outcome }) => (outcome as IDataObject).status)).toEqual(['created', 'created', 'created']);
		expect(result.items('Upsert').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(brevo.store.lists.get(list)?.members.size).toBe(3);
		expect(result.hints).toEqual(['3 contacts: 3 created']);
	});
});
void mapped;
