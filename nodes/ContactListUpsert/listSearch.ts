import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { toNodeError } from '../shared/n8n/toNodeError';
import type { DestinationSystem, ListEntry } from '../shared/vendors/destinationSystem';
import { destinationSystem } from '../shared/vendors/destinationSystems';

/** The lists of the destination account by name, with their number of contacts where it tells. */
export async function searchLists(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return answer(this, await chosen(this).lists(), filter);
}

/** The active lists of the destination account that can be an inclusion segment. */
export async function searchSegments(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return answer(this, (await chosen(this).segments?.()) ?? ok([]), filter);
}

/** The folders of the destination account by name. */
export async function searchFolders(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return answer(this, await chosen(this).folders(), filter);
}

const chosen = (context: ILoadOptionsFunctions): DestinationSystem =>
	destinationSystem(context, (name) => context.getCurrentNodeParameter(name));

function answer(
	context: ILoadOptionsFunctions,
	found: Result<readonly ListEntry[]>,
	filter: string | undefined,
): INodeListSearchResult {
	if (found.kind !== 'ok') throw toNodeError(context.getNode(), found);
	const wanted = filter?.trim().toLowerCase() ?? '';
	const items = found.value.filter(({ name }) => name.toLowerCase().includes(wanted));
	return { results: items.sort((a, b) => a.name.localeCompare(b.name)) };
}
