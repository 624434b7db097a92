import type { MailBlock, MailText } from '../../mail/mail';
import { mailOf } from '../../mail/mail';
import { dayName, periodName } from '../period';
import type { QuotaMode } from '../reserve';
import type { DueAlert } from '../thresholds';
import type { QuotaUsage } from '../usage';
import { amount, paceText, renewalText, usedText } from './usageText';

/** What a message names besides the usage. */
export interface AlertAbout {
	/** The data table of n8n that is the ledger. */
	readonly table: string;
	readonly mode: QuotaMode;
}

/**
 * The mail of an alert: at 80 % (HB-18, SB-14), when the quota is used up (HB-19, SB-15), and, which the vendor has not, when
 * it goes on. It says how to raise the limit, which takes a support ticket there (HB-20, SB-16).
 */
export function alertMessage(alert: DueAlert, usage: QuotaUsage, about: AlertAbout): MailText {
	const { headline, lines } = partsOf(alert, usage, about);
	const blocks: MailBlock[] = [
		{ kind: 'heading', text: headline },
		{ kind: 'meter', percent: usage.percent },
		...lines.map((text) => ({ kind: 'text' as const, text })),
		{ kind: 'small', text: raisingText(usage, about.table) },
	];
	return mailOf(headline, blocks);
}

interface AlertParts {
	readonly headline: string;
	readonly lines: readonly string[];
}

function partsOf(alert: DueAlert, usage: QuotaUsage, { mode }: AlertAbout): AlertParts {
	switch (alert.kind) {
		case 'threshold':
			return reached(alert.threshold, usage, mode);
		case 'exceeded':
			return exceeded(alert.threshold, usage, mode);
		case 'recovered':
			return recovered(alert.because, usage);
	}
}

function reached(threshold: number, usage: QuotaUsage, mode: QuotaMode): AlertParts {
	const pace = paceText(usage);
	const atLimit =
		mode === 'strict'
			? 'At 100 % the syncs stop, without one task over the limit.'
			: 'At 100 % the syncs stop: the batch that crosses the limit still goes through, nothing after it.';
	return {
		headline: `${nameOf(usage)}: ${threshold} % of ${amount(usage.limit)} tasks used`,
		lines: [
			`${usedText(usage)}; ${amount(usage.remaining)} are left until it renews on ${renewalText(usage)}.`,
			...(pace === undefined ? [] : [pace]),
			`${atLimit} ${WAITING}`,
		],
	};
}

const WAITING =
	'Contacts that change meanwhile wait in the source; when the quota renews or is raised they are delivered with their newest values, and none is lost.';

function exceeded(threshold: number, usage: QuotaUsage, mode: QuotaMode): AlertParts {
	const { limit, period } = usage;
	const until = dayName(period.renewsAt, period.timeZone);
	const what = threshold > 100 ? `${threshold} % of ${amount(limit)} tasks used` : `used up, syncs wait until ${until}`;
	const finished = mode === 'strict' ? '' : ' A batch that crossed the limit was finished.';
	return {
		headline: `${nameOf(usage)}: ${limit === 0 ? 'stopped, its limit is 0' : what}`,
		lines: [
			`${usedText(usage)}.${finished} From now on nothing goes through until the quota renews on ${renewalText(usage)}.`,
			WAITING,
		],
	};
}

function recovered(because: 'renewed' | 'raised', usage: QuotaUsage): AlertParts {
	const { limit, period } = usage;
	const delivered =
		'The syncs go on by themselves: contacts that changed meanwhile are delivered now, with their newest values.';
	const [headline, what] =
		because === 'renewed'
			? ['renewed, syncs go on', `The quota was used up; with ${periodName(period)} it counts from 0 again.`]
			: [
					`raised to ${amount(limit)} tasks, syncs go on`,
					`The quota was used up; its limit is ${amount(limit)} tasks now.`,
				];
	const pace = usage.usedUp ? undefined : paceText(usage);
	return {
		headline: `${nameOf(usage)}: ${headline}`,
		lines: [
			`${what} ${delivered}`,
			`${usedText(usage)}; it renews on ${renewalText(usage)}.`,
			...(pace === undefined ? [] : [pace]),
		],
	};
}

const nameOf = ({ quota }: QuotaUsage): string => `Quota '${quota}'`;

const raisingText = ({ quota, period, limit }: QuotaUsage, table: string): string =>
	`To change the limit of ${amount(limit)} tasks, open the data table '${table}' in n8n and write the new number into the cell 'limit' ` +
	`of the row with the quota '${quota}' and the period ${period.key}. It counts from the next batch on, and for the periods to come.`;
