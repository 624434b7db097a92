import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Warning } from '../../core/contact/contact';
import { explained } from '../../core/outcome';
import type { ContactResult } from '../../core/upsert/contactResult';
import { inTableOrder } from '../shared/records/tableOrder';

/** The two outputs: what is in the destination as it should be, and what is not. Each item is linked to its input. */
export function toItems(
	items: readonly INodeExecutionData[],
	results: readonly ContactResult[],
): [INodeExecutionData[], INodeExecutionData[]] {
	const synced: INodeExecutionData[] = [];
	const notSynced: INodeExecutionData[] = [];
	for (const [index, item] of items.entries()) {
		const result = results[index];
		if (!result) continue;
		const { outcome, warnings } = result;
		// An outcome of an earlier node is not that of this one.
		const { warnings: before, outcome: _earlier, ...others } = item.json;
		const told = mergedWarnings(before, warnings);
		const json = inTableOrder({
			...others,
			outcome: { ...explained(outcome) },
			...(told === undefined ? {} : { warnings: told }),
		});
		const output = outcome.status === 'excluded' || outcome.status === 'failed' ? notSynced : synced;
		output.push({ json, pairedItem: { item: index } });
	}
	return [synced, notSynced];
}

function mergedWarnings(before: IDataObject[string], warnings: readonly Warning[]): IDataObject[string] {
	if (warnings.length === 0) return before;
	return [...(Array.isArray(before) ? (before as IDataObject[]) : []), ...warnings.map((warning) => ({ ...warning }))];
}
