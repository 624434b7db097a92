import type { ICredentialDataDecryptedObject, IDataObject, INode } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { SalesforceContactTrigger } from '../../../nodes/SalesforceContactTrigger/SalesforceContactTrigger.node';
import type { RunningSalesforce, SalesforceOptions } from '../../../sandbox/salesforce';
import { startSalesforce } from '../../../sandbox/salesforce';
import type { PollOptions, PollOutcome } from '../../support/n8n/engine';
import { callMethod, runPoll, testNode } from '../../support/n8n/engine';
import { SlowTime } from '../../support/n8n/slowTime';

export const TYPE = 'n8n-nodes-contact-sync.salesforceContactTrigger';
export const MAP_TYPE = 'n8n-nodes-contact-sync.mapContactFields';
export const CREDENTIAL = 'contactSyncSalesforceClientCredentialsApi';
export const types = { [TYPE]: new SalesforceContactTrigger(), [MAP_TYPE]: new MapContactFields() };

export const trigger = (parameters: IDataObject = {}, name = 'Salesforce'): INode =>
	testNode(name, TYPE, { salesforceAuthentication: 'clientCredentials', consentConfirmed: true, ...parameters }, [
		CREDENTIAL,
	]);

/** A Map Contact Fields node after the trigger; `value` is its table. */
export const mapAfter = (value: Record<string, string>, parameters: IDataObject = {}): INode =>
	testNode('Map', MAP_TYPE, {
		source: 'salesforce',
		salesforceObject: 'Contact',
		mapping: { mappingMode: 'defineBelow', value },
		...parameters,
	});

export const picked = (value: string, mode = 'list') => ({ __rl: true, mode, value });

export const condition = (field: string, operator: string, value = ''): IDataObject => ({
	scope: 'conditions',
	conditions: { row: [{ field, operator, value }] },
});

/** An organisation with a trigger on it, in a process of its own. */
export interface Watched {
	readonly salesforce: RunningSalesforce;
	readonly credential: ICredentialDataDecryptedObject;
	readonly staticData: IDataObject;
	/** One poll, a minute after the last. */
	poll(node?: INode, options?: Partial<PollOptions>): Promise<PollOutcome>;
	/** What the editor asks a design-time method. */
	ask(kind: 'listSearch' | 'loadOptions', name: string, node?: INode, ...args: unknown[]): Promise<unknown>;
}

let processes = 0;
/** Never goes back, or waits under way would last on. */
const time = new SlowTime();

export function mockTime(): void {
	time.start();
}

export async function watch(options: SalesforceOptions = {}): Promise<Watched> {
	const salesforce = await startSalesforce({ contacts: 30, leads: 20, ...options });
	const credential = {
		myDomainUrl: salesforce.url,
		consumerKey: salesforce.app.consumerKey,
		consumerSecret: salesforce.app.consumerSecret,
	};
	const staticData: IDataObject = {};
	const workflowId = `salesforce-${++processes}`;
	const credentials = { [CREDENTIAL]: credential };
	return {
		salesforce,
		credential,
		staticData,
		poll: async (node = trigger(), more = {}) => {
			time.advance(61_000);
			return await runPoll(node, { types, credentials, staticData, workflowId, ...more });
		},
		ask: async (kind, name, node = trigger(), ...args) =>
			await callMethod(node, kind, name, { types, credentials, args }),
	};
}

/** The contacts a poll handed on. */
export const told = ({ emitted }: PollOutcome): IDataObject[] => emitted.flat().map(({ json }) => json);

/** What a poll that must fail says. */
export async function refusal(poll: Promise<unknown>): Promise<Error & { description?: string }> {
	const thrown = await poll.then(
		() => undefined,
		(error: unknown) => error as Error,
	);
	expect(thrown).toBeInstanceOf(Error);
	return thrown as Error;
}
