import { sum } from 'lodash';
import type { MailBlock, MailText, StackPart } from '../mail/mail';
import { mailOf } from '../mail/mail';
import type { ReasonCode } from '../outcome';
import { adviceFor, eventOf } from '../outcome';
import { amount } from '../quota/messages/usageText';
import { dayName, timeName } from '../quota/period';
import type { DayCounts, HealthState } from './healthState';
import { countsOf } from './healthState';
import type { KnownSync } from './lookUp';
import type { TroubleKind } from './statement';
import { TROUBLE_KINDS } from './statement';

/** Contacts that are not in sync for the same reason. */
export interface Cause {
	readonly kind: TroubleKind;
	readonly code: ReasonCode;
	readonly count: number;
	/** Since when the first of them is out of sync, in seconds since 1970. */
	readonly since: number;
	/** What happened, where the code says so apart from the advice. */
	readonly event?: string;
	readonly advice: string;
}

/** Failing first, then waiting, then excluded; of each the commonest first. */
const ORDER: readonly TroubleKind[] = ['failing', 'waiting', 'excluded'];

export function causesOf({ troubles }: Pick<HealthState, 'troubles'>): readonly Cause[] {
	const causes = new Map<string, Cause>();
	for (const { kind, code, since } of troubles.values()) {
		const known = causes.get(`${kind} ${code}`);
		const event = eventOf(code);
		causes.set(`${kind} ${code}`, {
			...{ kind, code },
			count: (known?.count ?? 0) + 1,
			since: Math.min(since, known?.since ?? since),
			...(event === undefined ? {} : { event }),
			advice: adviceFor(code),
		});
	}
	return [...causes.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.count - a.count);
}

/** How a sync stands and stood. */
export interface SyncReport extends KnownSync {
	readonly counts: DayCounts;
	readonly causes: readonly Cause[];
	/** Each day once, the earliest first, today last. Days without a batch are left out. */
	readonly days: readonly DayCounts[];
}

/** `rows`: days that ended, of this sync; the newest row of a day counts. Days ahead of today are those of a clock that was wrong. */
export function syncReport({ sync, state }: KnownSync, rows: readonly DayCounts[], from: string): SyncReport {
	const days = new Map<string, DayCounts>();
	for (const { day, inSync, excluded, failing, waiting, writes, calls } of [...rows, ...state.ended, countsOf(state)]) {
		if (day < from || day > state.day) continue;
		days.set(day, { day, ...(inSync === undefined ? {} : { inSync }), excluded, failing, waiting, writes, calls });
	}
	const sorted = [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
	return { sync, state, counts: countsOf(state), causes: causesOf(state), days: sorted };
}

/** Syncs that the subject names; the rest is in the mail. */
const NAMED = 2;

/** A mail, and the same as a page, about how syncs stand, with a picture over time. */
export function healthMail(reports: readonly SyncReport[], now: number, timeZone: string): MailText {
	const title = `Sync health on ${dayName(now, timeZone)}`;
	if (reports.length === 0) {
		const nothing = 'No sync has recorded anything yet: put Sync Health with the operation Record behind a sync.';
		return mailOf(`${title}: nothing recorded`, [
			{ kind: 'heading', text: title },
			{ kind: 'text', text: nothing },
		]);
	}
	const named = reports.slice(0, NAMED).map(({ sync, counts }) => `${sync} ${outOfSyncText(counts)}`);
	const more = reports.length > NAMED ? ` and ${reports.length - NAMED} more` : '';
	return mailOf(`${title}: ${named.join(', ')}${more}`, [
		{ kind: 'heading', text: title },
		...reports.flatMap((report) => blocksOf(report, timeZone)),
	]);
}

function outOfSyncText({ failing, waiting, excluded }: DayCounts): string {
	const counts = { failing, waiting, excluded };
	const parts = ORDER.filter((kind) => counts[kind] > 0).map((kind) => `${amount(counts[kind])} ${kind}`);
	return parts.length === 0 ? 'all in sync' : parts.join(', ');
}

/** How a sync stands, in one sentence without its full stop. */
export function countsText(counts: DayCounts): string {
	const known = counts.inSync === undefined ? [] : [`${amount(counts.inSync)} in sync`];
	return [...known, ...TROUBLE_KINDS.map((kind) => `${amount(counts[kind])} ${kind}`)].join(', ');
}

function blocksOf({ sync, state, counts, causes, days }: SyncReport, timeZone: string): MailBlock[] {
	return [
		{ kind: 'heading', text: sync },
		{ kind: 'text', text: `${countsText(counts)}.` },
		{ kind: 'small', text: `Last batch: ${timeName(state.at, timeZone)} (${timeZone}).` },
		...(causes.length === 0 ? [] : causeBlocks(causes, timeZone)),
		...(days.length === 0 ? [] : pictureOf(days)),
	];
}

const causeBlocks = (causes: readonly Cause[], timeZone: string): MailBlock[] => [
	{ kind: 'small', text: 'What keeps contacts out of sync, and what to do' },
	{
		kind: 'rows',
		rows: causes.map(({ kind, code, count, since, event, advice }) => ({
			number: amount(count),
			title: `${kind}: ${code}`,
			text: `${event === undefined ? '' : `${event}. `}${advice} Since ${dayName(since * 1_000, timeZone)}.`,
		})),
	},
];

const LEGEND: readonly StackPart[] = [
	{ name: 'in sync', colour: '#15803d', sign: '#' },
	{ name: 'excluded', colour: '#7b8794', sign: 'x' },
	{ name: 'failing', colour: '#b91c1c', sign: '!' },
	{ name: 'waiting', colour: '#b45309', sign: '~' },
];

function pictureOf(days: readonly DayCounts[]): MailBlock[] {
	const parts = days.map(({ inSync = 0, excluded, failing, waiting }) => [inSync, excluded, failing, waiting]);
	const longest = Math.max(1, ...parts.map((counts) => sum(counts)));
	return [
		{ kind: 'small', text: 'Contacts by day' },
		{
			kind: 'stacks',
			legend: LEGEND,
			stacks: days.map((day, at) => ({
				label: day.day,
				shares: (parts[at] ?? []).map((count) => count / longest),
				value: amount(sum(parts[at])),
			})),
		},
		...barsOf('Contacts written by day', days, ({ writes }) => writes),
		...barsOf('Calls to the destination by day', days, ({ calls }) => calls),
	];
}

function barsOf(title: string, days: readonly DayCounts[], countOf: (day: DayCounts) => number): MailBlock[] {
	const longest = Math.max(1, ...days.map(countOf));
	const bars = days.map((day) => ({
		label: day.day,
		share: countOf(day) / longest,
		percent: 0,
		value: amount(countOf(day)),
	}));
	return [
		{ kind: 'small', text: title },
		{ kind: 'bars', bars },
	];
}
