import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ContactChange, Delivery } from '../../../core/contact/contact';
import type { ReasonCode } from '../../../core/outcome';
import { withAdvice } from '../../../core/outcome';
import type { ChangeSource } from '../../../core/polling/changeSource';
import type { PollParts, PollReport } from '../../../core/polling/poll';
import { goOn, poll } from '../../../core/polling/poll';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { checkedAtStart } from '../../../core/polling/checkedAtStart';
import { dryRunsAfter } from './upsertsAfter';
import { takeHeld } from './handedBack';
import { deliverBatch, n8nPoll, pollLog, warnOnce } from './n8nPoll';
import { readQuotaPause } from '../quota/quotaPause';
import { toNodeError } from '../n8n/toNodeError';
import { waitingTrouble } from './waitingNodes';
import { inTableOrder } from '../records/tableOrder';

/** Contacts shown when a trigger is tried out in the editor. */
const SAMPLE_SIZE = 10;
const SAMPLE_TIME_MS = 60_000;

/** The source that a trigger follows, made anew for each poll. */
export interface OpenSource<Cursor> {
	readonly source: ChangeSource<Cursor> & {
		/** A few contacts, the newest first; touches no state. */
		sample(count: number): Promise<Result<readonly ContactChange[]>>;
	};
	/** Whether what the settings name exists and can be read; asked before the first batch of a process. */
	readonly check: () => Promise<Result<unknown>>;
}

export interface PollingTrigger<Cursor> {
	/** Checks the settings; nothing is begun at the vendor after `deadline` (ms since 1970). */
	readonly open: (context: IPollFunctions, deadline: number) => Promise<Result<OpenSource<Cursor>>>;
	/** Said in the editor where nothing is followed yet. */
	readonly noContact: { readonly message: string; readonly description: string };
}

/**
 * The `poll` of a trigger. The way of a poll: the settings are read here, `core/polling/poll` takes the turn of the trigger, opens
 * the source (`openForPoll`), emits batches (`deliver`) and moves the stored cursor; its report becomes an error or a log line.
 */
export async function pollContacts<Cursor>(
	context: IPollFunctions,
	trigger: PollingTrigger<Cursor>,
): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') return [await sampleContacts(context, trigger)];
	const isDryRun = dryRunsAfter(context) !== 'none';
	/** Identifies the last batch, by its first contact. */
	let emitted: ContactChange | undefined;
	const { settings, host } = n8nPoll(context, isAcknowledged(context));
	const parts: PollParts<Cursor> = {
		...host,
		open: async (deadline) => await openForPoll(context, trigger, deadline),
		deliver: async (batch) => {
			emitted = batch[0];
			return await deliverBatch(context, batch.map(isDryRun ? toDryItem : toItem));
		},
		heldIds: () => emitted && takeHeld(context.getWorkflow().id, emitted),
	};
	const report = await poll(settings, parts);
	const { failure } = report;
	if (failure && report.show && !PAUSES.has(failure.code)) {
		// Of a refused activation n8n shows the message only, not the description.
		const reason = report.activating ? withAdvice(failure.reason, failure.code) : failure.reason;
		throw toNodeError(context.getNode(), { ...failure, reason });
	}
	logFailure(context, report);
	// n8n is not to wait for it.
	void goOn(report, settings, parts).then(
		(further) => further && logFailure(context, further),
		(error: unknown) => host.log.warn(error instanceof Error ? error.message : String(error)),
	);
	return null;
}

function logFailure(context: IPollFunctions, { failure }: PollReport): void {
	if (!failure) return;
	const line = `${failure.code}: ${failure.reason}`;
	if (PAUSES.has(failure.code)) warnOnce(context, line);
	else pollLog(context).warn(line);
}

/** The source with what a poll puts before it: the check of the settings at its start, and the pause while a quota is used up. */
async function openForPoll<Cursor>(
	context: IPollFunctions,
	{ open }: PollingTrigger<Cursor>,
	deadline: number,
): Promise<Result<ChangeSource<Cursor>>> {
	const opened = await open(context, deadline);
	if (opened.kind !== 'ok') return opened;
	const trouble = waitingTrouble(context, context.getNode().name);
	if (trouble) return trouble;
	const pause = readQuotaPause(context);
	if (pause.kind !== 'ok') return pause;
	const { source, check } = opened.value;
	return ok(pause.value(checkedAtStart(source, check)));
}

/** Pauses that the settings ask for are no failed executions. */
const PAUSES: ReadonlySet<ReasonCode> = new Set(['DAILY_RESERVE_REACHED', 'QUOTA_USED_UP']);

/** A few contacts for the editor; touches no state. */
async function sampleContacts<Cursor>(
	context: IPollFunctions,
	{ open, noContact }: PollingTrigger<Cursor>,
): Promise<INodeExecutionData[]> {
	const opened = await open(context, Date.now() + SAMPLE_TIME_MS);
	if (opened.kind !== 'ok') throw toNodeError(context.getNode(), opened);
	const { source, check } = opened.value;
	// First, because its answer also tells whether the day's calls have come to the reserve.
	const checked = await check();
	if (checked.kind !== 'ok') throw toNodeError(context.getNode(), checked);
	const sample = await source.sample(SAMPLE_SIZE);
	if (sample.kind !== 'ok') throw toNodeError(context.getNode(), sample);
	if (sample.value.length === 0) {
		throw new NodeOperationError(context.getNode(), noContact.message, { description: noContact.description });
	}
	// Read as of now: what is kept (pinned) and run later is recognised by it.
	const delivery: Delivery = { phase: 'live', sequence: 0, at: new Date().toISOString() };
	return sample.value.map((change) => toItem({ ...change, delivery }));
}

/** Whether the cursor waits for the runs it starts. */
const isAcknowledged = (context: IPollFunctions): boolean =>
	context.getNodeParameter('options.acknowledged', true) !== false;

/** Tells the nodes after the trigger that it knows of their dry run. */
const toDryItem = (change: ContactChange): INodeExecutionData =>
	toItem(change.delivery ? { ...change, delivery: { ...change.delivery, dryRun: true } } : change);

const toItem = (change: ContactChange): INodeExecutionData => ({
	json: inTableOrder(change as unknown as IDataObject),
});
