import type { IDataObject, INode } from 'n8n-workflow';
import { ContactListUpsert } from '../../../nodes/ContactListUpsert/ContactListUpsert.node';
import { startBrevo, type RunningBrevo } from '../../../sandbox/brevo';
import type { CredentialValues, RunResult } from '../../support/n8n/engine';
import { runNodes, testNode } from '../../support/n8n/engine';

export const TYPE = 'n8n-nodes-contact-sync.contactListUpsert';
export const types = { [TYPE]: new ContactListUpsert() };

export const locator = (mode: string, value: string): INode['parameters'][string] => ({ __rl: true, mode, value });

/** A Brevo account without contacts, and its list 'Synced'. */
export interface EmptyBrevo {
	readonly brevo: RunningBrevo;
	readonly list: number;
	readonly credentials: CredentialValues;
	readonly node: (parameters?: INode['parameters'], change?: Partial<INode>) => INode;
	/** One run of the node with these items, in n8n's own engine. */
	readonly run: (
		input: readonly unknown[],
		parameters?: INode['parameters'],
		change?: Partial<INode>,
	) => Promise<RunResult>;
}

export async function startEmptyBrevo(): Promise<EmptyBrevo> {
	const brevo = await startBrevo({ people: [], strangers: 0 });
	const list = brevo.store.createList('Synced', 1).id;
	const credentials = { contactSyncBrevoApi: { apiKey: brevo.apiKey, baseUrl: brevo.url } };
	const node: EmptyBrevo['node'] = (parameters = {}, change = {}) => ({
		...testNode('Upsert', TYPE, { destinationList: locator('list', String(list)), ...parameters }, [
			'contactSyncBrevoApi',
		]),
		...change,
	});
	const run: EmptyBrevo['run'] = async (input, parameters, change) =>
		await runNodes([node(parameters, change)], { types, credentials, input: input as IDataObject[] });
	return { brevo, list, credentials, node, run };
}

/** Status and code of each item. */
export const outcomes = (items: IDataObject[]): unknown[] =>
	items.map(({ outcome }) => {
		const { status, code } = outcome as IDataObject;
		return code ? `${status as string} ${code as string}` : status;
	});
