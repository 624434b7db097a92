import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { conditionFields } from '../../../clients/salesforce/scope/conditionFields';
import { recentObject } from '../../../clients/salesforce/api/cachedDefinitions';
import { toSourceFields } from '../../../clients/salesforce/source/toSourceFields';
import type { SalesforceObject, SalesforceObjectName } from '../../../clients/salesforce/api/types';
import { offeredFields } from '../../../core/mapping/fields';
import { displayNames } from '../../../core/mapping/suggest/layOutTable';
import type { Result } from '../../../core/result';
import type { OpenSalesforce } from '../vendors/openSalesforce';
import { openSalesforce } from '../vendors/openSalesforce';
import { salesforceCredentialType } from '../credentials/salesforceAuthentication';
import { toNodeError } from '../n8n/toNodeError';

/** The list views of the object, by name. */
export async function searchListViews(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const { client } = await open(this);
	const wanted = filter.trim().toLowerCase();
	const views = valueOf(this, await client.listViews(objectOf(this)));
	const found = views
		.filter(({ readable, label }) => readable && label.toLowerCase().includes(wanted))
		.sort((a, b) => a.label.localeCompare(b.label, 'en'));
	return { results: found.map(({ id, label }) => ({ name: label, value: id })) };
}

/** Campaigns whose name holds what was typed; Salesforce searches, because organisations have thousands. */
export async function searchCampaigns(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const { client } = await open(this);
	const name = filter?.trim();
	const found = valueOf(this, await client.campaigns(name === '' ? undefined : name));
	return {
		results: found.map(({ id, name, active }) => ({ name: active ? name : `${name} (not active)`, value: id })),
	};
}

/** The fields worth reading, by label. */
export async function getReadableFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const fields = offeredFields(toSourceFields(await describe(this)));
	const names = displayNames(fields);
	return sorted(fields.map(({ name, label }) => ({ name: names.get(name) ?? label, value: name, description: name })));
}

/** The fields that conditions can ask for, by label, with the type by which the operators tell what they are for. */
export async function getConditionFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const fields = conditionFields(await describe(this));
	return sorted(fields.map(({ name, label, type }) => ({ name: label, value: name, description: `${name}, ${type}` })));
}

const sorted = (options: INodePropertyOptions[]): INodePropertyOptions[] =>
	options.sort((a, b) => a.name.localeCompare(b.name, 'en'));

async function describe(context: ILoadOptionsFunctions): Promise<SalesforceObject> {
	const { client, account, clock } = await open(context);
	return valueOf(context, await recentObject(client, account, objectOf(context), clock, 'newest'));
}

const objectOf = (context: ILoadOptionsFunctions): SalesforceObjectName =>
	context.getCurrentNodeParameter('object') === 'Lead' ? 'Lead' : 'Contact';

async function open(context: ILoadOptionsFunctions): Promise<OpenSalesforce> {
	const authentication = context.getCurrentNodeParameter('salesforceAuthentication');
	return valueOf(context, await openSalesforce(context, salesforceCredentialType(authentication)));
}

function valueOf<T>(context: ILoadOptionsFunctions, result: Result<T>): T {
	if (result.kind !== 'ok') throw toNodeError(context.getNode(), result);
	return result.value;
}
