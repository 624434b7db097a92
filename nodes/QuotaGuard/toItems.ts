import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { MailText } from '../../core/mail/mail';
import { periodName } from '../../core/quota/period';
import type { DueAlert } from '../../core/quota/thresholds';
import type { QuotaUsage } from '../../core/quota/usage';

/** The items on an output, in their order, each linked to its input. */
export const passedOn = (items: readonly INodeExecutionData[], indexes: readonly number[]): INodeExecutionData[] =>
	indexes.flatMap((index) => {
		const item = items[index];
		return item ? [{ ...item, pairedItem: { item: index } }] : [];
	});

/** Items that do not go on, as they came, and why. */
export const held = (
	items: readonly INodeExecutionData[],
	indexes: readonly number[],
	why: IDataObject,
): INodeExecutionData[] =>
	passedOn(items, indexes).map((item) => ({ ...item, json: { ...item.json, quota: { ...why } } }));

/** What has to be told, ready for an e-mail. The whole batch led to it, so it is linked to its first item. */
export const alertItem = (alert: DueAlert, message: MailText, usage: QuotaUsage): INodeExecutionData => ({
	json: { ...alert, ...message, ...usageJson(usage) },
	pairedItem: { item: 0 },
});

/** How a quota stands, as plain JSON. */
export function usageJson(usage: QuotaUsage): IDataObject {
	const { quota, period, used, limit, limitFrom, remaining, percent, usedUp, forecast } = usage;
	return {
		quota,
		period: period.key,
		periodName: periodName(period),
		used,
		limit,
		limitFrom,
		remaining,
		percent,
		usedUp,
		renewsAt: isoText(period.renewsAt),
		timeZone: period.timeZone,
		...(forecast
			? { forecast: forecast.kind === 'usedUp' ? { ...forecast, at: isoText(forecast.at) } : { ...forecast } }
			: {}),
	};
}

/** An instant as other nodes read it. */
export const isoText = (instant: number): string => new Date(instant).toISOString();
