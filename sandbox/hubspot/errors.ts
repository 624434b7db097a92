import { randomUUID } from 'node:crypto';

/** One entry of `errors[]` in HubSpot's error body. */
export interface ErrorDetail {
	readonly message: string;
	readonly code?: string;
	readonly in?: string;
	readonly subCategory?: string;
	readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface ErrorBody {
	readonly message: string;
	readonly category?: string;
	readonly subCategory?: string;
	readonly context?: Readonly<Record<string, readonly string[]>>;
	readonly links?: Readonly<Record<string, string>>;
	readonly errors?: readonly ErrorDetail[];
	readonly [more: string]: unknown;
}

/** Ends a call with HubSpot's error body; `status: "error"` and a correlation id are added when it is sent. */
export class HubSpotError extends Error {
	constructor(
		readonly status: number,
		readonly body: ErrorBody,
		readonly headers: Readonly<Record<string, string>> = {},
	) {
		super(body.message);
	}

	toJson(): Record<string, unknown> {
		return { status: 'error', correlationId: randomUUID(), ...this.body };
	}
}

export function validationError(message: string, errors?: readonly ErrorDetail[]): HubSpotError {
	return new HubSpotError(400, { message, category: 'VALIDATION_ERROR', ...(errors && { errors }) });
}

export function notFound(message = 'resource not found'): HubSpotError {
	return new HubSpotError(404, { message, category: 'OBJECT_NOT_FOUND' });
}

export function listNotFound(listId: string): HubSpotError {
	return notFound(`List does not exist with ID ${listId}.`);
}

/** The body of a status without one of its own, as injected faults use it. */
export function bodyForStatus(status: number): Record<string, unknown> {
	const correlationId = randomUUID();
	if (status === 429) return rateLimitBody('TEN_SECONDLY_ROLLING');
	if (status === 401)
		return new HubSpotError(401, { message: INVALID_AUTHENTICATION, category: 'INVALID_AUTHENTICATION' }).toJson();
	const messages: Record<number, string> = {
		423: 'This resource is locked by other writes. Try again in a few seconds.',
		477: 'This account is moving to another data centre.',
		502: 'Bad gateway',
		503: 'Service unavailable',
		504: 'Gateway timeout',
	};
	return { status: 'error', message: messages[status] ?? 'internal error', correlationId };
}

export const INVALID_AUTHENTICATION =
	'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview';

export type RateLimitPolicy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';

/** HubSpot's 429 body has `errorType`, not `category`. */
export function rateLimitBody(policyName: RateLimitPolicy): Record<string, unknown> {
	return {
		status: 'error',
		message: `You have reached your ${policyName.toLowerCase()} limit.`,
		errorType: 'RATE_LIMIT',
		correlationId: randomUUID(),
		policyName,
		requestId: randomUUID(),
	};
}
