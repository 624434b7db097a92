import type { HttpPort, HttpReply } from '../../../core/ports';

/** The HTTP port over Node's fetch, for client tests and the benchmark. One socket per call, as n8n does it. */
export function fetchHttp(baseUrl: string, headers: Readonly<Record<string, string>>): HttpPort {
	return {
		async send({ method, path, query, headers: own, body, timeoutMs = 10_000 }): Promise<HttpReply> {
			const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
				[value].flat().map((one) => `${encoded(name)}=${encoded(String(one))}`),
			);
			const url = [baseUrl + path, ...(pairs.length > 0 ? [pairs.join('&')] : [])].join('?');
			try {
				const response = await fetch(url, {
					method,
					headers: { connection: 'close', 'content-type': 'application/json', ...headers, ...own },
					body: body === undefined ? undefined : sent(body, own?.['content-type']),
					signal: AbortSignal.timeout(timeoutMs),
				});
				const text = await response.text();
				const answered: Record<string, string> = {};
				response.headers.forEach((value, name) => (answered[name] = value));
				return {
					kind: 'reply',
					status: response.status,
					headers: answered,
					body: parsedBody(text),
				};
			} catch (error) {
				return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
			}
		},
	};
}

/** With every reserved sign, as n8n's helper does it: n8n's own API takes no other query. */
const encoded = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** A form where the header says so, as n8n's helper does it; else JSON. */
const sent = (body: unknown, type: string | undefined): string =>
	type === 'application/x-www-form-urlencoded'
		? new URLSearchParams(body as Record<string, string>).toString()
		: JSON.stringify(body);

/** The body of an answer: JSON where it is, else the text. */
export function parsedBody(text: string): unknown {
	if (text === '') return '';
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
