import { Connection, type SaveResult } from 'jsforce';
import type { RunningSalesforce } from '../../../sandbox/salesforce';

/** jsforce with a fresh session of the API user, or of none of its own. */
export const connectTo = (salesforce: RunningSalesforce): Connection =>
	new Connection({ instanceUrl: salesforce.url, accessToken: salesforce.newToken(), version: '66.0' });

export interface Failure {
	readonly errorCode?: string;
	readonly name: string;
	readonly message: string;
}

/** The error of a call that must fail. */
export async function failure(work: PromiseLike<unknown>): Promise<Failure> {
	try {
		await work;
	} catch (error) {
		return error as Failure;
	}
	throw new Error('The call did not fail');
}

export interface RowError {
	readonly statusCode: string;
	readonly message: string;
	readonly fields: readonly string[];
}

/** Errors of the rows of a collection, whose code jsforce types as that of a single record. */
export const rowErrors = (results: readonly SaveResult[]): RowError[][] =>
	results.map(({ errors }) => errors as unknown as RowError[]);

/** `ok`, or the first code, of each row. */
export const rowCodes = (results: readonly SaveResult[]): string[] =>
	results.map(({ success }, index) => (success ? 'ok' : (rowErrors(results)[index]?.[0]?.statusCode ?? 'no code')));
