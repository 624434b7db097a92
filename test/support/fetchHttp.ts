import type { HttpPort, HttpReply } from '../../core/ports';

/** The HTTP port over Node's fetch, for client tests and the benchmark. One socket per call, as n8n does it. */
export function fetchHttp(baseUrl: string, headers: Readonly<Record<string, string>>): HttpPort {
	return {
		async send({ method, path, query, headers: own, body, timeoutMs = 10_000 }): Promise<HttpReply> {
			const url = new URL(baseUrl + path);
			for (const [name, value] of Object.entries(query ?? {})) {
				for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
			}
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
