import { startBrevo, type BrevoOptions, type RunningBrevo } from '../../../sandbox/brevo';

export interface ContactAnswer {
	id: number;
	email: string;
	emailBlacklisted: boolean;
	createdAt: string;
	modifiedAt: string;
	listIds: number[];
	attributes: Record<string, unknown>;
}

export interface AttributeAnswer {
	name: string;
	category: string;
	enumeration?: unknown[];
	multiCategoryOptions?: string[];
}

/** The fields that the answers looked at in these tests carry; which of them are there depends on the call. */
export interface AnswerBody extends ContactAnswer {
	code: string;
	message: string;
	metadata: { duplicate_identifiers: string[] };
	name: string;
	count: number;
	contacts: ContactAnswer[];
	lists: { id: number; name: string }[];
	folders: { id: number; name: string }[];
	plan: unknown[];
	processes: { id: number; status: string }[];
	processId: number;
	status: string;
	info: { import: Record<string, string | null> };
}

export interface Answer<Body = AnswerBody> {
	status: number;
	headers: Headers;
	/** An empty text when there is none. */
	body: Body;
}

export type Call = <Body = AnswerBody>(method: string, path: string, body?: unknown) => Promise<Answer<Body>>;

/** A plain client: the path as given, JSON in and out. */
export function callsTo(brevo: RunningBrevo, apiKey: string | null = brevo.apiKey): Call {
	return async <Body>(method: string, path: string, body?: unknown) => {
		const response = await fetch(brevo.url + path, {
			method,
			headers: { ...(apiKey === null ? {} : { 'api-key': apiKey }), 'content-type': 'application/json' },
			body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
		});
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.includes('json') ?? false;
		const answered: unknown = isJson && text !== '' ? JSON.parse(text) : text;
		return { status: response.status, headers: response.headers, body: answered as Body };
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
