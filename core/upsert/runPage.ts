import type { Delivery } from '../contact/contact';
import type { MailBlock, MailText } from '../mail/mail';
import { mailOf } from '../mail/mail';
import type { OutcomeStatus } from '../outcome';
import { adviceFor, eventOf } from '../outcome';
import { grouped, inWords } from './describeRun';
import type { RunSummary } from './summariseRun';

export interface ToldRun {
	readonly summary: RunSummary;
	/** The run in sentences, as `tellRun` and `tellDryRun` make them. */
	readonly told: string;
	/** Name of the list, where it is known, and how messages call the destination. */
	readonly list?: string;
	readonly destination: string;
	/** The mark of the batch, where a trigger sent it. */
	readonly delivery?: Delivery;
}

/** The bars, in their order. `colour`: how much of a limit a bar of this colour stands for (see `MailBar`). */
const BARS: ReadonlyArray<readonly [status: OutcomeStatus, label: string, colour: number]> = [
	['created', 'Created', 0],
	['updated', 'Updated', 0],
	['removed', 'Taken off', 0],
	['unchanged', 'Unchanged', 0],
	['excluded', 'Left out', 85],
	['failed', 'Not synced', 100],
];

/** Reasons that are named; the rest is in the items. */
const MOST_REASONS = 10;

/**
 * A run as a page to look at or to mail: what became of the contacts in sentences and as a small chart, why some did not go
 * through and what to do. How far a first sync is stands in the sentences.
 */
export function runPage({ summary, told, list, destination, delivery }: ToldRun): MailText {
	const target = list === undefined ? destination : `'${list}' in ${destination}`;
	const title = titleOf(summary, delivery);
	const leftOut = count(summary, 'excluded') + count(summary, 'failed');
	const parts = [
		`${inWords(summary.contacts, 'contact')} for ${target}`,
		...(leftOut > 0 ? [`${grouped(leftOut)} left out`] : []),
	];
	const longest = Math.max(1, ...BARS.map(([status]) => count(summary, status)));
	const bars = BARS.flatMap(([status, label, percent]) => {
		const contacts = count(summary, status);
		return contacts === 0 ? [] : [{ label, percent, share: contacts / longest, value: grouped(contacts) }];
	});
	const blocks: MailBlock[] = [
		{ kind: 'heading', text: title },
		{ kind: 'text', text: told },
		...(bars.length > 0 ? [{ kind: 'bars' as const, bars }] : []),
		...reasonBlocks(summary),
		...smallPrint(summary, destination, delivery),
	];
	return mailOf(`${title}: ${parts.join(', ')}`, blocks);
}

function titleOf({ dryRun, failure }: RunSummary, delivery: Delivery | undefined): string {
	if (dryRun) return 'What the sync would do';
	if (failure) return 'The sync did not get through';
	if (delivery?.phase !== 'firstSync') return 'What the sync did';
	return delivery.endsFirstSync === true
		? 'The first sync is complete'
		: `First sync, batch ${grouped(delivery.sequence)}`;
}

const count = ({ statuses }: RunSummary, status: OutcomeStatus): number => statuses[status] ?? 0;

function reasonBlocks({ reasons }: RunSummary): MailBlock[] {
	const left = reasons.filter(({ status }) => status === 'excluded' || status === 'failed');
	if (left.length === 0) return [];
	const rows = left.slice(0, MOST_REASONS).map(({ code, count: contacts }) => {
		const event = eventOf(code);
		return {
			number: grouped(contacts),
			title: code,
			text: `${event === undefined ? '' : `${event}. `}${adviceFor(code)}`,
		};
	});
	return [
		{ kind: 'small', text: 'Why contacts did not go through, and what to do' },
		{ kind: 'rows', rows },
	];
}

function smallPrint({ calls, dryRun }: RunSummary, destination: string, delivery: Delivery | undefined): MailBlock[] {
	const members = delivery?.members;
	const lines = [
		...(members === undefined || dryRun ? [] : [`The trigger follows ${inWords(members, 'contact')} by now.`]),
		...(calls > 0 ? [`${dryRun ? 'It would take' : 'It took'} ${inWords(calls, 'call')} to ${destination}.`] : []),
	];
	return lines.length === 0 ? [] : [{ kind: 'small', text: lines.join(' ') }];
}
