import type { Account, Answer } from '../api';
import { iso } from '../contacts/contactValues';
import { HubSpotError } from '../errors';
import { checkBatchSize } from './contactReads';

export interface BatchInput {
	readonly objectWriteTraceId?: string | null | undefined;
}

/**
 * Runs a batch. When every input carries a trace id of its own, bad inputs are listed in `errors[]` of a 207 and the
 * others are written; otherwise, and when it is `indivisible`, the first bad one refuses all and nothing is written.
 * Results do not come in the order of the inputs; `work` may give none.
 */
export function writeBatch<T extends BatchInput>(
	account: Account,
	inputs: readonly T[],
	status: number,
	work: (input: T) => Record<string, unknown> | undefined,
	isIndivisible = false,
): Answer {
	checkBatchSize(inputs.length);
	const startedAt = iso(account.now());
	const traces = inputs.map(({ objectWriteTraceId }) => objectWriteTraceId ?? '');
	const isTraced = !isIndivisible && traces.every((trace) => trace !== '') && new Set(traces).size === traces.length;
	const results: Array<Record<string, unknown>> = [];
	const errors: Array<Record<string, unknown>> = [];
	const runAll = () => {
		for (const input of inputs) {
			const trace = input.objectWriteTraceId;
			try {
				const result = work(input);
				if (result !== undefined) results.unshift({ ...result, ...(trace && { objectWriteTraceId: trace }) });
			} catch (error) {
				if (!isTraced || !(error instanceof HubSpotError)) throw error;
				errors.push(batchError(error, trace ?? ''));
			}
		}
	};
	if (isTraced) runAll();
	else account.store.contacts.atomically(runAll);
	const answer = { status: 'COMPLETE', results, startedAt, completedAt: iso(account.now()) };
	return errors.length === 0 ? [status, answer] : [207, { ...answer, numErrors: errors.length, errors }];
}

function batchError({ body }: HubSpotError, trace: string): Record<string, unknown> {
	const { context, errors, links, ...rest } = body;
	return {
		status: 'error',
		...rest,
		context: { ...context, objectWriteTraceId: [trace] },
		errors: errors ?? [],
		links: links ?? {},
	};
}

/** The same id twice refuses the whole batch, trace ids or not (seen by a project on a live account). */
export function refuseDuplicates(ids: readonly string[]): void {
	const twice = [...new Set(repeated(ids))];
	if (twice.length === 0) return;
	throw new HubSpotError(400, {
		message: `Duplicate IDs found in batch input: [${twice.join(', ')}]. IDs must be unique`,
		category: 'VALIDATION_ERROR',
		context: { ids: twice },
	});
}

/** The texts that came before in the same array. */
export function repeated(texts: readonly string[]): string[] {
	const seen = new Set<string>();
	return texts.filter((text) => seen.size === seen.add(text).size);
}
