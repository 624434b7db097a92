import type { Result } from '../result';
import { ok } from '../result';

/** A share of the limit that has been told, with the limit it was a share of. */
export interface ThresholdMark {
	/** In percent. */
	readonly threshold: number;
	readonly limit: number;
}

/** What has been told about one period. Marks are only ever added, so two rows' marks may be united. */
export interface AlertMarks {
	readonly thresholds: readonly ThresholdMark[];
	/** Limits whose being raised to was announced. */
	readonly raisedTo: readonly number[];
	/** Whether it was announced that this period ended the stop of an earlier one. */
	readonly renewed: boolean;
}

export const NO_MARKS: AlertMarks = { thresholds: [], raisedTo: [], renewed: false };

/**
 * `threshold`: so much is used. `exceeded`: all is used. `recovered`: after it was used up, the quota renewed or was raised.
 */
export type DueAlert =
	| { readonly kind: 'threshold' | 'exceeded'; readonly threshold: number }
	| { readonly kind: 'recovered'; readonly because: 'renewed' | 'raised' };

/** From here on a threshold means that the quota is used up. */
const ALL = 100;
const MOST_THRESHOLDS = 10;
/** More than twice the limit is never told. */
const HIGHEST = 200;

/** Reads thresholds as a person types them: `80, 100` or `50 % 80 % 100 %`. Ascending, each once; empty is none. */
export function readThresholds(text: string): Result<readonly number[]> {
	const parts = text.split(/[\s,;%]+/).filter((part) => part !== '');
	const numbers = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 0));
	if (parts.length > MOST_THRESHOLDS || numbers.some((number) => number < 1 || number > HIGHEST)) {
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `'Alert Thresholds' must be up to ${MOST_THRESHOLDS} whole percentages from 1 to ${HIGHEST}, such as 80, 100`,
		};
	}
	return ok([...new Set(numbers)].sort((a, b) => a - b));
}

/** Whether what was told last is that the quota is used up. */
export function toldUsedUp(marks: AlertMarks): boolean {
	const usedUp = usedUpLimit(marks);
	return usedUp >= 0 && usedUp >= highest(marks.raisedTo);
}

/** The highest limit that was told to be used up; below 0 when none was. */
const usedUpLimit = ({ thresholds }: AlertMarks): number =>
	highest(thresholds.filter(({ threshold }) => threshold >= ALL).map(({ limit }) => limit));

const highest = (limits: readonly number[]): number => Math.max(-1, ...limits);

export interface AlertState {
	readonly marks: AlertMarks;
	/** Before and after the reservation. */
	readonly usedBefore: number;
	readonly used: number;
	readonly limit: number;
	readonly thresholds: readonly number[];
	/** The latest period before this one ended with the quota told to be used up. */
	readonly stoppedBefore: boolean;
}

/**
 * What is to be told now, and the marks that keep it from being told again. A threshold is told once a period, and once
 * more for a limit that was raised since; a limit lowered below what was told is not told again.
 */
export function dueAlerts(state: AlertState): { alerts: readonly DueAlert[]; marks: AlertMarks } {
	const { marks, usedBefore, used, limit, stoppedBefore } = state;
	const alerts: DueAlert[] = [];
	const free = usedBefore < limit;
	const renewed = stoppedBefore && !marks.renewed && free;
	const raised = free && toldUsedUp(marks) && limit > usedUpLimit(marks);
	if (renewed) alerts.push({ kind: 'recovered', because: 'renewed' });
	if (raised) alerts.push({ kind: 'recovered', because: 'raised' });

	const told = [...marks.thresholds];
	for (const threshold of state.thresholds) {
		const already = told.some((mark) => mark.threshold === threshold && mark.limit >= limit);
		if (already || !reaches(used, threshold, limit)) continue;
		told.push({ threshold, limit });
		// Where raising the limit left the usage, the announcement tells.
		if (raised && reaches(usedBefore, threshold, limit)) continue;
		alerts.push({ kind: threshold >= ALL ? 'exceeded' : 'threshold', threshold });
	}
	return {
		alerts,
		marks: {
			thresholds: told,
			raisedTo: raised ? [...marks.raisedTo, limit] : marks.raisedTo,
			renewed: marks.renewed || renewed,
		},
	};
}

/** A limit of 0 is a stop by hand: there is no 80 % of it. */
const reaches = (used: number, threshold: number, limit: number): boolean =>
	limit === 0 ? threshold >= ALL : used * ALL >= threshold * limit;

/** The marks as the ledger's cell `alerted` shows them: `80 % of 100000; raised to 150000; renewed`. */
export function marksText({ thresholds, raisedTo, renewed }: AlertMarks): string {
	return [
		...(renewed ? ['renewed'] : []),
		...thresholds.map(({ threshold, limit }) => `${threshold} % of ${limit}`),
		...raisedTo.map((limit) => `raised to ${limit}`),
	].join('; ');
}

/** The marks of a cell; `unread` are parts that mean nothing. A bare `80 %` counts for `limit`. */
export function readMarks(text: string, limit: number): { marks: AlertMarks; unread: readonly string[] } {
	const thresholds: ThresholdMark[] = [];
	const raisedTo: number[] = [];
	const unread: string[] = [];
	let renewed = false;
	for (const part of text.split(/[;,\n]/).map((one) => one.trim())) {
		if (part === '') continue;
		const threshold = /^(\d{1,3})\s*%?(?:\s*of\s*(\d{1,15}))?$/i.exec(part);
		const raised = /^raised to (\d{1,15})$/i.exec(part);
		if (threshold) thresholds.push({ threshold: Number(threshold[1]), limit: Number(threshold[2] ?? limit) });
		else if (raised) raisedTo.push(Number(raised[1]));
		else if (/^renewed$/i.test(part)) renewed = true;
		else unread.push(part);
	}
	return { marks: { thresholds, raisedTo, renewed }, unread };
}

/** What two rows of one period have told together. */
export function unitedMarks(a: AlertMarks, b: AlertMarks): AlertMarks {
	const known = (mark: ThresholdMark): boolean =>
		a.thresholds.some(({ threshold, limit }) => threshold === mark.threshold && limit === mark.limit);
	return {
		thresholds: [...a.thresholds, ...b.thresholds.filter((mark) => !known(mark))],
		raisedTo: [...new Set([...a.raisedTo, ...b.raisedTo])],
		renewed: a.renewed || b.renewed,
	};
}
