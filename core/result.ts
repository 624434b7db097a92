import type { ReasonCode } from './outcome';

/**
 * What a call to a vendor can come back with. Failures are values, sorted by what to do next:
 * `retry` – it may pass; `refused` – this request or record is wrong, the others go on; `stop` – no further call can
 * succeed until a person changes a setting, a credential or a limit.
 */
export type Failure =
	| {
			readonly kind: 'retry';
			readonly code: ReasonCode;
			readonly reason: string;
			readonly afterMs?: number;
			readonly status?: number;
			/** No time was left to send the call. */
			readonly unsent?: true;
	  }
	| {
			readonly kind: 'refused';
			readonly code: ReasonCode;
			readonly reason: string;
			readonly status?: number;
			readonly details?: unknown;
	  }
	| { readonly kind: 'stop'; readonly code: ReasonCode; readonly reason: string };

export type Result<T> = { readonly kind: 'ok'; readonly value: T } | Failure;

export const ok = <T>(value: T): Result<T> => ({ kind: 'ok', value });
