import { startBrevo, type BrevoOptions, type RunningBrevo } from '../../../sandbox/brevo';

export interface Answer {
	status: number;
	headers: Headers;
	// Answers are looked at field by field in the tests.
	body: any;
}

export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** A plain client: the path as given, JSON in and out. */
export function callsTo(brevo: RunningBrevo, apiKey: string | null = brevo.apiKey): Call {
	return async (method, path, body) => {
		const response = await fetch(brevo.url + path, {
			method,
			headers: { ...(apiKey === null ? {} : { 'api-key': apiKey }), 'content-type': 'application/json' },
			body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
		});
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.includes('json') ?? false;
		return {
			status: response.status,
			headers: response.headers,
			body: isJson && text !== '' ? JSON.parse(text) : text,
		};
	};
}

/** An account without people and without limits, unless the options say otherwise; imports take 40 ms. */
export function startEmptyBrevo(options: BrevoOptions = {}): Promise<RunningBrevo> {
	return startBrevo({
		existingShare: 0,
		strangers: 0,
		people: [],
		...options,
		settings: { limits: false, importDelayMs: 40, ...options.settings },
	});
}
