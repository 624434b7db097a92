import type { HttpPort } from '../core/ports';
import { plainHttp } from '../test/support/http/plainHttp';

/** A port that knows how many calls went through it. */
export interface CountingHttp extends HttpPort {
	readonly sent: number;
}

/** As long as the nodes wait. */
const TIMEOUT_MS = 60_000;

/** The HTTP port over Node's fetch, the same for every contestant, with a count. */
export function countingHttp(baseUrl: string, headers: Readonly<Record<string, string>>): CountingHttp {
	const http = plainHttp(baseUrl, headers);
	let sent = 0;
	return {
		get sent() {
			return sent;
		},
		async send(request) {
			sent += 1;
			return await http.send({ timeoutMs: TIMEOUT_MS, ...request });
		},
	};
}
