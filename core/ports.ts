/**
 * What the core asks of the world. Each port has one adapter to n8n in `nodes/shared` and stand-ins in the tests.
 */

/** Time as the core sees it: instants are ms since 1970 in UTC. */
export interface Clock {
	now(): number;
	/** Resolves after `ms` milliseconds, or earlier when the execution is cancelled. */
	sleep(ms: number): Promise<void>;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One call. `path` starts with `/` and is already escaped; the adapter adds the base URL and the credentials. */
export interface HttpRequest {
	readonly method: HttpMethod;
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
	/** Besides those the adapter sets. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON, a text as it is: its content type is among the headers. */
	readonly body?: unknown;
	/** Default 60 s. */
	readonly timeoutMs?: number;
}

/**
 * What came back; a port never throws. `loginFailed` is a token that could not be fetched or refreshed, or a credential
 * that n8n could not read: repeating the call does not help. `unreachable` is a network fault or a timeout: the call may
 * or may not have been carried out.
 */
export type HttpReply =
	| {
			readonly kind: 'reply';
			readonly status: number;
			readonly headers: Readonly<Record<string, string>>;
			readonly body: unknown;
			/** The answer was longer than any rightful one and was not read to its end: `body` holds nothing of it. */
			readonly tooLong?: true;
	  }
	| {
			readonly kind: 'unreachable';
			readonly reason: string;
			/** How long the answer was waited for, where that is known. */
			readonly waitedMs?: number;
	  }
	| { readonly kind: 'loginFailed'; readonly reason: string };

export interface HttpPort {
	send(request: HttpRequest): Promise<HttpReply>;
}

/** Log lines carry ids and counts, never addresses, names or secrets. */
export interface Log {
	debug(message: string): void;
	info(message: string): void;
	warn(message: string): void;
}
