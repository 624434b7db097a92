import type { IDataObject, INode } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import type { RunningBrevo } from '../../../sandbox/brevo';
import { startBrevo } from '../../../sandbox/brevo';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import type { CredentialValues, RunOptions, RunResult } from '../../support/n8n/engine';
import { callMethod, runNodes, testNode } from '../../support/n8n/engine';

export const MAP = 'n8n-nodes-contact-sync.mapContactFields';
export const types = { [MAP]: new MapContactFields() };

export interface Vendors {
	readonly hubSpot: RunningHubSpot;
	readonly brevo: RunningBrevo;
	readonly credentials: CredentialValues;
	close(): Promise<void>;
}

/** Both stand-ins with few people: only their definitions matter here. */
export async function startVendors(
	options: { extraProperties?: number; extraAttributes?: number; language?: 'en' | 'fr' } = {},
): Promise<Vendors> {
	const { extraProperties, ...brevoOptions } = options;
	const [hubSpot, brevo] = await Promise.all([
		startHubSpot({ members: 5, ...(extraProperties === undefined ? {} : { extraProperties }) }),
		startBrevo({ people: [], strangers: 0, ...brevoOptions }),
	]);
	return {
		hubSpot,
		brevo,
		credentials: {
			contactSyncHubSpotApi: { accessToken: hubSpot.token, baseUrl: hubSpot.url },
			contactSyncBrevoApi: { apiKey: brevo.apiKey, baseUrl: brevo.url },
		},
		close: async () => void (await Promise.all([hubSpot.close(), brevo.close()])),
	};
}

export const mappingOf = (value: Record<string, string | null> | null, schema?: unknown): IDataObject => ({
	mappingMode: 'defineBelow',
	value,
	matchingColumns: [],
	...(schema === undefined ? {} : { schema }),
});

export const DEFAULT_MAPPING = {
	EMAIL: 'email',
	SMS: 'phone',
	FIRSTNAME: 'firstname',
	BIRTHDAY: 'birthday',
	ANNUAL_REVENUE: 'lifetime_value',
};

export const mapNode = (parameters: IDataObject, more: Partial<INode> = {}): INode => ({
	...testNode(
		'Map',
		MAP,
		{
			source: 'hubSpot',
			authentication: 'accessToken',
			destination: 'brevo',
			mapping: mappingOf(DEFAULT_MAPPING),
			...parameters,
		} as INode['parameters'],
		['contactSyncHubSpotApi', 'contactSyncBrevoApi'],
	),
	...more,
});

export const change = (id: number | string, fields: IDataObject, more: IDataObject = {}): IDataObject => ({
	key: `hubspot:1:contact:${id}`,
	change: 'updated',
	source: { system: 'hubspot', account: '1', object: 'contact', id: String(id), list: '12' },
	changedAt: '2026-11-20T10:00:00.000Z',
	fields,
	optedOut: false,
	...more,
});

export async function runMap(
	vendors: Vendors,
	parameters: IDataObject,
	input: readonly IDataObject[],
	more: Partial<INode> = {},
): Promise<RunResult> {
	const options: RunOptions = { types, credentials: vendors.credentials, input };
	return await runNodes([mapNode(parameters, more)], options);
}

export interface TableField {
	readonly gone?: boolean;
	readonly types?: unknown;
	readonly id: string;
	readonly displayName: string;
	readonly type: string;
	readonly options: ReadonlyArray<{ name: string; value: string; drifted?: boolean }>;
	readonly defaultValue?: string;
}

/** The mapping table as the editor asks for it. */
export async function openTable(
	vendors: Pick<Vendors, 'credentials'>,
	mapping: IDataObject | undefined,
	node: Partial<INode> = {},
): Promise<{ fields: TableField[]; emptyFieldsNotice?: string }> {
	const answer = await callMethod(mapNode({ mapping }, node), 'resourceMapping', 'getMappingTable', {
		types,
		credentials: vendors.credentials,
	});
	return answer as { fields: TableField[]; emptyFieldsNotice?: string };
}

/** What the editor stores: the rows it was given with their state, and the values. */
export const storedAs = (fields: readonly TableField[], value: Readonly<Record<string, string>>): IDataObject => ({
	mappingMode: 'defineBelow',
	value,
	matchingColumns: [],
	schema: fields.map((field) => ({ ...field, removed: false })),
	attemptToConvertTypes: false,
	convertFieldsToString: false,
});
