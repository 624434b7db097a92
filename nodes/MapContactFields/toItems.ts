import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { MappedFields } from '../../core/contact/contact';
import { readContactChange } from '../../core/contact/readContactChange';
import { mapKeyOnly, mustPass } from '../../core/mapping/applyMapping';
import type { Outcome, ReasonCode } from '../../core/outcome';
import { explained, withAdvice } from '../../core/outcome';
import type { Failure } from '../../core/result';
import { inTableOrder } from '../shared/records/tableOrder';

const failed = (code: ReasonCode, message: string, retryable: boolean): Outcome =>
	explained({ status: 'failed', code, message: withAdvice(message, code), retryable });

/**
 * The item as it came, with what became of it and what could be converted of it. That stands inside the outcome, so that
 * the item is not taken for a mapped contact.
 */
export function excludedItem(
	json: IDataObject,
	outcome: Outcome,
	index: number,
	contact?: MappedFields,
): INodeExecutionData {
	const so = { ...outcome, ...(contact ? { contact: { ...contact } } : {}) };
	return { json: inTableOrder({ ...json, outcome: so }), pairedItem: { item: index } };
}

/**
 * What leaves when no mapping can be had and the node is to continue: every item as failed, except opt-outs and contacts that
 * left, which go on by their key alone, so that the destination can block a contact it knows by it, or take it off the list.
 */
export function withoutMapping(items: readonly INodeExecutionData[], failure: Failure): INodeExecutionData[][] {
	const mapped: INodeExecutionData[] = [];
	const excluded: INodeExecutionData[] = [];
	const { code, reason } = failure;
	const outcome = failed(code, reason, failure.kind === 'retry');
	const now = Date.now();
	for (const [index, { json }] of items.entries()) {
		const reading = readContactChange(json, now);
		if (reading.kind === 'contact' && mustPass(reading.contact)) {
			const contact = mapKeyOnly(reading.contact, [{ field: '', code, message: outcome.message ?? reason }]);
			mapped.push({ json: inTableOrder({ ...contact }), pairedItem: { item: index } });
		} else {
			excluded.push(excludedItem(json, outcome, index));
		}
	}
	return [mapped, excluded];
}
