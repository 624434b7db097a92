/** One entry of Salesforce's error body. */
export interface ErrorEntry {
	readonly message: string;
	readonly errorCode: string;
	readonly fields?: readonly string[];
	readonly [extra: string]: unknown;
}

/** An answer other than success: a list of entries, or a body of another form. */
export class SalesforceError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(JSON.stringify(body));
	}
}

/** What is wrong with one record: an entry of `errors` in a collection, the whole body of a single call. */
export class RecordError extends Error {
	constructor(
		readonly statusCode: string,
		message: string,
		readonly fields: readonly string[] = [],
		/** HTTP status where the record is the whole request. */
		readonly httpStatus = 400,
		/** Further parts of the body of a single call. */
		readonly details: Readonly<Record<string, unknown>> = {},
	) {
		super(message);
	}

	/** This error, or all that were found in the record. */
	get all(): readonly RecordError[] {
		return [this];
	}
}

/** Several things that are wrong with one record. */
export class RecordErrors extends RecordError {
	constructor(private readonly found: readonly RecordError[]) {
		const [{ statusCode, message, fields, httpStatus, details }] = found as [RecordError];
		super(statusCode, message, fields, httpStatus, details);
	}

	override get all(): readonly RecordError[] {
		return this.found;
	}
}

/** Code of the organisation failed for a batch: every record of it gets the same error. */
export const brokenBatch = (message: string): RecordError =>
	new RecordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message);

export function refusal(status: number, errorCode: string, message: string, fields?: readonly string[]) {
	return new SalesforceError(status, [{ message, errorCode, ...(fields !== undefined && { fields }) }]);
}

export const notFound = (message = 'The requested resource does not exist') => refusal(404, 'NOT_FOUND', message);

export const expiredSession = () => refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

export const invalidType = (name: string) =>
	refusal(400, 'INVALID_TYPE', `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`); // prettier-ignore

/** The body of a call for one record that failed. */
export function ofRecord(error: RecordError): SalesforceError {
	const entries = error.all.map(({ statusCode, message, fields, details }) => ({ ...details, message, errorCode: statusCode, fields })); // prettier-ignore
	return new SalesforceError(error.httpStatus, entries);
}

const CODES: Readonly<Record<number, readonly [errorCode: string, message: string]>> = {
	400: ['UNKNOWN_EXCEPTION', 'An unexpected error occurred'],
	401: ['INVALID_SESSION_ID', 'Session expired or invalid'],
	403: ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
	404: ['NOT_FOUND', 'The requested resource does not exist'],
	405: ['METHOD_NOT_ALLOWED', 'HTTP Method not allowed'],
	500: ['UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId if you contact support: 0'],
	503: ['SERVER_UNAVAILABLE', 'The server is temporarily unavailable'],
};

/** The body of an injected status: Salesforce's list, or nothing where its edge answers (406, 420). */
export function bodyForStatus(status: number): unknown {
	if (status === 406 || status === 420) return '';
	const [errorCode, message] = CODES[status] ?? ['UNKNOWN_EXCEPTION', `Injected status ${status}`];
	return [{ message, errorCode }];
}
