import type { RunningSalesforce } from '../../../sandbox/salesforce';

/**
 * Any part of an answer: lists and objects alike. Which of the fields are there, and of which type, is what the tests
 * check.
 */
export interface Body extends Array<Body> {
	0: Body;
	1: Body;
	2: Body;
	records: Body;
	fields: Body;
	listviews: Body;
	columns: Body;
	errors: Body;
	results: Body;
	compositeResponse: Body;
	deletedRecords: Body;
	body: Body;
	result: Body;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	[name: string]: any;
}

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Body;
}

export interface Calls {
	(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
	/** `/query`, or `/queryAll`. */
	query(soql: string, headers?: Record<string, string>): Promise<Answer>;
	queryAll(soql: string): Promise<Answer>;
	/** `POST /_sandbox/do`. */
	operate(op: string, args?: object): Promise<Body>;
	/** Code and message of a query that is refused with status 400. */
	refused(soql: string): Promise<string>;
}

export const V = '/services/data/v66.0';

/** Calls with a fresh session each, below the API version; a path that begins with `/services` stands as it is. */
export function callsTo(salesforce: RunningSalesforce): Calls {
	const call = async (
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Answer> => {
		const response = await fetch(salesforce.url + (path.startsWith('/services') ? path : V + path), {
			method,
			redirect: 'manual',
			headers: { authorization: `Bearer ${salesforce.newToken()}`, 'content-type': 'application/json', ...headers },
			...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
		return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
	};
	const query = (soql: string, headers?: Record<string, string>) => call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, headers); // prettier-ignore
	return Object.assign(call, {
		query,
		queryAll: (soql: string) => call('GET', `/queryAll?q=${encodeURIComponent(soql)}`),
		operate: async (op: string, args: object = {}): Promise<Body> => {
			const response = await fetch(`${salesforce.url}/_sandbox/do`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ op, ...args }),
			});
			const answer = parsed(await response.text());
			if (response.status !== 200) throw new Error(answer.message as string);
			return answer.result;
		},
		refused: async (soql: string) => {
			const { status, body } = await query(soql);
			if (status !== 400) throw new Error(`${soql} was answered ${status}`);
			return `${String(body[0].errorCode)} ${String(body[0].message).split('\n').slice(-2).join(' ')}`;
		},
	});
}

function parsed(text: string): Body {
	try {
		return JSON.parse(text) as Body;
	} catch {
		return (text === '' ? undefined : text) as unknown as Body;
	}
}

/** A record for a collection. */
export const record = (type: string, values: object) => ({ attributes: { type }, ...values });
