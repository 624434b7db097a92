import { ok, type Account, type Reply } from '../api';
import { brokenBatch, RecordError } from '../errors';
import type { SObject } from '../schema/objects';
import type { SalesforceSettings } from '../settings';
import { JsonProblem } from '../writes/values';
import { Writer } from '../writes/writer';

/** Result of one record of a collection. */
export interface RowResult {
	readonly id?: string;
	readonly success: boolean;
	readonly errors: object[];
	readonly created?: boolean;
}

interface BatchRow<T, O> {
	readonly input: T;
	/** Undefined where the id of a record says nothing of its object. */
	readonly object: O;
}

/** The records of one collection. */
export interface Batch<T, O extends SObject | undefined> {
	readonly rows: ReadonlyArray<BatchRow<T, O>>;
	readonly allOrNone: boolean;
}

/**
 * Works through the records, run by run of one object. Takes back a run that code of the organisation fails for (S16), and
 * everything when all or none is wanted or the JSON refuses the request.
 */
export function workThrough<T, O extends SObject | undefined>(
	account: Account,
	{ rows, allOrNone }: Batch<T, O>,
	work: (writer: Writer, row: BatchRow<T, O>) => RowResult,
): Reply {
	return account.store.transaction((rollBack) => {
		const results = runsOf(rows).flatMap((run) =>
			account.store.transaction((rollBackRun) => {
				const writer = new Writer(account.store);
				const ofRun = run.map((row) => resultOf(account, () => work(writer, row), rollBackRun, rollBack));
				if (writer.brokenBy === undefined) return ofRun;
				rollBackRun();
				const failed = failure(account, brokenBatch(writer.brokenBy));
				return ofRun.map((result) => (result.success ? failed : result));
			}),
		);
		if (!allOrNone || results.every(({ success }) => success)) return ok(results);
		rollBack();
		const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
		const rolledBack = { statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] };
		return ok(results.map((result) => (result.success ? { success: false, errors: [rolledBack] } : result)));
	});
}

/** Rows that follow each other and are of one object. */
export function runsOf<R extends { readonly object: SObject | undefined }>(rows: readonly R[]): R[][] {
	const runs: R[][] = [];
	for (const row of rows) {
		const last = runs.at(-1);
		if (last !== undefined && last[0]?.object?.name === row.object?.name) last.push(row);
		else runs.push([row]);
	}
	return runs;
}

/** Keys that come more than once in one request. */
export class Repeats {
	private readonly seen = new Set<string>();
	private readonly repeated: ReadonlySet<string>;

	constructor(
		keys: readonly string[],
		private readonly mode: SalesforceSettings['repeatedKey'],
	) {
		this.repeated = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
	}

	/** Whether the row with this key fails; to be asked once for each row, in order. */
	refuse(key: string): boolean {
		const isLater = this.seen.has(key);
		this.seen.add(key);
		return this.mode === 'allFail' ? this.repeated.has(key) : this.mode === 'laterFail' && isLater;
	}
}

function resultOf(account: Account, work: () => RowResult, ...rollBacks: ReadonlyArray<() => void>): RowResult {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof RecordError)) throw error;
		if (error instanceof JsonProblem && account.settings.badJsonFails === 'request') {
			for (const rollBack of rollBacks) rollBack();
			throw error.asRefusal;
		}
		return failure(account, error);
	}
}

const failure = ({ settings }: Account, error: RecordError): RowResult => ({
	success: false,
	errors: error.all.map(({ statusCode, message, fields, details }) => ({ statusCode, message, fields, ...(settings.duplicateRowDetails && details) })), // prettier-ignore
});
