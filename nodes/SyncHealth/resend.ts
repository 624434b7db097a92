import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ResendChoice } from '../../core/health/lookUp';
import { toResend } from '../../core/health/lookUp';
import type { TroubleKind } from '../../core/health/statement';
import { TROUBLE_KINDS } from '../../core/health/statement';
import { secondText } from '../../core/health/troubleRows';
import { ownValue } from '../../core/contact/ownValues';
import { idTextOf } from '../../core/json';
import { isReasonCode } from '../../core/outcome';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { executeParameters, readLimit } from '../shared/n8n/parameters';
import { toNodeError } from '../shared/n8n/toNodeError';
import { invalid } from '../shared/trigger/settings';
import { openHealth, readSyncs } from './openHealth';
import { readCommon, readSyncName } from './settings';

/**
 * The operation Resend: an item for each contact of a cause, once, whatever came in. Read Contacts reads a contact by the `key` of its
 * item; what becomes of it is recorded by the Sync Health behind that.
 */
export async function resend(context: IExecuteFunctions): Promise<[INodeExecutionData[]]> {
	const read = await contactsOf(context);
	if (read.kind === 'ok') return [read.value];
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), read);
	return [[{ json: { error: read.reason, code: read.code }, pairedItem: { item: 0 } }]];
}

async function contactsOf(context: IExecuteFunctions): Promise<Result<INodeExecutionData[]>> {
	const choice = readChoice(context);
	if (choice.kind !== 'ok') return choice;
	const limit = readLimit(executeParameters(context));
	if (limit.kind !== 'ok') return limit;
	const common = readCommon(context);
	if (common.kind !== 'ok') return common;
	const opened = await openHealth(context, common.value);
	if (opened.kind !== 'ok') return opened;
	const { book } = opened.value;
	const syncs = await readSyncs(book, readSyncName(context));
	if (syncs.kind !== 'ok') return syncs;
	const all = syncs.value.flatMap(({ sync, state }) =>
		toResend(state, choice.value).map(({ key, trouble: { kind, code, since } }) => ({
			key,
			sync,
			status: kind,
			code,
			since: secondText(since),
		})),
	);
	const contacts = all.slice(0, limit.value);
	const more = all.length > contacts.length ? `; ${all.length - contacts.length} more are over the limit` : '';
	context.addExecutionHints(info(`${contacts.length} contacts to resend${more}`), ...book.notes.map(warning));
	return ok(contacts.map((json) => ({ json, pairedItem: { item: 0 } })));
}

const KINDS: Readonly<Record<string, readonly TroubleKind[]>> = {
	all: TROUBLE_KINDS,
	reason: TROUBLE_KINDS,
	excluded: ['excluded'],
	failing: ['failing'],
	failingAndWaiting: ['failing', 'waiting'],
};

function readChoice(context: IExecuteFunctions): Result<ResendChoice> {
	const which = idTextOf(context.getNodeParameter('which', 0, 'failingAndWaiting'));
	const kinds = new Set(ownValue(KINDS, which) ?? KINDS.failingAndWaiting);
	if (which !== 'reason') return ok({ kinds });
	const code = idTextOf(context.getNodeParameter('reason', 0, ''))
		.trim()
		.toUpperCase();
	return isReasonCode(code)
		? ok({ kinds, code })
		: invalid(`'Reason Code' is no reason code: '${code}'. The report and the data table show them`);
}
