import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { HealthBatch } from '../../core/health/healthState';
import { recordBatch } from '../../core/health/recordBatch';
import type { Recorded } from '../../core/health/recordBatch';
import { countsText } from '../../core/health/report';
import { readStatement } from '../../core/health/statement';
import { isRecord } from '../../core/json';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { takeCalls } from '../shared/n8n/workflow/callsOfRun';
import { info, warning } from '../shared/n8n/hints';
import { retriedItems } from '../shared/trigger/staleItems';
import { openHealth, processMemory } from './openHealth';
import type { CommonSettings } from './settings';
import { dayOf, readCommon, readSync } from './settings';

/** Inputs of Record, in the order of the node's description; contacts come by the first two after a try to sync them. */
const INPUTS = 4;
const TRIED = 2;

/**
 * The operation Record: keeps what became of the contacts, and passes all items on by the output of the same name. Whatever is wrong
 * with the tables, the sync goes on, and a hint says so.
 */
export async function record(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const inputs = Array.from({ length: INPUTS }, (_, index) => itemsOf(context, index));
	const recorded = await recordInputs(context, inputs);
	if (recorded.kind !== 'ok') sayUnrecorded(context, recorded);
	else {
		const { sync, counts, notes } = recorded.value;
		context.addExecutionHints(info(`'${sync}': ${countsText(counts)}`), ...notes.map(warning));
	}
	return inputs.map((items, input) => items.map((item, index) => ({ ...item, pairedItem: { item: index, input } })));
}

/** Of an input that nothing is connected to, or that nothing came by, n8n may have no items at all. */
function itemsOf(context: IExecuteFunctions, input: number): INodeExecutionData[] {
	try {
		return context.getInputData(input) ?? [];
	} catch {
		return [];
	}
}

async function recordInputs(
	context: IExecuteFunctions,
	inputs: ReadonlyArray<readonly INodeExecutionData[]>,
): Promise<Result<Recorded & { readonly sync: string }>> {
	// What became of the contacts since is newer.
	const retried = retriedItems(context, inputs.flat());
	if (retried) return retried;
	const sync = readSync(context);
	if (sync.kind !== 'ok') return sync;
	const common = readCommon(context);
	if (common.kind !== 'ok') return common;
	const opened = await openHealth(context, common.value);
	if (opened.kind !== 'ok') return opened;
	const { book, tools } = opened.value;
	const keeps = { details: context.getNodeParameter('options.keepDetails', 0, false) === true };
	const batch = batchOf(context, inputs, common.value);
	const recorded = await recordBatch(processMemory, book, sync.value, batch, tools, keeps);
	if (recorded.kind !== 'ok') return recorded;
	const { counts, notes } = recorded.value;
	return ok({ sync: sync.value, counts, notes: [...book.notes, ...notes] });
}

function batchOf(
	context: IExecuteFunctions,
	inputs: ReadonlyArray<readonly INodeExecutionData[]>,
	{ timeZone }: CommonSettings,
): HealthBatch {
	const at = Date.now();
	const statements = inputs.flatMap((items, input) =>
		items.flatMap(({ json }) => readStatement(json, input < TRIED ? 'upsert' : 'leftOut') ?? []),
	);
	const members = membersIn(inputs);
	return {
		statements,
		...(members === undefined ? {} : { members }),
		calls: takeCalls(context.getExecutionId()),
		at,
		day: dayOf(at, timeZone),
	};
}

/** All contacts of a batch carry the same number. */
function membersIn(inputs: ReadonlyArray<readonly INodeExecutionData[]>): number | undefined {
	for (const items of inputs)
		for (const { json } of items)
			if (isRecord(json.delivery) && typeof json.delivery.members === 'number') return json.delivery.members;
	return undefined;
}

/** Nodes whose trouble is in the log of this process, with what it was. */
const logged = new Map<string, string>();
const MOST_LOGGED = 200;

/** Beside each execution, and once in the log. */
function sayUnrecorded(context: IExecuteFunctions, { code, reason }: Failure): void {
	const message = `The sync goes on, but its health was not recorded: ${reason}`;
	context.addExecutionHints(warning(message));
	const { id, name } = context.getNode();
	const workflowId = context.getWorkflow().id;
	const place = `${workflowId}:${id}`;
	if (logged.get(place) === message) return;
	if (logged.size >= MOST_LOGGED) logged.clear();
	logged.set(place, message);
	context.logger.warn(`${name}: ${message}`, { node: name, workflowId, code });
}
