import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { DateTime } from 'luxon';
import type { SyncReport } from '../../core/health/report';
import { healthMail, syncReport } from '../../core/health/report';
import { secondText } from '../../core/health/troubleRows';
import { plainNumber } from '../../core/plainNumber';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { invalid } from '../shared/trigger/settings';
import { toNodeError } from '../shared/n8n/toNodeError';
import { openHealth, readSyncs } from './openHealth';
import { dayOf, readCommon, readSyncName } from './settings';

type Outputs = [report: INodeExecutionData[], causes: INodeExecutionData[]];

const MOST_DAYS = 366;

/** The operation Report: one item with how syncs stand and stood, ready for an e-mail or a page, and an item for each cause. */
export async function report(context: IExecuteFunctions): Promise<Outputs> {
	const made = await makeReport(context);
	if (made.kind === 'ok') return made.value;
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), made);
	return [[{ json: { error: made.reason, code: made.code }, ...linkOf(context) }], []];
}

async function makeReport(context: IExecuteFunctions): Promise<Result<Outputs>> {
	const common = readCommon(context);
	if (common.kind !== 'ok') return common;
	const { timeZone } = common.value;
	const opened = await openHealth(context, common.value);
	if (opened.kind !== 'ok') return opened;
	const { book } = opened.value;
	const name = readSyncName(context);
	const syncs = await readSyncs(book, name);
	if (syncs.kind !== 'ok') return syncs;
	const now = Date.now();
	const first = firstDay(context, now, timeZone);
	if (first.kind !== 'ok') return first;
	const from = first.value;
	const days = await book.days(from, name);
	if (days.kind !== 'ok') return days;
	const reports = syncs.value.map((known) =>
		syncReport(
			known,
			days.value.filter(({ sync }) => sync === known.sync),
			from,
		),
	);
	const link = linkOf(context);
	const mail = healthMail(reports, now, timeZone);
	context.addExecutionHints(info(mail.subject), ...book.notes.map(warning));
	const json: IDataObject = { ...mail, syncs: reports.map(reportJson) };
	const causes = reports.flatMap((one) =>
		causesJson(one).map((cause) => ({ json: { sync: one.sync, ...cause }, ...link })),
	);
	return ok([[{ json, ...link }], causes]);
}

/** Without any item there is nothing to link to. */
const linkOf = (context: IExecuteFunctions): { pairedItem?: { item: number } } =>
	context.getInputData().length > 0 ? { pairedItem: { item: 0 } } : {};

function firstDay(context: IExecuteFunctions, now: number, timeZone: string): Result<string> {
	const wanted = plainNumber(context.getNodeParameter('days', 0, 14)) ?? NaN;
	if (!(wanted >= 1)) return invalid("'Days' must be a number of at least 1");
	const days = Math.min(MOST_DAYS, Math.floor(wanted));
	const first = dayOf(
		DateTime.fromMillis(now, { zone: timeZone })
			.minus({ days: days - 1 })
			.toMillis(),
		timeZone,
	);
	return ok(first);
}

const reportJson = (one: SyncReport): IDataObject => {
	const { day: _day, ...counts } = one.counts;
	return {
		sync: one.sync,
		...counts,
		lastBatch: new Date(one.state.at).toISOString(),
		causes: causesJson(one),
		days: one.days.map((day) => ({ ...day })),
	};
};

const causesJson = ({ causes }: SyncReport): IDataObject[] =>
	causes.map(({ kind, code, count, since, event, advice }) => ({
		status: kind,
		code,
		count,
		...(event === undefined ? {} : { event }),
		whatToDo: advice,
		since: secondText(since),
	}));
