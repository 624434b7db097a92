import type { Result } from '../../../core/result';
import type { SetUpFinding } from '../../../core/setUpFinding';
import { passed, problem, warned } from '../../../core/setUpFinding';
import type { BrevoClient } from '../api/brevoClient';
import type { ListByName } from './listByName';
import { listsNamed } from './listByName';
import type { ListChoice } from './openDestination';
import type { BrevoList } from '../api/types';

const LIST = 'List';
const FOLDER = 'Folder for a New List';

/** Whether the list to fill is there, or where it would be created. Creates nothing. */
export async function checkBrevoList(client: BrevoClient, choice: ListChoice): Promise<SetUpFinding[]> {
	return 'id' in choice ? [await checkById(client, choice.id)] : await checkByName(client, choice);
}

async function checkById(client: BrevoClient, id: number): Promise<SetUpFinding> {
	const list = await client.getList(id);
	if (list.kind === 'ok') return passed(LIST, `The list ${described(list.value)} exists`);
	if (list.kind !== 'refused') return problem(LIST, list);
	return problem(LIST, { kind: 'stop', code: 'LIST_NOT_FOUND', reason: `There is no Brevo list with ID ${id}` });
}

async function checkByName(client: BrevoClient, { name, folderId }: ListByName): Promise<SetUpFinding[]> {
	const found = await listsNamed(client, name);
	if (found.kind !== 'ok') return [problem(LIST, found)];
	const [oldest] = found.value;
	if (oldest && found.value.length > 1) {
		const message = `Brevo has ${found.value.length} lists named '${name}'; the oldest is used, ${described(oldest)}`;
		return [warned(LIST, message, "Pick the list in 'List' with 'From List', or rename the others in Brevo.")];
	}
	if (oldest) return [passed(LIST, `The list ${described(oldest)} exists and is used`)];
	return [
		passed(LIST, `There is no list '${name}' yet; the first sync creates it`),
		await checkFolder(client, folderId),
	];
}

async function checkFolder(client: BrevoClient, folderId: number | undefined): Promise<SetUpFinding> {
	if (folderId === undefined) {
		const folders = await client.getFolders(0);
		if (folders.kind !== 'ok') return problem(FOLDER, folders);
		const first = folders.value.folders[0];
		const message = first ? `The list goes into the first folder, '${first.name}'` : 'The first sync creates a folder';
		return passed(FOLDER, message);
	}
	const folder: Result<{ name: string }> = await client.getFolder(folderId);
	if (folder.kind === 'ok') return passed(FOLDER, `The list goes into the folder '${folder.value.name}'`);
	if (folder.kind !== 'refused') return problem(FOLDER, folder);
	return problem(FOLDER, {
		kind: 'stop',
		code: 'FOLDER_NOT_FOUND',
		reason: `There is no Brevo folder with ID ${folderId}`,
	});
}

const described = ({ name, id, uniqueSubscribers }: BrevoList): string =>
	`'${name}' (ID ${id}${uniqueSubscribers === undefined ? '' : `, ${uniqueSubscribers.toLocaleString('en-US')} contacts`})`;
