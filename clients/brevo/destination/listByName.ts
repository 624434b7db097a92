import type { Clock } from '../../../core/ports';
import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { BrevoClient } from '../api/brevoClient';
import { LISTS_PER_PAGE } from '../api/limits';
import { PageCircle, REPEATED_PAGES } from '../api/repeatedPages';
import type { BrevoFolder, BrevoList } from '../api/types';

/** Pages of lists or folders read at most; an account has up to 300 lists (help page 9168632514066). */
const MAX_PAGES = 40;
const KEEP_MS = 60_000;
/** Where a list goes when no folder is chosen and the account has none. */
const DEFAULT_FOLDER = 'Contact Sync';

const foundByName = new RecentAnswers<number | undefined>(KEEP_MS);

/** Every list of the account, oldest first. */
export async function readAllLists(client: BrevoClient): Promise<Result<readonly BrevoList[]>> {
	const all: BrevoList[] = [];
	const circle = new PageCircle();
	for (let page = 0; page < MAX_PAGES; page++) {
		const answer = await client.getLists(page * LISTS_PER_PAGE);
		if (answer.kind !== 'ok') return answer;
		for (const list of answer.value.lists) all.push(list);
		if (answer.value.lists.length < LISTS_PER_PAGE) break;
		if (circle.closesWith(answer.value.lists)) return REPEATED_PAGES;
	}
	return ok(all);
}

/** Every folder of the account, oldest first. */
export async function readAllFolders(client: BrevoClient): Promise<Result<readonly BrevoFolder[]>> {
	const all: BrevoFolder[] = [];
	const circle = new PageCircle();
	for (let page = 0; page < MAX_PAGES; page++) {
		const answer = await client.getFolders(page * LISTS_PER_PAGE);
		if (answer.kind !== 'ok') return answer;
		for (const folder of answer.value.folders) all.push(folder);
		if (answer.value.folders.length < LISTS_PER_PAGE) break;
		if (circle.closesWith(answer.value.folders)) return REPEATED_PAGES;
	}
	return ok(all);
}

export interface ListByName {
	readonly name: string;
	/** Folder of a list to be created; the account's first one when absent. */
	readonly folderId?: number;
	/** False: a missing list is not created and the answer is undefined (dry run). */
	readonly create: boolean;
}

/**
 * The list of that name, made if there is none (HB-12). Found again by its name in later runs, whatever folder it was moved
 * to; the oldest of several counts. Two processes that create it at once notice: the younger list is empty and taken away
 * again. Use it only within `exclusively(account)`.
 */
export async function listByName(
	client: BrevoClient,
	account: string,
	wanted: ListByName,
	clock: Clock,
): Promise<Result<number | undefined>> {
	const key = `${account}:${normalName(wanted.name)}`;
	const answer = await foundByName.get(key, clock, async () => await findOrCreate(client, wanted));
	if (answer.kind === 'ok' && answer.value === undefined) foundByName.forget(key);
	return answer;
}

/** Looks for the list anew next time: it was deleted. */
export function forgetListNamed(account: string, name: string): void {
	foundByName.forget(`${account}:${normalName(name)}`);
}

async function findOrCreate(
	client: BrevoClient,
	{ name, folderId, create }: ListByName,
): Promise<Result<number | undefined>> {
	const found = await findByName(client, name);
	if (found.kind !== 'ok' || found.value !== undefined || !create) return found;
	const folder = folderId === undefined ? await anyFolder(client) : ok(folderId);
	if (folder.kind !== 'ok') return folder;
	const created = await client.createList(name.trim(), folder.value);
	if (created.kind === 'refused') {
		const where = `'List' or 'Folder for a New List' (folder ID ${folder.value})`;
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `The list could not be created as ${where} says. ${created.reason}`,
		};
	}
	// Also after a fault: the call may have been carried out all the same.
	const now = await findByName(client, name);
	if (now.kind !== 'ok') return now;
	if (created.kind !== 'ok') return now.value === undefined ? created : now;
	if (now.value === undefined || now.value === created.value.id) return ok(created.value.id);
	const removed = await client.deleteList(created.value.id);
	return removed.kind === 'ok' || removed.kind === 'refused' ? now : removed;
}

async function findByName(client: BrevoClient, name: string): Promise<Result<number | undefined>> {
	const lists = await listsNamed(client, name);
	return lists.kind === 'ok' ? ok(lists.value[0]?.id) : lists;
}

/** The lists of that name, whatever its case, oldest first: the first one counts. */
export async function listsNamed(client: BrevoClient, name: string): Promise<Result<readonly BrevoList[]>> {
	const lists = await readAllLists(client);
	if (lists.kind !== 'ok') return lists;
	const named = lists.value.filter((list) => normalName(list.name) === normalName(name));
	return ok(named.sort((a, b) => a.id - b.id));
}

async function anyFolder(client: BrevoClient): Promise<Result<number>> {
	const folders = await client.getFolders(0);
	if (folders.kind !== 'ok') return folders;
	const [first] = folders.value.folders;
	if (first) return ok(first.id);
	const created = await client.createFolder(DEFAULT_FOLDER);
	return created.kind === 'ok' ? ok(created.value.id) : created;
}

const normalName = (name: string): string => name.trim().toLowerCase();
