import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactWrite } from '../../../core/upsert/destination';
import type { SalesforceFault } from '../api/classify';
import type { RecordToWrite, RowResult } from '../api/salesforceWriter';
import type { SalesforceObject } from '../api/types';
import type { RefusedRow } from './rowFailures';
import { isLocked, isUnexplained, rowFailure } from './rowFailures';

/** Tries of a record that another transaction holds, the first one included (S11). */
const TRIES_WHEN_LOCKED = 4;
const FIRST_WAIT_MS = 500;

/** What became of a row; `lost`: nothing was told about it. */
export type Outcome = RowResult | { readonly kind: 'lost'; readonly failure: Failure };

/** A record to be written, for the write of that key. */
export interface Row {
	readonly key: string;
	readonly record: RecordToWrite;
}

/** Sends rows of records to one of Salesforce's collections. */
export class RowWriter {
	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
	) {}

	/** Writes rows; those that were locked, or refused without a reason, are sent again by themselves after a while. */
	async write(
		rows: readonly Row[],
		write: (records: readonly RecordToWrite[]) => Promise<Result<readonly RowResult[]>>,
	): Promise<Result<ReadonlyMap<string, Outcome>>> {
		const outcomes = new Map<string, Outcome>();
		let open = rows;
		for (let attempt = 1; open.length > 0; attempt++) {
			const answer = await write(open.map(({ record }) => record));
			if (answer.kind !== 'ok' && attempt === 1) return answer;
			for (const [index, { key }] of open.entries()) {
				const row = answer.kind === 'ok' ? answer.value[index] : undefined;
				outcomes.set(key, row ?? { kind: 'lost', failure: answer.kind === 'ok' ? LOST : answer });
			}
			open = open.filter(({ key }) => mayPass(outcomes.get(key)));
			if (attempt >= TRIES_WHEN_LOCKED) break;
			const wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
			if (open.length > 0) await this.clock.sleep(Math.round(wait * (0.5 + this.random() / 2)));
		}
		return ok(outcomes);
	}
}

export const NONE: ReadonlySet<string> = new Set();

const MEMBERS: SalesforceObject = {
	name: 'CampaignMember',
	label: 'Campaign Member',
	createable: true,
	updateable: true,
	deletable: true,
	fields: [],
};

/** A record of which no value can be left out. */
export const rowOf = (object: SalesforceObject): RefusedRow => ({ object, attributes: [], required: NONE });

/** The failures of rows by the key of their write; `isDone`: the row is as it was to be, whatever the answer. */
export function failuresOf(
	writes: readonly ContactWrite[],
	outcomes: Result<ReadonlyMap<string, Outcome>>,
	isDone: (key: string, outcome: Outcome) => boolean,
	object: SalesforceObject = MEMBERS,
): ReadonlyMap<string, Failure> {
	const failures = new Map<string, Failure>();
	for (const { key } of writes) {
		if (outcomes.kind !== 'ok') {
			failures.set(key, outcomes);
			continue;
		}
		const outcome = outcomes.value.get(key);
		if (!outcome || isDone(key, outcome) || outcome.kind === 'ok') continue;
		const row = rowOf(object);
		failures.set(key, outcome.kind === 'lost' ? outcome.failure : rowFailure(outcome.faults, row));
	}
	return failures;
}

export const hasFault = (outcome: Outcome | undefined, is: (fault: SalesforceFault) => boolean): boolean =>
	outcome?.kind === 'failed' && outcome.faults.some(is);

const mayPass = (outcome: Outcome | undefined): boolean =>
	hasFault(outcome, (fault) => isLocked(fault) || isUnexplained(fault));

/** The record does not exist any more. */
export const isGone = (outcome: Outcome): boolean =>
	hasFault(outcome, ({ code }) => code === 'ENTITY_IS_DELETED' || code === 'INVALID_CROSS_REFERENCE_KEY');

const LOST: Failure = { kind: 'retry', code: 'UNEXPECTED_ANSWER', reason: 'Salesforce told nothing about the record' };
