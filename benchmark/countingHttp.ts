import type { Clock, HttpPort, HttpReply } from '../core/ports';

/** A port that knows how many calls went through it. */
export interface CountingHttp extends HttpPort {
	readonly sent: number;
}

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The HTTP port over Node's fetch, the same for every contestant. One connection per call, as n8n makes it. */
export function countingHttp(baseUrl: string, headers: Readonly<Record<string, string>>): CountingHttp {
	let sent = 0;
	return {
		get sent() {
			return sent;
		},
		async send({ method, path, query, body, timeoutMs = 60_000 }): Promise<HttpReply> {
			const url = new URL(baseUrl + path);
			for (const [name, value] of Object.entries(query ?? {})) {
				for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
			}
			sent += 1;
			try {
				const response = await fetch(url, {
					method,
					headers: { connection: 'close', 'content-type': 'application/json', ...headers },
					body: body === undefined ? undefined : JSON.stringify(body),
					signal: AbortSignal.timeout(timeoutMs),
				});
				const text = await response.text();
				const answered: Record<string, string> = {};
				response.headers.forEach((value, name) => (answered[name] = value));
				return {
					kind: 'reply',
					status: response.status,
					headers: answered,
					body: text === '' ? '' : JSON.parse(text),
				};
			} catch (error) {
				return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
			}
		},
	};
}
