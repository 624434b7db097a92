import { refusal, type SalesforceError } from '../errors';

const AROUND = 40;

/** Salesforce's form: the part of the query, a caret below the place, row and column, and what is wrong. */
export function queryError(text: string, at: number, message: string, errorCode = 'MALFORMED_QUERY'): SalesforceError {
	const before = text.slice(0, at);
	const row = before.split('\n').length;
	const lineStart = before.lastIndexOf('\n') + 1;
	const from = Math.max(lineStart, at - AROUND);
	const rest = text.slice(at, at + AROUND).split('\n')[0] ?? '';
	const shown = text.slice(from, at) + rest;
	const where = `ERROR at Row:${row}:Column:${at - lineStart + 1}`;
	return refusal(400, errorCode, `\n${shown}\n${' '.repeat(at - from)}^\n${where}\n${message}`);
}

/** A refusal without a place. */
export const malformed = (message: string): SalesforceError => refusal(400, 'MALFORMED_QUERY', message);
