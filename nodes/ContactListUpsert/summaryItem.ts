import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Delivery } from '../../core/contact/contact';
import type { MailText } from '../../core/mail/mail';
import type { ToldRun } from '../../core/upsert/runPage';
import { runPage } from '../../core/upsert/runPage';
import type { RunSummary } from '../../core/upsert/summariseRun';
import { listName } from './settings';

/** What Migration Report reads: the numbers of a run, and where its contacts are found; and the same as a mail. */
export interface SummaryJson extends RunSummary, MailText {
	/** Name of the node. */
	readonly node: string;
	/** The run in sentences. */
	readonly message: string;
	/** The mark of the batch, where a trigger sent it. */
	readonly delivery?: Delivery;
	readonly list?: string;
	/** When the run ended, ISO 8601 in UTC. */
	readonly at: string;
}

/** The one item of the output 'Summary', linked to all items of the run. `told`: the run in sentences. */
export function summaryItem(
	context: IExecuteFunctions,
	summary: RunSummary,
	{ told, destination, delivery }: Pick<ToldRun, 'told' | 'destination'> & { readonly delivery: Delivery | undefined },
): INodeExecutionData {
	const items = context.getInputData().length;
	const mark = delivery === undefined ? {} : { delivery };
	const json: SummaryJson = {
		message: told,
		node: context.getNode().name,
		...listName(context),
		...summary,
		at: new Date().toISOString(),
		...mark,
		...runPage({ summary, told, ...listName(context), destination, ...mark }),
	};
	return {
		json: json as unknown as IDataObject,
		// A link to each of many items costs more than the item itself.
		pairedItem: items > 1_000 ? { item: 0 } : Array.from({ length: items }, (_none, item) => ({ item })),
	};
}
