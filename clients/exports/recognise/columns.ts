import { hasWords, isEmailHeader, labelledForm, splitForm, wordForm } from './headerForm';
import {
	ADDRESSES_OF_MACHINES,
	ANY_STATUS,
	BLOCKLIST,
	BOUNCE_TIMES,
	CHANGE_TIMES,
	CONSENT_TIMES,
	DOUBLE_OPT_IN,
	INSTANTS,
	isConsent,
	isEmailStatus,
	isGroup,
	isPerhapsStatus,
	isPermission,
	LISTS,
	NOTES,
	meaningOf,
	NUMBERS,
	OPT_IN,
	OPT_OUT_TIMES,
	PHONE,
	WEAK_TIMES,
} from './headers';
import type { Standing } from './statusWords';

/** What the columns of a table are for, by their headers. */

/** `email`: about mail and nothing else; `any`: perhaps about mail; `perhaps`: rather not, so only words that forbid count. */
export type StatusWeight = 'email' | 'any' | 'perhaps';

export type ColumnKind = 'instant' | 'ip' | 'number';

export interface Columns {
	/** `label`: `work`, `2`; empty for the only one. `standing`: what its header says of its addresses. */
	readonly emails: readonly { readonly index: number; readonly label: string; readonly standing?: Standing }[];
	/** `label` as of an address; empty: of all addresses of the row. `weight` of its words. */
	readonly statuses: readonly {
		readonly index: number;
		readonly label: string;
		readonly weight: StatusWeight;
	}[];
	readonly permissions: readonly { readonly index: number; readonly label: string }[];
	readonly optOuts: readonly number[];
	readonly bounces: readonly number[];
	/** Of the opt-outs, those of Brevo's blocklist. */
	readonly blocklists: readonly number[];
	/** Filled in for contacts that may have opted out or bounced: reasons, counts. */
	readonly signs: readonly number[];
	/** Bare columns such as `Newsletter`, in which a no forbids and a yes says nothing. */
	readonly consents: readonly number[];
	readonly optIns: readonly { readonly index: number; readonly double: boolean }[];
	readonly notes: readonly number[];
	/** Groups of contacts, by one or several names in a cell. */
	readonly groups: readonly number[];
	/** Several values in a cell. */
	readonly lists: readonly number[];
	readonly phones: readonly number[];
	readonly kinds: readonly { readonly index: number; readonly kind: ColumnKind }[];
	/** Where there are several, the best first. */
	readonly times: Readonly<Record<'consent' | 'weak' | 'optOut' | 'bounce' | 'change', readonly number[]>>;
	/** By the form of its header, where it is one of those that are asked for by name; of two the last. */
	readonly at: ReadonlyMap<string, number>;
}

/** Headers about other channels than e-mail, unless they speak of that too. */
const OTHER_CHANNEL = [
	'sms',
	'whatsapp',
	'push',
	'phone',
	'telephone',
	'mobile',
	'telefon',
	'telefonnummer',
	'fax',
	'call',
	'calls',
	'postal',
	'web push',
];
const MAIL = ['email', 'e mail', 'emails', 'mail', 'newsletter', 'all'];
const isOtherChannel = (form: string): boolean =>
	OTHER_CHANNEL.some((word) => hasWords(form, word)) && !MAIL.some((word) => hasWords(form, word));

const LABEL_OF_ALL = '';
/** More than any tool writes (Constant Contact: home, work, other). */
const MOST_EMAILS = 20;

export function columnsOf(headers: readonly string[]): Columns {
	const forms = headers.map(wordForm);
	const about = headers.map((header, index) => ({
		form: wordForm(header),
		split: splitForm(header),
		index,
		labelled: labelledForm(header),
	}));
	const emails = about.filter(({ index }) => isEmailHeader(headers[index] ?? '')).slice(0, MOST_EMAILS);
	const email = about.filter(
		({ split, index }) => !isOtherChannel(split) && !emails.some((one) => one.index === index),
	);
	const statuses = email.flatMap(({ form, split, index, labelled }): Columns['statuses'] => {
		if (isEmailStatus(form) || isEmailStatus(split)) return [{ index, label: LABEL_OF_ALL, weight: 'email' }];
		if (isEmailStatus(labelled.form)) return [{ index, label: labelled.label, weight: 'email' }];
		return ANY_STATUS.has(form) ? [{ index, label: LABEL_OF_ALL, weight: 'any' }] : [];
	});
	const permissions = email.filter(({ labelled }) => isPermission(labelled.form));
	const taken = new Set([...statuses, ...permissions].map(({ index }) => index));
	const others = email
		.filter(({ index }) => !taken.has(index))
		.map((one) => ({ ...one, meaning: meaningOf(one.form) ?? meaningOf(one.split) }));
	const meant = (meaning: (typeof others)[number]['meaning']): number[] =>
		others.filter((one) => one.meaning === meaning).map(({ index }) => index);
	const optIns = others.filter(
		({ form, split, meaning }) => meaning === undefined && (OPT_IN.has(form) || OPT_IN.has(split)),
	);
	const rest = others.filter(
		({ index, form, meaning }) =>
			meaning === undefined && !INSTANTS.has(form) && !optIns.some((one) => one.index === index),
	);
	const inOrder = (wanted: readonly string[]): number[] =>
		wanted.flatMap((one) => {
			const index = forms.lastIndexOf(one);
			return index < 0 ? [] : [index];
		});
	const kindOf = (form: string): ColumnKind | undefined =>
		INSTANTS.has(form) ? 'instant' : ADDRESSES_OF_MACHINES.has(form) ? 'ip' : NUMBERS.has(form) ? 'number' : undefined;
	return {
		emails: emails.map(({ index, labelled }) => ({ index, label: labelled.label })),
		statuses: [
			...statuses,
			...rest
				.filter(({ split }) => isPerhapsStatus(split))
				.map(({ index }) => ({ index, label: LABEL_OF_ALL, weight: 'perhaps' as const })),
		],
		permissions: permissions.map(({ index, labelled }) => ({ index, label: labelled.label })),
		optOuts: meant('optOut'),
		bounces: meant('bounce'),
		blocklists: others.filter(({ form }) => BLOCKLIST.has(form)).map(({ index }) => index),
		signs: meant('sign'),
		optIns: optIns.map(({ form, split, index }) => ({
			index,
			double: DOUBLE_OPT_IN.has(form) || DOUBLE_OPT_IN.has(split),
		})),
		consents: [...meant('consent'), ...rest.filter(({ split }) => isConsent(split)).map(({ index }) => index)],
		notes: about.filter(({ form }) => NOTES.test(form)).map(({ index }) => index),
		groups: [
			...about.filter(({ form }) => LISTS.has(form)),
			...rest.filter(({ form, split }) => !LISTS.has(form) && isGroup(split)),
		].map(({ index }) => index),
		lists: about.filter(({ form }) => LISTS.has(form)).map(({ index }) => index),
		phones: about.filter(({ form }) => PHONE.test(form)).map(({ index }) => index),
		kinds: about.flatMap(({ form, index }) => {
			const kind = kindOf(form);
			return kind && forms.lastIndexOf(form) === index ? [{ index, kind }] : [];
		}),
		times: {
			consent: inOrder(CONSENT_TIMES),
			weak: inOrder(WEAK_TIMES),
			optOut: inOrder(OPT_OUT_TIMES),
			bounce: inOrder(BOUNCE_TIMES),
			change: inOrder(CHANGE_TIMES),
		},
		at: new Map(forms.map((form, index) => [form, index])),
	};
}
