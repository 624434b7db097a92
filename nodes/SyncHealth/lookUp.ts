import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { fullId } from '../../clients/salesforce/api/fields/recordIds';
import { isSalesforceId } from '../../clients/salesforce/api/types';
import type { TableHealthBook } from '../../clients/n8n/tableHealthBook';
import { isContactKey, recordIdOf } from '../../core/contact/contact';
import type { ContactQuery, FoundTrouble, KnownSync } from '../../core/health/lookUp';
import { findTroubles, queryOf } from '../../core/health/lookUp';
import { entryOf, secondText } from '../../core/health/troubleRows';
import { minuteText, nextTryText, troubleText } from '../../core/health/troubleText';
import { ruleOf } from '../../core/outcome';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { textForItem } from '../shared/n8n/parameters';
import { toNodeError } from '../shared/n8n/toNodeError';
import { nothingRecorded, openHealth, readSyncs, unreadState } from './openHealth';
import { readCommon } from './settings';

/** Rows that are read for their details in one run. */
const MOST_DETAILS = 50;

/** Expressions are slow; n8n answers other requests after this many items. */
const ITEMS_BETWEEN_PAUSES = 200;

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
	const unanswered: number[] = [];
	for (const index of context.getInputData().keys()) {
		if (index % ITEMS_BETWEEN_PAUSES === ITEMS_BETWEEN_PAUSES - 1) await sleep(0);
		const question = readQuestion(context, index);
		if (question.kind !== 'ok') unanswered.push(index);
		const answers =
			question.kind === 'ok'
				? await answersTo(question.value, tools.markOf, syncs.value, book)
				: [{ contact: '', status: 'notNamed', message: question.reason }];
		for (const json of answers) items.push({ json, pairedItem: { item: index } });
	}
	if (unanswered.length > 0) context.addExecutionHints(warning(unansweredText(unanswered, context)));
	const inTrouble = items.filter(({ json }) => json.key !== undefined).length;
	context.addExecutionHints(info(`${items.length} answers, ${inTrouble} of them about contacts that are not in sync`));
	context.addExecutionHints(...book.notes.map(warning));
	return ok(items);
}

/** Contact keys hold Salesforce's ids in full; people copy 15 characters of them as well. */
function longId(name: string): string {
	const id = isContactKey(name) ? recordIdOf(name) : name;
	const isShort = id.length === 15 && isSalesforceId(id) && (id === name || name.startsWith('salesforce:'));
	return isShort ? `${name.slice(0, -id.length)}${fullId(id)}` : name;
}

/** What an item asks. */
interface Question {
	readonly contact: string;
	/** Undefined: all syncs. */
	readonly sync: string | undefined;
}

function readQuestion(context: IExecuteFunctions, index: number): Result<Question> {
	const contact = textForItem(context, { name: 'contact', label: 'Record ID, E-Mail or Key' }, index);
	if (contact.kind !== 'ok') return contact;
	const sync = textForItem(context, { name: 'syncName', label: 'Sync' }, index);
	return sync.kind === 'ok' ? ok({ contact: contact.value, sync: sync.value || undefined }) : sync;
}

const unansweredText = ([first = 0, ...others]: readonly number[], context: IExecuteFunctions): string =>
	`${others.length + 1} of ${context.getInputData().length} items could not be looked up, the first of them [item ${first}]: their expression fails`;

async function answersTo(
	{ contact, sync: name }: Question,
	markOf: (address: string) => string,
	known: readonly KnownSync[],
	book: TableHealthBook,
): Promise<IDataObject[]> {
	const query = queryOf(longId(contact.trim()), markOf);
	const syncs = known.filter(({ sync }) => name === undefined || sync === name);
	if (query === undefined) {
		const message = "The item names no contact: 'Record ID, E-Mail or Key' is empty for it.";
		return [{ contact, status: 'notNamed', message }];
	}
	if (syncs.length === 0) {
		const unread = book.notes.filter((note) => (name === undefined ? UNREAD.test(note) : note === unreadState(name)));
		return [{ contact, status: 'unknown', message: unread.length > 0 ? unread.join(' ') : nothingRecorded(name) }];
	}
	const answers: IDataObject[] = [];
	for (const one of syncs) {
		const found = findTroubles(one.state, query);
		if (found.length === 0) answers.push({ contact, sync: one.sync, ...noTrouble(one, query) });
		for (const each of found) {
			const details = answers.length < MOST_DETAILS ? await detailsOf(book, one.sync, each) : {};
			answers.push({ contact, sync: one.sync, ...troubleJson(each), ...details, lastBatch: lastBatchOf(one) });
		}
	}
	// Of several syncs those without trouble say nothing where another one knows the contact.
	const telling = answers.filter(({ key }) => key !== undefined);
	return telling.length > 0 ? telling : answers;
}

/** How `unreadState` begins. */
const UNREAD = /^The cell 'state' of the sync /;

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
