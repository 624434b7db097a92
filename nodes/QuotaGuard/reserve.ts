import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readOptedOut } from '../../core/contact/optedOut';
import { withAdvice } from '../../core/outcome';
import type { AlertAbout } from '../../core/quota/messages/alertText';
import { alertMessage } from '../../core/quota/messages/alertText';
import type { Reservation } from '../../core/quota/reserveTasks';
import { reserveTasks } from '../../core/quota/reserveTasks';
import type { QuotaUsage } from '../../core/quota/usage';
import { amount, renewalText } from '../../core/quota/messages/usageText';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { info, warning } from '../shared/n8n/hints';
import { toNodeError } from '../shared/n8n/toNodeError';
import { retriedItems } from '../shared/trigger/staleItems';
import { deliveryOf } from './delivery';
import { countsOptOuts, letsThrough, openQuota } from './settings';
import { alertItem, held, isoText, passedOn } from './toItems';
import { sharesText, usageText } from './usageHints';

/** Within Quota, Over Quota, Alert. */
type Outputs = [within: INodeExecutionData[], over: INodeExecutionData[], alerts: INodeExecutionData[]];

/**
 * The operation Reserve: counts the items as tasks, one reservation for all of them, and parts those that may go on from
 * those over the quota. Both keep their order, and together they are what came in.
 */
export async function reserve(context: IExecuteFunctions): Promise<Outputs> {
	const items = context.getInputData();
	const countsAll = countsOptOuts(context);
	const all = [...items.keys()];
	const tasks = all.filter((index) => countsAll || readOptedOut(items[index]?.json.optedOut) !== true);
	// A contact that opted out goes on to be blocked, whether or not anything can be counted.
	if (tasks.length === 0) return [passedOn(items, all), [], []];

	// Its batch was delivered and counted again since, and Contact List Upsert takes it no more.
	const reserved = retriedItems(context, items) ?? (await reserveFor(context, tasks.length));
	if (reserved.kind === 'ok') return parted(context, items, tasks, reserved.value);
	if (reserved.kind === 'retry' && letsThrough(context)) {
		letThrough(context, reserved, tasks.length);
		return [passedOn(items, all), [], []];
	}
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), reserved);
	const { code, reason } = reserved;
	const isTask = new Set(tasks);
	const others = all.filter((index) => !isTask.has(index));
	return [passedOn(items, others), held(items, tasks, { code, message: withAdvice(reason, code) }), []];
}

interface Reserved {
	readonly reservation: Reservation;
	/** For the text of alerts. */
	readonly about: AlertAbout;
	/** Notices about the ledger, one sentence each. */
	readonly notes: readonly string[];
}

async function reserveFor(context: IExecuteFunctions, tasks: number): Promise<Result<Reserved>> {
	const opened = await openQuota(context);
	if (opened.kind !== 'ok') return opened;
	const { settings, table, ledger, tools } = opened.value;
	const delivery = deliveryOf(context);
	const reserved = await reserveTasks(ledger, settings, { tasks, ...(delivery ? { delivery } : {}) }, tools);
	if (reserved.kind !== 'ok') return reserved;
	const notes = [...ledger.notes, ...reserved.value.warnings];
	return ok({ reservation: reserved.value, about: { table, mode: settings.mode }, notes });
}

function parted(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	tasks: readonly number[],
	{ reservation, about, notes }: Reserved,
): Outputs {
	const { granted, over, already, alerts, usage } = reservation;
	const overQuota = tasks.slice(granted);
	const isOver = new Set(overQuota);
	const within = [...items.keys()].filter((index) => !isOver.has(index));
	const optedOut = items.length - tasks.length;
	const shares = sharesText({ within: within.length, over, optedOut, already });
	context.addExecutionHints((over > 0 ? warning : info)(`${shares}. ${usageText(usage)}`), ...notes.map(warning));
	if (context.getMode() === 'manual' && granted > already) context.addExecutionHints(info(COUNTED_IN_TEST));
	const why = { code: 'QUOTA_USED_UP', message: usedUpText(usage), renewsAt: isoText(usage.period.renewsAt) };
	return [
		passedOn(items, within),
		held(items, overQuota, why),
		alerts.map((alert) => alertItem(alert, alertMessage(alert, usage, about), usage)),
	];
}

const COUNTED_IN_TEST = 'This was a test, and its tasks were counted like those of a published workflow';

const usedUpText = (usage: QuotaUsage): string =>
	withAdvice(
		`The quota '${usage.quota}' of ${amount(usage.limit)} tasks is used up; it renews on ${renewalText(usage)}`,
		'QUOTA_USED_UP',
	);

function letThrough(context: IExecuteFunctions, { code, reason }: Failure, tasks: number): void {
	const message = `${amount(tasks)} tasks were let through without being counted: ${reason}`;
	context.addExecutionHints(warning(message));
	const { name } = context.getNode();
	context.logger.warn(`${name}: ${message}`, { node: name, workflowId: context.getWorkflow().id, code });
}
