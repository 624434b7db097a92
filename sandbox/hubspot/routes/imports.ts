import { z } from 'zod';
import type { Account, Answer, Api, Call, RouteOptions } from '../api';
import { bodyAs, intOf } from '../api';
import { iso } from '../contacts/contactValues';
import { notFound, validationError } from '../errors';
import type { Import, ImportError, ImportRow } from '../imports/importStore';
import { partsOf } from '../imports/multipart';
import { at, IMPORTS } from './paths';

const SCOPE: RouteOptions = { scopes: [['crm.import']] };

const CONTACT = '0-1';

const columnMapping = z.object({
	columnObjectTypeId: z.string(),
	columnName: z.string(),
	propertyName: z.string().nullish(),
	columnType: z.string().nullish(),
});

const importRequest = z.object({
	name: z.string().min(1),
	importOperations: z.record(z.enum(['CREATE', 'UPDATE', 'UPSERT'])).optional(),
	marketableContactImport: z.boolean().optional(),
	files: z
		.array(
			z.object({
				fileName: z.string().min(1),
				fileFormat: z.enum(['CSV', 'SPREADSHEET']),
				fileImportPage: z.object({ hasHeader: z.boolean(), columnMappings: z.array(columnMapping).min(1) }),
			}),
		)
		.min(1),
});

/**
 * The imports of HubSpot's guide (https://developers.hubspot.com/docs/api-reference/legacy/crm/imports/guide), as far as contacts are updated
 * by record id, without further columns.
 */
export function mountImports(api: Api, account: Account): void {
	api.on('post', at(IMPORTS, ''), SCOPE, (call) => {
		const { name, isMarketable, rows } = readImport(call, account);
		return [200, toJson(account.store.imports.start(name, rows, isMarketable))];
	});
	api.on('get', at(IMPORTS, ''), SCOPE, ({ query }) => {
		const limit = intOf(query, 'limit', 10, 1, 100);
		const newest = [...account.store.imports.imports.values()].reverse();
		return [200, { results: newest.slice(0, limit).map(toJson) }];
	});
	api.on('get', at(IMPORTS, '/:importId'), SCOPE, (call) => [200, toJson(find(account, call))]);
	api.on('get', at(IMPORTS, '/:importId/errors'), SCOPE, (call) => {
		const limit = intOf(call.query, 'limit', 10, 1, 100);
		const from = intOf(call.query, 'after', 0, 0, 1_000_000);
		const { errors } = find(account, call);
		const isLast = from + limit >= errors.length;
		return [
			200,
			{
				results: errors.slice(from, from + limit).map((one) => errorJson(one, call.query)),
				...(!isLast && { paging: { next: { after: String(from + limit) } } }),
			},
		];
	});
	api.on('post', at(IMPORTS, '/:importId/cancel'), SCOPE, (call): Answer => {
		const one = find(account, call);
		account.store.imports.cancel(one);
		return [200, { status: 'COMPLETE', startedAt: iso(one.createdAt), completedAt: iso(account.now()) }];
	});
}

function find({ store }: Account, { params }: Call): Import {
	const id = params['importId'] ?? '';
	const found = /^\d{1,15}$/.test(id) ? store.imports.imports.get(Number(id)) : undefined;
	if (found === undefined) throw notFound(`No import found with id ${id}`);
	return found;
}

function readImport(
	{ body, contentType }: Call,
	{ settings }: Account,
): { readonly name: string; readonly isMarketable: boolean | undefined; readonly rows: readonly ImportRow[] } {
	const parts = partsOf(contentType, Buffer.isBuffer(body) ? body.toString('utf8') : '');
	const said = parts.filter(({ name }) => name === 'importRequest');
	const files = parts.filter(({ name, fileName }) => name === 'files' && fileName !== undefined);
	if (said.length !== 1) throw validationError('importRequest is required, once');
	const request = bodyAs(importRequest, parsed(said[0]?.text ?? ''));
	const [file, ...more] = request.files;
	if (file === undefined || more.length > 0) throw validationError('The stand-in takes one file an import');
	if ((request.importOperations?.[CONTACT] ?? 'UPSERT') !== 'UPDATE')
		throw validationError('The stand-in takes imports that UPDATE contacts');
	if (request.marketableContactImport !== undefined && settings.marketingContacts === 'refused')
		throw validationError('marketableContactImport: this account does not have access to marketing contacts');
	const sent = files.find(({ fileName }) => fileName === file.fileName);
	if (sent === undefined) throw validationError(`No file with the name ${file.fileName} was found in the request`);
	if (file.fileFormat !== 'CSV') throw validationError('The stand-in takes CSV files');
	return {
		name: request.name,
		isMarketable: request.marketableContactImport,
		rows: readRows(sent.text, file.fileImportPage),
	};
}

/** Rows of record ids; the mapping names each column of the header, in its order. */
function readRows(
	text: string,
	{ hasHeader, columnMappings }: z.output<typeof importRequest>['files'][number]['fileImportPage'],
): readonly ImportRow[] {
	const lines = text.split(/\r?\n/).map((line) => line.split(','));
	if (lines.at(-1)?.join('') === '') lines.pop();
	const header = hasHeader ? lines.shift() : undefined;
	if (header === undefined) throw validationError('The stand-in takes files with a header');
	if (header.join(',') !== columnMappings.map(({ columnName }) => columnName).join(','))
		throw validationError('columnMappings must name the columns of the file in their order');
	const [column, ...others] = columnMappings;
	const isRecordId =
		column?.columnObjectTypeId === CONTACT &&
		column.columnType === 'HUBSPOT_OBJECT_ID' &&
		(column.propertyName ?? 'hs_object_id') === 'hs_object_id';
	if (!isRecordId || others.length > 0)
		throw validationError('The stand-in takes one column, of record ids of contacts');
	if (lines.length === 0) throw validationError('The file is empty');
	return lines.map((cells, index) => ({ line: index + 2, cells, id: cells[0] ?? '' }));
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw validationError('Invalid input JSON in importRequest');
	}
}

const toJson = ({ id, name, createdAt, updatedAt, state, rows, errors, updated }: Import): Record<string, unknown> => ({
	id: String(id),
	importName: name,
	importSource: 'API',
	state,
	createdAt: iso(createdAt),
	updatedAt: iso(updatedAt),
	optOutImport: false,
	mappedObjectTypeIds: [CONTACT],
	metadata: {
		counters: {
			TOTAL_ROWS: rows.length,
			...(state === 'DONE' && { UPDATED_OBJECTS: updated, ERRORS: errors.length }),
		},
		fileIds: [String(id + 900_000)],
		objectLists: [],
	},
});

const errorJson = ({ id, at: then, errorType, row }: ImportError, query: URLSearchParams): Record<string, unknown> => ({
	id,
	createdAt: Math.floor(then / 1_000),
	errorType,
	objectType: 'CONTACT',
	objectTypeId: CONTACT,
	knownColumnNumber: 1,
	...(query.get('includeErrorMessage') === 'true' && { errorMessage: `${errorType} in line ${row.line}` }),
	sourceData: {
		fileId: 1,
		lineNumber: row.line,
		containsEncryptedProperties: false,
		rowData: query.get('includeRowData') === 'true' ? row.cells : [],
	},
});
