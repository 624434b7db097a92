import type { INodeExecutionData, IPairedItemData } from 'n8n-workflow';
import type { ContactChange, Delivery } from '../../core/contact/contact';
import type { Outcome, ReasonCode } from '../../core/outcome';
import { withAdvice } from '../../core/outcome';
import type { Failure } from '../../core/result';
import { inTableOrder } from '../shared/records/tableOrder';

/** A contact as it leaves, linked to the items it was read for. */
export const contactItem = (
	contact: ContactChange,
	delivery: Delivery,
	items: readonly number[],
): INodeExecutionData => ({
	json: inTableOrder({ ...contact, delivery }),
	pairedItem: pairedWith(items),
});

/** The item as it came, with why it led to no contact. */
export function notFoundItem(item: INodeExecutionData, index: number, code: ReasonCode, reason: string) {
	const outcome: Outcome = { status: 'excluded', code, message: withAdvice(reason, code) };
	return { json: inTableOrder({ ...item.json, outcome: { ...outcome } }), pairedItem: { item: index } };
}

/** Where the node goes on in spite of errors: every item as it came, with the failure. */
export const failedItems = (
	items: readonly INodeExecutionData[],
	{ kind, code, reason }: Failure,
): INodeExecutionData[] =>
	items.map(({ json }, index) => {
		const outcome: Outcome = {
			status: 'failed',
			code,
			message: withAdvice(reason, code),
			retryable: kind === 'retry',
		};
		return { json: inTableOrder({ ...json, outcome: { ...outcome } }), pairedItem: { item: index } };
	});

function pairedWith(items: readonly number[]): IPairedItemData | IPairedItemData[] {
	const [first = 0, ...others] = items;
	return others.length === 0 ? { item: first } : items.map((item) => ({ item }));
}
