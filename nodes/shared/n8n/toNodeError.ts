import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { REASONS } from '../../../core/reasons';
import type { Failure } from '../../../core/result';

type ErrorOptions = ConstructorParameters<typeof NodeApiError>[2];
type FailureHint = NonNullable<ErrorOptions>['failure'];

/**
 * A failure as n8n shows it: the message says what happened, the description what to do about it. The failure hint tells
 * n8n's durable scheduler how long to leave a trigger alone. The exception is to be thrown by the caller.
 */
export function toNodeError(node: INode, failure: Failure, itemIndex?: number): NodeApiError | NodeOperationError {
	const options = {
		message: failure.reason,
		description: REASONS[failure.code].advice,
		itemIndex,
		failure: hintFor(failure),
	};
	const error =
		failure.kind === 'stop' && SETTINGS.has(failure.code)
			? new NodeOperationError(node, failure.reason, options)
			: new NodeApiError(node, { message: failure.reason, code: failure.code }, options);
	// n8n replaces messages that hold a code such as ECONNRESET by its own, which do not name the vendor.
	error.message = failure.reason;
	return error;
}

const SETTINGS: ReadonlySet<Failure['code']> = new Set([
	'CONSENT_NOT_CONFIRMED',
	'NO_LIST_SELECTED',
	'LIST_NOT_FOUND',
	'LIST_NOT_ACTIVE',
	'LIST_VIEW_NOT_FOUND',
	'LIST_VIEW_NOT_READABLE',
	'CAMPAIGN_NOT_FOUND',
	'NOTHING_MAPPED',
	'NO_IDENTIFIER_MAPPED',
	'SOURCE_FIELD_MISSING',
	'DESTINATION_FIELD_MISSING',
	'FOLDER_NOT_FOUND',
	'FIELD_RETYPED',
	'SETTING_INVALID',
	'STALE_DELIVERY',
]);

function hintFor(failure: Failure): FailureHint {
	if (failure.kind === 'retry') {
		return failure.code === 'RATE_LIMITED'
			? { cause: 'rate-limited', retryAfterMs: failure.afterMs }
			: { cause: 'temporarily-unavailable', retryAfterMs: failure.afterMs };
	}
	if (failure.code === 'DAILY_LIMIT_REACHED' || failure.code === 'DAILY_RESERVE_REACHED')
		return { cause: 'quota-exhausted' };
	if (failure.code === 'CREDENTIAL_INVALID' || failure.code === 'SCOPE_MISSING' || failure.code === 'IP_BLOCKED') {
		return { cause: 'credential-invalid' };
	}
	return { cause: 'configuration-invalid' };
}
