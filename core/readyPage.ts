import type { MailBlock, MailText } from './mail/mail';
import { mailOf } from './mail/mail';
import type { SetUpFinding } from './setUpFinding';

export interface CheckedSync {
	/** What the triggers follow, where its name is known. */
	readonly from: readonly string[];
	/** Name of the list, where it is known, and how messages call the destination. */
	readonly list?: string;
	readonly destination: string;
	/** Destination fields that are mapped. */
	readonly mapped: readonly string[];
	readonly findings: readonly SetUpFinding[];
}

/** Mapped fields that are named; more only count. */
const MOST_FIELDS = 20;

/**
 * The page that closes a set-up check without a problem, as Brevo's own integration closes its set-up: what goes where, what
 * is worth a look, and what to do next. The message says the first of it in one sentence.
 */
export function readyPage({ from, list, destination, mapped, findings }: CheckedSync): MailText & { message: string } {
	const source =
		from.length === 0 ? 'The contacts' : `The contacts of ${from.map((name) => `'${name}'`).join(' and ')}`;
	const target = list === undefined ? destination : `'${list}' in ${destination}`;
	const fields = `${mapped.length} ${mapped.length === 1 ? 'field is' : 'fields are'} mapped`;
	const message = `Ready. ${source} go to ${target}; ${fields}`;
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
