import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { RunSummary } from '../../core/upsert/summariseRun';
import { listName } from './settings';

/** What Migration Report reads: the numbers of a run, and where its contacts are found. */
export interface SummaryJson extends RunSummary {
	/** Name of the node. */
	readonly node: string;
	readonly list?: string;
	/** When the run ended, ISO 8601 in UTC. */
	readonly at: string;
}

/** The one item of the output 'Summary', linked to all items of the run. */
export function summaryItem(context: IExecuteFunctions, summary: RunSummary, items: number): INodeExecutionData {
	const json: SummaryJson = {
		node: context.getNode().name,
		...listName(context),
		...summary,
		at: new Date().toISOString(),
	};
	return {
		json: json as unknown as IDataObject,
		// A link to each of many items costs more than the item itself.
		pairedItem: items > 1_000 ? { item: 0 } : Array.from({ length: items }, (_none, item) => ({ item })),
	};
}
