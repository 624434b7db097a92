import { hasWords, isEmailHeader, labelledForm, wordForm } from './headerForm';
import {
	EMAIL_STATUS,
	ANY_STATUS,
	PERHAPS_STATUS,
	OPT_OUT,
	BOUNCE,
	OPT_IN,
	DOUBLE_OPT_IN,
	PERMISSION,
	LISTS,
	PHONE,
	INSTANTS,
	ADDRESSES_OF_MACHINES,
	NUMBERS,
	CONSENT_TIMES,
	WEAK_TIMES,
	OPT_OUT_TIMES,
	BOUNCE_TIMES,
	CHANGE_TIMES,
} from './headers';

/** What the columns of a table are for, by their headers. */

/** `email`: about mail and nothing else; `any`: perhaps about mail; `perhaps`: rather not, so only words that forbid count. */
export type StatusWeight = 'email' | 'any' | 'perhaps';

export type ColumnKind = 'instant' | 'ip' | 'number';

export interface Columns {
	/** `label`: `work`, `2`; empty for the only one. */
	readonly emails: readonly { readonly index: number; readonly label: string }[];
	/** `label` as of an address; empty: of all addresses of the row. `weight` of its words. */
	readonly statuses: readonly {
		readonly index: number;
		readonly label: string;
		readonly weight: StatusWeight;
	}[];
	readonly permissions: readonly { readonly index: number; readonly label: string }[];
	readonly optOuts: readonly number[];
	readonly bounces: readonly number[];
	readonly optIns: readonly { readonly index: number; readonly double: boolean }[];
	/** Several values in a cell. */
	readonly lists: readonly number[];
	readonly phones: readonly number[];
	readonly kinds: readonly { readonly index: number; readonly kind: ColumnKind }[];
	/** Where there are several, the best first. */
	readonly times: Readonly<Record<'consent' | 'weak' | 'optOut' | 'bounce' | 'change', readonly number[]>>;
	/** By the form of its header, where it is one of those that are asked for by name; of two the last. */
	readonly at: ReadonlyMap<string, number>;
}

/** Headers about other channels than e-mail. */
const OTHER_CHANNEL = ['sms', 'whatsapp', 'push', 'phone', 'telephone', 'mobile', 'telefon'];
const isOtherChannel = (form: string): boolean => OTHER_CHANNEL.some((word) => hasWords(form, word));

const LABEL_OF_ALL = '';
/** A row has at most as many addresses (Constant Contact: home, work, other). */
const MOST_EMAILS = 3;

export function columnsOf(headers: readonly string[]): Columns {
	const forms = headers.map(wordForm);
	const about = forms.map((form, index) => ({ form, index, labelled: labelledForm(headers[index] ?? '') }));
	const email = about.filter(({ form }) => !isOtherChannel(form));
	const indexesIn = (forms_: ReadonlySet<string>): number[] =>
		email.filter(({ form }) => forms_.has(form)).map(({ index }) => index);
	const inOrder = (wanted: readonly string[]): number[] =>
		wanted.flatMap((one) => {
			const index = forms.lastIndexOf(one);
			return index < 0 ? [] : [index];
		});
	const kindOf = (form: string): ColumnKind | undefined =>
		INSTANTS.has(form) ? 'instant' : ADDRESSES_OF_MACHINES.has(form) ? 'ip' : NUMBERS.has(form) ? 'number' : undefined;
	return {
		emails: about
			.filter(({ index }) => isEmailHeader(headers[index] ?? ''))
			.slice(0, MOST_EMAILS)
			.map(({ index, labelled }) => ({ index, label: labelled.label })),
		statuses: email.flatMap(({ form, index, labelled }): Columns['statuses'] => {
			if (EMAIL_STATUS.has(form)) return [{ index, label: LABEL_OF_ALL, weight: 'email' }];
			if (EMAIL_STATUS.has(labelled.form)) return [{ index, label: labelled.label, weight: 'email' }];
			if (ANY_STATUS.has(form)) return [{ index, label: LABEL_OF_ALL, weight: 'any' }];
			return PERHAPS_STATUS.has(form) ? [{ index, label: LABEL_OF_ALL, weight: 'perhaps' }] : [];
		}),
		permissions: email
			.filter(({ labelled }) => PERMISSION.has(labelled.form))
			.map(({ index, labelled }) => ({ index, label: labelled.label })),
		optOuts: indexesIn(OPT_OUT),
		bounces: indexesIn(BOUNCE),
		optIns: email
			.filter(({ form }) => OPT_IN.has(form))
			.map(({ form, index }) => ({ index, double: DOUBLE_OPT_IN.has(form) })),
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
