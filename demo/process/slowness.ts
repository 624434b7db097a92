/** Milliseconds that `workSample` takes on the machine the limits were set on: two cores, nothing beside it. */
const USUAL_MS = 100;
/** Measuring keeps the process busy, so it is done once in this time at most. */
const MEASURE_EVERY_MS = 20_000;
/** More than this is no slow machine but one that hangs. */
const SLOWEST = 20;
/** What a process measured, for the processes that it starts. */
export const SLOWNESS_VARIABLE = 'CONTACT_SYNC_SLOWNESS';

let known: number | undefined;
let measuredAt = 0;

/** How many times as long as usual things take on this machine, from 1 to 20: the most that was measured so far. */
export function slowness(): number {
	known ??= within(Number(process.env[SLOWNESS_VARIABLE]) || measure());
	return known;
}

/** The same, measured anew unless that was done a moment ago. */
export function currentSlowness(): number {
	if (Date.now() - measuredAt > MEASURE_EVERY_MS) known = Math.max(slowness(), within(measure()));
	return slowness();
}

/** A limit for this machine, of one for the usual machine. */
export const scaled = (usualMs: number): number => Math.round(usualMs * slowness());

/** A limit to a wait. It grows when the machine turns out to be slower than it was at the start. */
export class Patience {
	private readonly startedAt = Date.now();

	constructor(private readonly usualMs: number) {}

	/** Milliseconds that the wait may take, as far as known. */
	get limitMs(): number {
		return scaled(this.usualMs);
	}

	get isOver(): boolean {
		const waited = Date.now() - this.startedAt;
		return waited > this.limitMs && waited > this.usualMs * currentSlowness();
	}
}

const within = (measured: number): number => Math.min(Math.max(measured, 1), SLOWEST);

function measure(): number {
	const startedAt = performance.now();
	workSample();
	measuredAt = Date.now();
	return (performance.now() - startedAt) / USUAL_MS;
}

/** A fixed piece of what n8n and the tests do most: objects, sorting, JSON. */
function workSample(): unknown {
	let number = 1;
	const rows = Array.from({ length: 25_000 }, () => {
		number = (number * 48_271) % 2_147_483_647;
		return { id: number, name: `Contact ${number}` };
	});
	rows.sort((a, b) => a.id - b.id);
	return JSON.parse(JSON.stringify(rows));
}
