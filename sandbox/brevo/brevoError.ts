/** A refusal in Brevo's form: `{ code, message, metadata? }` with an HTTP status. */
export class BrevoError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly metadata?: Record<string, unknown>,
	) {
		super(message);
	}

	get body(): Record<string, unknown> {
		return { code: this.code, message: this.message, ...(this.metadata ? { metadata: this.metadata } : {}) };
	}
}

export const invalidParameter = (message: string) => new BrevoError(400, 'invalid_parameter', message);
export const missingParameter = (message: string) => new BrevoError(400, 'missing_parameter', message);
export const outOfRange = (message: string) => new BrevoError(400, 'out_of_range', message);
export const notFound = (message: string) => new BrevoError(404, 'document_not_found', message);
