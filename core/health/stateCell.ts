import { z } from 'zod';
import { isReasonCode } from '../outcome';
import type { HealthState, Trouble } from './healthState';
import { TROUBLE_KINDS } from './statement';

/**
 * A cell of a data table that holds the state of a sync: about 50 signs a contact. Contact keys of one source begin alike and reasons
 * are few, so each stands once.
 */
const dayCounts = z.object({
	day: z.string(),
	inSync: z.number().optional(),
	excluded: z.number(),
	failing: z.number(),
	waiting: z.number(),
	writes: z.number(),
	calls: z.number(),
});

const entry = z.tuple([
	/** Which beginning of the key, and its end. */
	z.number(),
	z.string(),
	/** Which kind, and which code. */
	z.number(),
	z.number(),
	/** Since when, and how many seconds later it was seen. */
	z.number(),
	z.number(),
	/** The mark of the address, or nothing. */
	z.string(),
	/** When it is tried again, 0 for unknown; 1 if it left. */
	z.number(),
	z.number(),
]);

const cell = z.object({
	v: z.literal(1),
	day: z.string(),
	members: z.number().optional(),
	writes: z.number(),
	calls: z.number(),
	at: z.number(),
	ended: z.array(dayCounts),
	overflow: z.number(),
	/** Latest writes, the newest first: one whose answer was lost is found by its name. */
	recent: z.array(z.string()),
	begins: z.array(z.string()),
	codes: z.array(z.string()),
	troubles: z.array(entry),
});

/** Writes that are remembered; more of other processes between a lost write and the look at its fate do not happen. */
const REMEMBERED_WRITES = 30;

export interface StoredState {
	readonly state: HealthState;
	readonly recent: readonly string[];
}

export function stateText(state: HealthState, recent: readonly string[]): string {
	const begins = new Map<string, number>();
	const codes = new Map<string, number>();
	const troubles = [...state.troubles].map(([key, { kind, code, since, seen, until = 0, left, mark = '' }]) => {
		const end = key.lastIndexOf(':') + 1;
		return [
			numberOf(begins, key.slice(0, end)),
			key.slice(end),
			TROUBLE_KINDS.indexOf(kind),
			numberOf(codes, code),
			since,
			seen - since,
			mark,
			until,
			left ? 1 : 0,
		];
	});
	const { day, members, writes, calls, at, ended, overflow } = state;
	return JSON.stringify({
		...{ v: 1, day, members, writes, calls, at, ended, overflow },
		recent: recent.slice(0, REMEMBERED_WRITES),
		begins: [...begins.keys()],
		codes: [...codes.keys()],
		troubles,
	});
}

function numberOf(known: Map<string, number>, text: string): number {
	const number = known.get(text) ?? known.size;
	known.set(text, number);
	return number;
}

/** Undefined: the cell is empty, was changed by hand, or is of a later version. */
export function readStateText(text: unknown): StoredState | undefined {
	const read = cell.safeParse(parsed(text));
	if (!read.success) return undefined;
	const { day, members, writes, calls, at, ended, overflow, recent, begins, codes } = read.data;
	const troubles = new Map<string, Trouble>();
	for (const [begin, end, kindAt, codeAt, since, later, mark, until, left] of read.data.troubles) {
		const kind = TROUBLE_KINDS[kindAt];
		const code = codes[codeAt];
		// A code that this version does not know: the contact shows again with its next batch.
		if (kind === undefined || !isReasonCode(code)) continue;
		troubles.set(`${begins[begin] ?? ''}${end}`, {
			...{ kind, code, since, seen: since + later },
			...(until === 0 ? {} : { until }),
			...(left === 1 ? { left: true as const } : {}),
			...(mark === '' ? {} : { mark }),
		});
	}
	const state: HealthState = {
		...{ troubles, day, writes, calls, at, overflow },
		ended,
		...(members === undefined ? {} : { members }),
	};
	return { state, recent };
}

function parsed(text: unknown): unknown {
	if (typeof text !== 'string') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
