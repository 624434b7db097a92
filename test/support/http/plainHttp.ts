import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request as startRequest } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { HttpPort, HttpReply } from '../../../core/ports';

/** One socket per call, as n8n does it. */
const ONE_CALL = new Agent({ keepAlive: false });

/**
 * The HTTP port for client tests and the benchmark, over `node:http`: Node's fetch takes more than twice the processor time, which is most
 * of a test that makes many calls.
 */
export function plainHttp(baseUrl: string, headers: Readonly<Record<string, string>>): HttpPort {
	return {
		async send({ method, path, query, headers: own, body, timeoutMs = 10_000 }): Promise<HttpReply> {
			const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
				[value].flat().map((one) => `${encoded(name)}=${encoded(String(one))}`),
			);
			const url = [baseUrl + path, ...(pairs.length > 0 ? [pairs.join('&')] : [])].join('?');
			try {
				const text = body === undefined ? undefined : sent(body, own?.['content-type']);
				const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
				const all = { 'content-type': 'application/json', ...headers, ...own, ...length };
				const answer = await answerTo(url, method, all, text, timeoutMs);
				const answered: Record<string, string> = {};
				for (const [name, value] of Object.entries(answer.headers)) answered[name] = String(value);
				return {
					kind: 'reply',
					status: answer.statusCode ?? 0,
					headers: answered,
					body: parsedBody(await textOf(answer)),
				};
			} catch (error) {
				return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
			}
		},
	};
}

const answerTo = async (
	url: string,
	method: string,
	headers: OutgoingHttpHeaders,
	body: string | undefined,
	timeoutMs: number,
): Promise<IncomingMessage> =>
	await new Promise((resolve, reject) => {
		const signal = AbortSignal.timeout(timeoutMs);
		startRequest(url, { method, headers, agent: ONE_CALL, signal }, resolve).on('error', reject).end(body);
	});

/** With every reserved sign, as n8n's helper does it: n8n's own API takes no other query. */
const encoded = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** A text as it is and a form where the header says so, as n8n's helper does it; else JSON. */
const sent = (body: unknown, type: string | undefined): string => {
	if (typeof body === 'string') return body;
	return type === 'application/x-www-form-urlencoded'
		? new URLSearchParams(body as Record<string, string>).toString()
		: JSON.stringify(body);
};

/** The body of an answer: JSON where it is, else the text. */
export function parsedBody(text: string): unknown {
	if (text === '') return '';
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
