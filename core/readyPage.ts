import { countBy } from 'lodash';
import type { FirstSyncEstimate } from './firstSyncCost';
import type { MailBlock, MailText } from './mail/mail';
import { mailOf } from './mail/mail';
import type { SetUpFinding } from './setUpFinding';

/** What a trigger follows. */
export interface Followed {
	readonly name: string;
	/** Contacts it had when it was picked, where that is known. */
	readonly size?: number;
}

export interface CheckedSync {
	/** What the triggers follow, where its name is known. */
	readonly from: readonly Followed[];
	/** Name of the list, where it is known, and how messages call the destination. */
	readonly list?: string;
	readonly destination: string;
	/** Destination fields that are mapped. */
	readonly mapped: readonly string[];
	readonly findings: readonly SetUpFinding[];
	/** What the first sync takes, where one is to come. */
	readonly estimate?: FirstSyncEstimate | undefined;
	/** Contacts that came as far as this check: how many were mapped, and the reason codes of those that were left out. */
	readonly tried: { readonly passed: number; readonly leftOut: readonly string[] };
}

/** Mapped fields that are named; more only count. */
const MOST_FIELDS = 20;

/**
 * The page that closes a set-up check without a problem, as Brevo's own integration closes its set-up: what goes where, what
 * is worth a look, and what to do next. The message says the first of it in one sentence.
 */
export function readyPage(checked: CheckedSync): MailText & { message: string } {
	const { from, list, destination, mapped, findings, tried, estimate } = checked;
	const source = from.length === 0 ? 'The contacts' : `The contacts of ${from.map(followedText).join(' and ')}`;
	const target = list === undefined ? destination : `'${list}' in ${destination}`;
	const fields = `${mapped.length} ${mapped.length === 1 ? 'field is' : 'fields are'} mapped`;
	const leftOut = leftOutText(tried);
	const takes = estimate ? [estimate.message] : [];
	const message = [`Ready. ${source} go to ${target}; ${fields}`, ...takes, ...leftOut].join('. ');
	const warnings = findings.filter(({ status }) => status === 'warning');
	const passed = findings.length - warnings.length;
	const bar = (label: string, count: number, percent: number) => ({
		label,
		percent,
		share: count / Math.max(1, findings.length),
		value: String(count),
	});
	const named = mapped.slice(0, MOST_FIELDS).join(', ');
	const blocks: MailBlock[] = [
		{ kind: 'heading', text: 'Your sync is ready' },
		{ kind: 'text', text: `${source} go to ${target}.` },
		{ kind: 'text', text: `${fields}: ${named}${mapped.length > MOST_FIELDS ? ', …' : ''}` },
		...(estimate ? [{ kind: 'text' as const, text: `${estimate.message}. ${estimate.dependsOn}` }] : []),
		...leftOut.map((text): MailBlock => ({ kind: 'text', text: `${text}.` })),
		{ kind: 'bars', bars: [bar('Checks passed', passed, 0), bar('Worth a look', warnings.length, 85)] },
		...warnings.map(({ check, message: what, fix }): MailBlock => ({
			kind: 'text',
			text: `${check}: ${what}. ${fix ?? ''}`.trim(),
		})),
		{
			kind: 'small',
			text: "Nothing was written yet. Set 'Operation' of Contact List Upsert to 'Upsert Contacts', then publish the workflow: the first sync starts at once.",
		},
	];
	return { message, ...mailOf(message, blocks) };
}

const followedText = ({ name, size }: Followed): string =>
	size === undefined ? `'${name}'` : `'${name}' (${size.toLocaleString('en-US')} when it was picked)`;

/** Of the contacts at hand, such as ten of *Fetch Test Event*; nothing where there are none. */
function leftOutText({ passed, leftOut }: CheckedSync['tried']): string[] {
	const all = passed + leftOut.length;
	if (all === 0) return [];
	const of = `Of the ${all} contacts at hand`;
	if (leftOut.length === 0) return [`${of} none would be left out by the mapping`];
	const codes = Object.entries(countBy(leftOut)).map(([code, count]) => `${count} ${code}`);
	return [`${of} ${leftOut.length} would be left out: ${codes.join(', ')}`];
}
