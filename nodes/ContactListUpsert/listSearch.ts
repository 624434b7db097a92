import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import type { BrevoClient } from '../../clients/brevo/api/brevoClient';
import { readAllFolders, readAllLists } from '../../clients/brevo/destination/listByName';
import type { Result } from '../../core/result';
import { openBrevo } from '../shared/vendors/openBrevo';
import { toNodeError } from '../shared/n8n/toNodeError';

/** The lists of the Brevo account by name, with their number of contacts. */
export async function searchBrevoLists(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const lists = await readAllLists(await clientFor(this));
	return answer(this, lists, filter, ({ id, name, uniqueSubscribers }) => ({
		name: uniqueSubscribers === undefined ? name : `${name} (${uniqueSubscribers.toLocaleString('en-US')})`,
		value: String(id),
		url: `https://app.brevo.com/contact/list/id/${id}`,
	}));
}

/** The folders of the Brevo account by name. */
export async function searchBrevoFolders(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const folders = await readAllFolders(await clientFor(this));
	return answer(this, folders, filter, ({ id, name }) => ({ name, value: String(id) }));
}

async function clientFor(context: ILoadOptionsFunctions): Promise<BrevoClient> {
	const opened = await openBrevo(context);
	if (opened.kind !== 'ok') throw toNodeError(context.getNode(), opened);
	return opened.value.client;
}

function answer<T>(
	context: ILoadOptionsFunctions,
	found: Result<readonly T[]>,
	filter: string | undefined,
	toItem: (entry: T) => INodeListSearchItems,
): INodeListSearchResult {
	if (found.kind !== 'ok') throw toNodeError(context.getNode(), found);
	const wanted = filter?.trim().toLowerCase() ?? '';
	const items = found.value.map(toItem).filter(({ name }) => name.toLowerCase().includes(wanted));
	return { results: items.sort((a, b) => a.name.localeCompare(b.name)) };
}
