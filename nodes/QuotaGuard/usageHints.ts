import type { QuotaUsage } from '../../core/quota/usage';
import { amount, renewalText, usedText } from '../../core/quota/messages/usageText';

/** How a quota stands, in one sentence for people. */
export const usageText = (usage: QuotaUsage): string =>
	`Quota '${usage.quota}': ${usedText(usage)}; it renews on ${renewalText(usage)}`;

/** What became of the items of a run. */
export interface Shares {
	readonly within: number;
	readonly over: number;
	/** Of those within: not counted, because they opted out. */
	readonly optedOut: number;
	/** Of those within: counted when the batch was delivered before. */
	readonly already: number;
}

export function sharesText({ within, over, optedOut, already }: Shares): string {
	const parts = [
		`${amount(within)} within the quota`,
		...(over > 0 ? [`${amount(over)} over it`] : []),
		...(optedOut > 0 ? [`${amount(optedOut)} opted out and not counted`] : []),
		...(already > 0 ? [`${amount(already)} counted when they were delivered before`] : []),
	];
	return parts.join(', ');
}
