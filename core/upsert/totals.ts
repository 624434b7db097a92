import type { OutcomeStatus, ReasonCode } from '../outcome';
import { OUTCOME_STATUSES } from '../outcome';
import type { ContactResult } from './contactResult';

/** A run in one sentence, such as `1,000 contacts: 980 created, 15 updated, 5 failed (DESTINATION_REFUSED 5)`. */
export function describeTotals(results: readonly ContactResult[]): string {
	const counts = new Map<OutcomeStatus, { count: number; codes: Map<ReasonCode, number> }>();
	for (const { outcome } of results) {
		const entry = counts.get(outcome.status) ?? { count: 0, codes: new Map<ReasonCode, number>() };
		entry.count += 1;
		if (outcome.code) entry.codes.set(outcome.code, (entry.codes.get(outcome.code) ?? 0) + 1);
		counts.set(outcome.status, entry);
	}
	const parts = OUTCOME_STATUSES.flatMap((status) => {
		const entry = counts.get(status);
		if (!entry) return [];
		const codes = [...entry.codes].map(([code, count]) => `${code} ${inWords(count)}`);
		return [`${inWords(entry.count)} ${status}${codes.length > 0 ? ` (${codes.join(', ')})` : ''}`];
	});
	const subject = `${inWords(results.length)} ${results.length === 1 ? 'contact' : 'contacts'}`;
	return parts.length === 0 ? subject : `${subject}: ${parts.join(', ')}`;
}

const inWords = (count: number): string => count.toLocaleString('en-US');
