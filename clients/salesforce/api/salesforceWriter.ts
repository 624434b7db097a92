import { z } from 'zod';
import { unknownForm } from '../../../core/calls/callFailures';
import type { Form, VendorCalls } from '../../../core/calls/vendorCalls';
import type { HttpRequest } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import type { SalesforceFault } from './classify';
import { faultsIn } from './classify';
import { WRITE_TIMEOUT_MS } from './salesforceCalls';

export type RecordValue = string | number | boolean | null;

/** A record to be written. Values as Salesforce's JSON has them; `null` clears. `id` is that of one to be changed. */
export interface RecordToWrite {
	readonly type: string;
	readonly id?: string;
	readonly values: Readonly<Record<string, RecordValue>>;
}

/** What became of one record. */
export type RowResult =
	| { readonly kind: 'ok'; readonly id: string }
	| { readonly kind: 'failed'; readonly faults: readonly SalesforceFault[] };

export interface WriteOptions {
	/** True: a duplicate rule that only alerts lets the record through (S1). One that blocks never does. */
	readonly saveDuplicates?: boolean;
}

const rowsAnswer = z.array(
	z.object({ id: z.string().nullish(), success: z.boolean(), errors: z.array(z.unknown()).nullish() }),
);

/**
 * Salesforce's endpoints that write: collections of up to 200 records, each call counted once, with one result a record in the
 * order of the input. A record that is refused leaves the others alone (`allOrNone: false`).
 */
export class SalesforceWriter {
	private readonly headers: Readonly<Record<string, string>>;

	/** `data` is the path of the API's version. */
	constructor(
		private readonly calls: VendorCalls,
		private readonly data: string,
		{ saveDuplicates = false }: WriteOptions,
	) {
		this.headers = {
			// On by default: assignment rules would give leads to other owners with each write (S24).
			'Sforce-Auto-Assign': 'FALSE',
			...(saveDuplicates ? { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } : {}),
		};
	}

	/** Creates records. After `retry` they may or may not be there: look for them before they are created again. */
	async create(records: readonly RecordToWrite[], doing: string): Promise<Result<readonly RowResult[]>> {
		return await this.write('POST', records, doing);
	}

	/** Changes records by their ids. */
	async update(records: readonly RecordToWrite[], doing: string): Promise<Result<readonly RowResult[]>> {
		return await this.write('PATCH', records, doing);
	}

	/** Deletes records by their ids, to the recycle bin. */
	async remove(ids: readonly string[], doing: string): Promise<Result<readonly RowResult[]>> {
		const path = `${this.data}/composite/sobjects?ids=${ids.map(encodeURIComponent).join(',')}&allOrNone=false`;
		return await this.send({ method: 'DELETE', path }, ids.length, doing);
	}

	private async write(
		method: 'POST' | 'PATCH',
		records: readonly RecordToWrite[],
		doing: string,
	): Promise<Result<readonly RowResult[]>> {
		const body = {
			allOrNone: false,
			records: records.map(({ type, id, values }) => ({
				attributes: { type },
				...(id === undefined ? {} : { id }),
				...values,
			})),
		};
		return await this.send({ method, path: `${this.data}/composite/sobjects`, body }, records.length, doing);
	}

	private async send(
		{ method, path, body }: Pick<HttpRequest, 'method' | 'path' | 'body'>,
		count: number,
		doing: string,
	): Promise<Result<readonly RowResult[]>> {
		const request: HttpRequest = { method, path, body, headers: this.headers, timeoutMs: WRITE_TIMEOUT_MS };
		const form: Form<z.output<typeof rowsAnswer>> = rowsAnswer;
		const answer =
			method === 'POST'
				? await this.calls.writeOnce(request, form, doing)
				: await this.calls.writeRepeatable(request, form, doing);
		if (answer.kind !== 'ok') return asWrite(answer);
		// Without a result for each record none can be told.
		if (answer.value.length !== count) return unknownAnswer(doing);
		const rows: RowResult[] = [];
		for (const { id, success, errors } of answer.value) {
			if (success && !id) return unknownAnswer(doing);
			rows.push(success && id ? { kind: 'ok', id } : { kind: 'failed', faults: faultsIn(errors) });
		}
		return { kind: 'ok', value: rows };
	}
}

/** The records were taken, so that reading them anew tells what became of them. */
const unknownAnswer = (doing: string): Failure => ({ ...unknownForm('Salesforce', doing), kind: 'retry' });

/** What reads call a refusal of the source is one of the destination here; an answer of an unknown form refuses nothing. */
function asWrite(failure: Failure): Failure {
	if (failure.kind !== 'refused') return failure;
	const { code, reason, status } = failure;
	if (code === 'UNEXPECTED_ANSWER') return { kind: 'retry', code, reason };
	return { kind: 'refused', code: code === 'SOURCE_REFUSED' ? 'DESTINATION_REFUSED' : code, reason, status };
}
