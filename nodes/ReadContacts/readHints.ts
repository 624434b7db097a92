import type { NodeExecutionHint } from 'n8n-workflow';
import type { ReadRange } from '../../core/contact/readOnDemand';

const amount = (count: number): string => count.toLocaleString('en-US');
const contacts = (count: number): string => `${amount(count)} ${count === 1 ? 'contact' : 'contacts'}`;

const hint = (message: string, type: 'info' | 'warning' = 'info'): NodeExecutionHint => ({
	message,
	type,
	location: 'outputPane',
});

/** What was read of a list or scope. */
export function rangeHint(read: number, more: boolean, { limit, since }: ReadRange): NodeExecutionHint {
	const text = `${contacts(read)} read${since === undefined ? '' : ` that changed since ${instantText(since)}`}`;
	return more ? hint(`${text}: the limit of ${amount(limit)} was reached, and there are more`) : hint(text);
}

/** What became of the items that name contacts. */
export interface NameCounts {
	readonly items: number;
	/** Records that leave. */
	readonly contacts: number;
	/** Items whose contacts did not change since. */
	readonly unchanged: number;
	readonly notFound: number;
}

/** How the items add up: those that led to contacts, those unchanged, those not found. */
export function namesHint(counts: NameCounts, { since }: ReadRange): NodeExecutionHint {
	const led = counts.items - counts.unchanged - counts.notFound;
	const parts = [
		`${amount(led)} of ${amount(counts.items)} ${counts.items === 1 ? 'item' : 'items'} led to ${contacts(counts.contacts)}`,
		...(since === undefined ? [] : [`${amount(counts.unchanged)} not changed since ${instantText(since)}`]),
		...(counts.notFound > 0 ? [`${amount(counts.notFound)} not found`] : []),
	];
	return hint(parts.join(', '), counts.notFound > 0 ? 'warning' : 'info');
}

const instantText = (instant: number): string => new Date(instant).toISOString();
