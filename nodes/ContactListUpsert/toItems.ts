import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Warning } from '../../core/contact/contact';
import { explained } from '../../core/outcome';
import type { ContactResult } from '../../core/upsert/contactResult';

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
		const json: IDataObject = {
			...item.json,
			...mergedWarnings(item.json.warnings, warnings),
			outcome: { ...explained(outcome) },
		};
		const output = outcome.status === 'excluded' || outcome.status === 'failed' ? notSynced : synced;
		output.push({ json, pairedItem: { item: index } });
	}
	return [synced, notSynced];
}

function mergedWarnings(before: unknown, warnings: readonly Warning[]): IDataObject {
	if (warnings.length === 0) return {};
	return {
		warnings: [
			...(Array.isArray(before) ? (before as IDataObject[]) : []),
			...warnings.map((warning) => ({ ...warning })),
		],
	};
}
