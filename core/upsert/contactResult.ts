import type { Warning } from '../contact/contact';
import type { Outcome, OutcomeStatus, ReasonCode } from '../outcome';
import { messageFor, withAdvice } from '../outcome';
import type { Failure } from '../result';

/** What became of one change, with the warnings that arose on the way. */
export interface ContactResult {
	readonly outcome: Outcome;
	readonly warnings: readonly Warning[];
}

/** A result told by a reason code alone. */
export function result(status: OutcomeStatus, code: ReasonCode): ContactResult {
	return { outcome: { status, code, message: messageFor(code) }, warnings: [] };
}

/** The result of a contact that could not be written: what happened, then what to do. */
export function failed(failure: Failure, warnings: readonly Warning[] = [], destinationId?: string): ContactResult {
	return {
		outcome: {
			status: 'failed',
			code: failure.code,
			message: withAdvice(failure.reason, failure.code),
			retryable: failure.kind !== 'refused',
			...(destinationId === undefined ? {} : { destinationId }),
		},
		warnings,
	};
}

/** A warning told by a reason code alone. */
export function warning(field: string, code: ReasonCode): Warning {
	return { field, code, message: messageFor(code) };
}

/** A warning about one value: what is wrong with it, then what to do. */
export function valueWarning(field: string, code: ReasonCode, event: string): Warning {
	return { field, code, message: withAdvice(event, code) };
}

/** Another contact of the destination has the address and keeps it. */
export const TAKEN: Failure = {
	kind: 'refused',
	code: 'IDENTIFIER_TAKEN',
	reason: 'The e-mail address belongs to another contact of the destination',
};

/** As `TAKEN`, where that contact stands for another record of the same account, which keeps the address. */
export const TAKEN_BY_RECORD: Failure = {
	kind: 'refused',
	code: 'IDENTIFIER_TAKEN',
	reason:
		'The e-mail address belongs to the contact of another record of the source, and the contact of this one keeps its own',
};
