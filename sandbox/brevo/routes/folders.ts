import type { Request, Router } from 'express';
import type { BrevoAccount } from '../account';
import { notFound } from '../brevoError';
import type { Folder } from '../entities';
import { folderBody, listBody } from '../format';
import { bodyOf, pageOf, paging, pathId, requiredText } from '../readParameters';

const PAGE = { max: 50, standard: 10 };

export function folderRoutes(router: Router, account: BrevoAccount): void {
	const { store } = account;

	router.get('/contacts/folders', (request, response) => {
		const page = paging(request, PAGE);
		const folders = [...store.folders.values()];
		response.json({ folders: pageOf(folders, page).map((folder) => folderBody(folder, store)), count: folders.length });
	});

	router.post('/contacts/folders', (request, response) => {
		response.status(201).json({ id: store.createFolder(requiredText(bodyOf(request), 'name')).id });
	});

	router.get('/contacts/folders/:folderId', (request, response) => {
		response.json(folderBody(folderOf(account, request), store));
	});

	router.put('/contacts/folders/:folderId', (request, response) => {
		folderOf(account, request).name = requiredText(bodyOf(request), 'name');
		response.status(204).end();
	});

	router.delete('/contacts/folders/:folderId', (request, response) => {
		store.deleteFolder(folderOf(account, request));
		response.status(204).end();
	});

	router.get('/contacts/folders/:folderId/lists', (request, response) => {
		const folder = folderOf(account, request);
		const page = paging(request, PAGE);
		const lists = [...store.lists.values()].filter(({ folderId }) => folderId === folder.id);
		response.json({
			lists: pageOf(lists, page).map((list) => listBody(list, account.settings, account.clock.now())),
			count: lists.length,
		});
	});
}

function folderOf({ store }: BrevoAccount, request: Request): Folder {
	const folder = store.folders.get(pathId(request, 'folderId') ?? -1);
	if (folder === undefined) throw notFound('Folder ID does not exist');
	return folder;
}
