import type { Router } from 'express';
import type { BrevoAccount } from '../account';
import { BrevoError, invalidParameter, missingParameter, notFound } from '../brevoError';
import { readCsv } from '../imports/csv';
import type { ImportOptions, ImportRow } from '../imports/importRows';
import {
	bodyOf,
	optionalFlag,
	optionalId,
	optionalIds,
	optionalObject,
	optionalText,
	pageOf,
	paging,
	pathId,
	requiredText,
	type Body,
} from '../readParameters';
import { createList } from './lists';

const PROCESSES_PAGE = { max: 50, standard: 10 };

export function importRoutes(router: Router, account: BrevoAccount): void {
	const { processes } = account;

	router.post('/contacts/import', (request, response) => {
		const body = bodyOf(request);
		const { kind, rows } = readRows(body);
		const options: Omit<ImportOptions, 'listIds'> = {
			kind,
			updateExisting: optionalFlag(body, 'updateExistingContacts') ?? true,
			emptyClears: optionalFlag(body, 'emptyContactsAttributes') ?? false,
			emailBlock: optionalFlag(body, 'emailBlacklist') ?? false,
			smsBlock: optionalFlag(body, 'smsBlacklist') ?? false,
		};
		optionalFlag(body, 'disableNotification');
		optionalText(body, 'notifyUrl');
		if (optionalIds(body, 'consentGroupIds') !== undefined) {
			throw new BrevoError(403, 'CONSENT_GROUP_NOT_ENABLED', 'Consent groups are not enabled for this account');
		}
		const processId = processes.startImport(rows, { ...options, listIds: targetLists(account, body) });
		response.status(202).json({ processId });
	});

	router.get('/processes', (request, response) => {
		const page = paging(request, PROCESSES_PAGE);
		const ids = processes.all();
		response.json({
			processes: pageOf(ids, page).map((id) => processes.body(id, account.url())),
			count: ids.length,
		});
	});

	router.get('/processes/:processId', (request, response) => {
		const id = pathId(request, 'processId');
		if (id === undefined) throw new BrevoError(404, 'invalid_parameter', 'Process ID is not valid');
		const body = processes.body(id, account.url());
		if (body === undefined) throw notFound('Process not found');
		response.json(body);
	});
}

/** The rows of `jsonBody` or `fileBody`, of which exactly one may be given; a `fileUrl` is out of a sandbox's reach. */
function readRows(body: Body): { kind: ImportOptions['kind']; rows: ImportRow[] } {
	const { jsonBody } = body;
	const fileBody = optionalText(body, 'fileBody');
	const sources = [jsonBody, fileBody, body.fileUrl].filter((source) => source !== undefined && source !== null);
	if (sources.length === 0) throw missingParameter('One of fileUrl, fileBody and jsonBody is required');
	if (sources.length > 1) throw invalidParameter('Only one of fileUrl, fileBody and jsonBody can be passed');
	if (fileBody !== undefined) {
		const lines = readCsv(fileBody);
		if (lines.length === 0) throw invalidParameter('fileBody is empty');
		return {
			kind: 'csv',
			rows: lines.map(({ EMAIL, ...attributes }) => ({ email: EMAIL, extId: attributes.EXT_ID, attributes })),
		};
	}
	if (!Array.isArray(jsonBody)) {
		throw invalidParameter(jsonBody === undefined ? 'fileUrl cannot be fetched' : 'jsonBody should be an array');
	}
	if (jsonBody.length === 0) throw invalidParameter('jsonBody is empty');
	return { kind: 'json', rows: jsonBody.map(readRow) };
}

function readRow(entry: unknown): ImportRow {
	if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
		throw invalidParameter('jsonBody should be an array of objects');
	}
	const row = entry as Body;
	return {
		email: optionalText(row, 'email'),
		extId: optionalText(row, 'ext_id'),
		attributes: optionalObject(row, 'attributes') ?? {},
	};
}

/** The lists of `listIds`, and the one `newList` makes; an import always goes into a list. */
function targetLists(account: BrevoAccount, body: Body): number[] {
	const listIds = optionalIds(body, 'listIds') ?? [];
	const newList = optionalObject(body, 'newList');
	if (listIds.length === 0 && newList === undefined) throw missingParameter('listIds or newList is required');
	if (listIds.some((id) => !account.store.lists.has(id))) throw invalidParameter('List ID does not exist');
	if (newList === undefined) return listIds;
	const name = requiredText(newList, 'listName');
	const folderId = optionalId(newList, 'folderId');
	if (folderId === undefined) throw missingParameter('folderId is missing');
	return [...listIds, createList(account, name, folderId).id];
}
