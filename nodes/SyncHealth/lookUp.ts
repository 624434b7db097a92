import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { fullId } from '../../clients/salesforce/api/recordIds';
import { isSalesforceId } from '../../clients/salesforce/api/types';
import type { TableHealthBook } from '../../clients/n8n/tableHealthBook';
import type { ContactQuery, FoundTrouble, KnownSync } from '../../core/health/lookUp';
import { findTroubles, queryOf } from '../../core/health/lookUp';
import { entryOf, secondText } from '../../core/health/troubleRows';
import { minuteText, nextTryText, troubleText } from '../../core/health/troubleText';
import { idTextOf } from '../../core/json';
import { ruleOf } from '../../core/outcome';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { toNodeError } from '../shared/n8n/toNodeError';
import { openHealth, readSyncs } from './openHealth';
import { readCommon, readSyncName } from './settings';

/** Rows that are read for their details in one run. */
const MOST_DETAILS = 50;

/** The operation Look Up: for each item, and each sync, one answer to "why did this contact not sync?". */
export async function lookUp(context: IExecuteFunctions): Promise<[INodeExecutionData[]]> {
	const answers = await lookUpItems(context);
	if (answers.kind === 'ok') return [answers.value];
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), answers);
	return [
		context
			.getInputData()
			.map((_item, item) => ({ json: { error: answers.reason, code: answers.code }, pairedItem: { item } })),
	];
}

async function lookUpItems(context: IExecuteFunctions): Promise<Result<INodeExecutionData[]>> {
	const common = readCommon(context);
	if (common.kind !== 'ok') return common;
	const opened = await openHealth(context, common.value);
	if (opened.kind !== 'ok') return opened;
	const { book, tools } = opened.value;
	const syncs = await readSyncs(book);
	if (syncs.kind !== 'ok') return syncs;
	const items: INodeExecutionData[] = [];
	for (const index of context.getInputData().keys()) {
		const text = idTextOf(context.getNodeParameter('contact', index, ''));
		const query = queryOf(longId(text), tools.markOf);
		const name = readSyncName(context, index);
		const asked = syncs.value.filter(({ sync }) => name === undefined || sync === name);
		for (const json of await answersTo(query, text, asked, name, book))
			items.push({ json, pairedItem: { item: index } });
	}
	const inTrouble = items.filter(({ json }) => json.key !== undefined).length;
	context.addExecutionHints(info(`${items.length} answers, ${inTrouble} of them about contacts that are not in sync`));
	context.addExecutionHints(...book.notes.map(warning));
	return ok(items);
}

/** Contact keys hold Salesforce's ids in full; people copy 15 characters of them as well. */
const longId = (text: string): string => {
	const id = text.trim();
	return id.length === 15 && isSalesforceId(id) ? fullId(id) : id;
};

async function answersTo(
	query: ContactQuery | undefined,
	text: string,
	syncs: readonly KnownSync[],
	name: string | undefined,
	book: TableHealthBook,
): Promise<IDataObject[]> {
	const contact = text.trim();
	if (query === undefined) {
		const message = "The item names no contact: 'Record ID, E-Mail or Key' is empty for it.";
		return [{ contact, status: 'notNamed', message }];
	}
	if (syncs.length === 0) return [{ contact, status: 'unknown', message: nothingRecorded(name) }];
	const answers: IDataObject[] = [];
	for (const known of syncs) {
		const found = findTroubles(known.state, query);
		if (found.length === 0) answers.push({ contact, sync: known.sync, ...noTrouble(known, query) });
		for (const each of found) {
			const details = answers.length < MOST_DETAILS ? await detailsOf(book, known.sync, each) : {};
			answers.push({ contact, sync: known.sync, ...troubleJson(each), ...details, lastBatch: lastBatchOf(known) });
		}
	}
	// Of several syncs those without trouble say nothing where another one knows the contact.
	const telling = answers.filter(({ key }) => key !== undefined);
	return telling.length > 0 ? telling : answers;
}

const nothingRecorded = (name: string | undefined): string =>
	name === undefined
		? 'No sync has recorded anything yet: put Sync Health with the operation Record behind a sync.'
		: `No sync of the name '${name}' has recorded anything: look at 'Sync' of its Sync Health node.`;

const lastBatchOf = ({ state }: KnownSync): string => new Date(state.at).toISOString();

const noTrouble = (known: KnownSync, query: ContactQuery): IDataObject => ({
	status: 'noTrouble',
	message:
		`Nothing keeps this contact out of '${known.sync}', as of its last batch (${minuteText(known.state.at)}): it is in sync, or the sync has never had it. ` +
		(query.kind === 'address'
			? 'A contact that had another address when it was synced last is found by its record ID.'
			: 'If it is missing at the destination, see whether it is in the source list and whether executions of the workflow fail.'),
	lastBatch: lastBatchOf(known),
});

function troubleJson({ key, trouble }: FoundTrouble): IDataObject {
	const { kind, code, since, seen } = trouble;
	const rule = ruleOf(code);
	return {
		status: kind,
		message: troubleText(code),
		code,
		...(rule === undefined ? {} : { rule }),
		since: secondText(since),
		lastSeen: secondText(seen),
		nextTry: nextTryText(trouble),
		key,
	};
}

/** What was chosen to be kept of the contact, and the message as the node said it. */
async function detailsOf(book: TableHealthBook, sync: string, { key, trouble }: FoundTrouble): Promise<IDataObject> {
	const row = await book.row(entryOf(sync, key, trouble));
	if (row.kind !== 'ok' || row.value === undefined) return {};
	const { whatToDo, address, values } = row.value;
	return {
		...(whatToDo === '' ? {} : { message: whatToDo }),
		...(address === '' ? {} : { address }),
		...valuesOf(values),
	};
}

function valuesOf(text: string): IDataObject {
	if (text === '') return {};
	try {
		return { values: JSON.parse(text) as IDataObject };
	} catch {
		return {};
	}
}
