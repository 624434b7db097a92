import type { MailBlock, MailText } from '../../mail/mail';
import { mailOf } from '../../mail/mail';
import { dayName, periodName } from '../period';
import type { PastPeriod, UsageHistory } from '../readUsage';
import { percentOf } from '../usage';
import { amount, paceText, renewalText, usedText } from './usageText';

/** Quotas that the subject names; the rest is in the mail. */
const NAMED = 3;

/** A mail about how quotas stand and stood, with a chart. */
export function usageReport(histories: readonly UsageHistory[], now: number): MailText {
	const [first] = histories;
	const zone = first?.usage.period.timeZone ?? 'UTC';
	const shares = histories.slice(0, NAMED).map(({ usage: { quota, percent } }) => `${quota} ${percent} %`);
	const more = histories.length > NAMED ? ` and ${histories.length - NAMED} more` : '';
	const title = `Contact sync quota on ${dayName(now, zone)}`;
	return mailOf(`${title}: ${shares.join(', ')}${more}`, [
		{ kind: 'heading', text: title },
		...histories.flatMap(blocksOf),
	]);
}

function blocksOf({ usage, earlier }: UsageHistory): MailBlock[] {
	const pace = paceText(usage);
	const stop = usage.usedUp ? ' Nothing goes through until then, unless the limit is raised.' : '';
	return [
		{ kind: 'heading', text: usage.quota },
		{ kind: 'meter', percent: usage.percent },
		{ kind: 'text', text: `${usedText(usage)}; ${amount(usage.remaining)} are left.` },
		{ kind: 'text', text: `The quota renews on ${renewalText(usage)}.${stop}` },
		...(pace === undefined ? [] : [{ kind: 'text' as const, text: pace }]),
		...(earlier.length === 0 ? [] : chartOf([...earlier, usage])),
	];
}

function chartOf(periods: readonly PastPeriod[]): MailBlock[] {
	const longest = Math.max(1, ...periods.map(({ used }) => used));
	const bars = periods.map(({ period, used, limit }) => ({
		label: periodName(period),
		share: used / longest,
		percent: percentOf(used, limit),
		value: `${amount(used)} of ${amount(limit)}`,
	}));
	return [
		{ kind: 'small', text: 'Tasks by period' },
		{ kind: 'bars', bars },
	];
}
