/**
 * What goes wrong with the next request(s).
 * - `status` (default when `status` or `body` is given): answers at once, the work is not done
 * - `reset`: destroys the socket at once, the work is not done
 * - `cutOff`: does the work, sends half of the answer and destroys the socket
 * - `garbage`: answers 200 with HTML as a proxy in between would, the work is not done
 * - `afterWork`: does the work, then answers with the fault instead (without `status`: destroys the socket)
 * - only `delayMs`: slow but right. `delayMs` may be added to every other kind.
 */
export interface Fault {
	readonly kind?: FaultKind;
	readonly status?: number;
	/** Sent as JSON; a string is sent as it is. Absent: the vendor's own error body for that status. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly delayMs?: number;
	/** How many requests it hits. Default 1, or no limit when `untilMs` is given; 0 = until cleared. */
	readonly times?: number;
	/** Instant on the sandbox clock from which it no longer hits anything. */
	readonly untilMs?: number;
}

export type FaultKind = 'status' | 'reset' | 'cutOff' | 'garbage' | 'afterWork' | 'delay';

const KINDS: readonly string[] = ['status', 'reset', 'cutOff', 'garbage', 'afterWork', 'delay'];

/** A fault as taken: its kind decided. */
export type TakenFault = Fault & { readonly kind: FaultKind };

interface Planned {
	readonly match: string;
	readonly fault: TakenFault;
	left: number;
}

/**
 * Faults waiting for requests, the oldest matching one first.
 *
 * A match reads `POST /contacts/import`, `GET /crm/lists/2026-09/*` (a trailing `*` takes any rest), `GET
 * /crm/lists/2026-09/:id/memberships` (`:x` takes one segment), `/crm/*` (any method) or `*`. Paths are relative to the
 * API base and carry no query.
 */
export class Faults {
	private planned: Planned[] = [];

	constructor(private readonly now: () => number = Date.now) {}

	/** Plans a fault for the next matching request(s). Throws on an unknown kind or a malformed number. */
	next(match: string, fault: Fault): void {
		const kind = fault.kind ?? (fault.status === undefined && fault.body === undefined ? 'delay' : 'status');
		if (!KINDS.includes(kind)) throw new Error(`Unknown kind of fault: ${String(kind)}`);
		if (kind === 'delay' && fault.delayMs === undefined) throw new Error('A fault needs a kind, a status or a delayMs');
		for (const name of ['status', 'delayMs', 'times', 'untilMs'] as const) {
			const value: unknown = fault[name];
			if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value) || value < 0)) {
				throw new Error(`${name} of a fault must be a number of 0 or more`);
			}
		}
		const times = fault.times ?? (fault.untilMs === undefined ? 1 : 0);
		this.planned.push({ match: match.trim(), fault: { ...fault, kind }, left: times === 0 ? Infinity : times });
	}

	/** The fault for this request, if one is planned; counts it as used. */
	take(method: string, path: string): TakenFault | undefined {
		this.dropSpent();
		const hit = this.planned.find((entry) => matches(entry.match, method, path));
		if (hit === undefined) return undefined;
		hit.left -= 1;
		return hit.fault;
	}

	clear(): void {
		this.planned = [];
	}

	/** What is still planned; `left` is null for "until cleared". */
	list(): Array<{ match: string; fault: Fault; left: number | null }> {
		this.dropSpent();
		return this.planned.map(({ match, fault, left }) => ({ match, fault, left: Number.isFinite(left) ? left : null }));
	}

	private dropSpent(): void {
		const now = this.now();
		this.planned = this.planned.filter(
			({ left, fault }) => left > 0 && (fault.untilMs === undefined || now < fault.untilMs),
		);
	}
}

function matches(match: string, method: string, path: string): boolean {
	if (match === '*') return true;
	const space = match.indexOf(' ');
	const wantedMethod = space === -1 ? '*' : match.slice(0, space).toUpperCase();
	const wantedPath = space === -1 ? match : match.slice(space + 1).trim();
	if (wantedMethod !== '*' && wantedMethod !== method.toUpperCase()) return false;
	if (wantedPath === '*') return true;
	const anyRest = wantedPath.endsWith('*');
	const wanted = (anyRest ? wantedPath.slice(0, -1) : wantedPath).split('/');
	const given = path.split('/');
	if (!anyRest && given.length !== wanted.length) return false;
	return wanted.every((segment, index) => {
		const actual = given[index];
		if (actual === undefined) return false;
		if (anyRest && index === wanted.length - 1) return actual.startsWith(segment);
		return segment.startsWith(':') ? actual !== '' : segment === actual;
	});
}
