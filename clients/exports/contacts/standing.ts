import type { Layout } from '../recognise/layout';
import { hasWords, phrasesIn, wordForm } from '../recognise/headerForm';
import { entriesOf } from './fields';
import type { StatusWeight } from '../recognise/columns';
import type { Vendor } from '../recognise/vendor';
import type { Standing, WordsReading } from '../recognise/statusWords';
import { asksForNoMail } from '../recognise/notes';
import {
	deniesConsent,
	flagOf,
	hasEnded,
	isAmbiguous,
	isStrict,
	isStrictPhrase,
	saysNo,
	saysYes,
	standingOfWords,
	strictBeginning,
	stricter,
	strictWordsIn,
} from '../recognise/statusWords';

/** What a row says of one of its addresses. */
export interface RowStanding {
	readonly standing: Standing;
	/** In the words of the file, or of its name. */
	readonly status: string;
	/** `yes`: only a yes/no column says so, which counts for nothing where it says yes to every contact (F13). `nothing`: no file says anything. */
	readonly because: 'words' | 'yes' | 'nothing';
	/** A word of a status column that is not known. */
	readonly unknownWord?: string;
	/** Whether the yes/no columns say yes, where there are any. */
	readonly optIn?: boolean;
	/** The word of a permission column in the form of `wordForm`. */
	readonly permission: string;
}

interface Saying {
	readonly standing: Standing;
	readonly status: string;
	readonly because?: 'yes';
	readonly unknownWord?: string;
}

/** ActiveCampaign's API writes numbers. */
const ACTIVE_CAMPAIGN: ReadonlyMap<string, Standing> = new Map([
	['0', 'noConsent'],
	['1', 'subscribed'],
	['2', 'optedOut'],
	['3', 'bounced'],
]);

/**
 * All that a row, the name and the columns of its file say of an address: what allows least counts. Without a word that means consent there is
 * none; without any word at all, `nothing` is said. `agreedWords`: words that mean nothing here, and consent to the user.
 */
export function standingOf(
	layout: Layout,
	cells: readonly string[],
	label: string,
	agreedWords: ReadonlySet<string>,
): RowStanding {
	const permission = permissionOf(layout, cells, label);
	const optIns = ofOptIns(layout, cells);
	const optIn = optIns.length === 0 ? {} : { optIn: optIns.every(({ standing }) => standing === 'subscribed') };
	const sayings = [
		...ofName(layout),
		...ofFlags(layout, cells),
		...ofStatuses(layout, cells, label, agreedWords),
		...ofPermission(permission),
		...optIns,
		...ofDoubts(layout, cells),
	];
	const [first, ...others] = sayings;
	if (!first) return { standing: 'noConsent', status: 'unknown', because: 'nothing', permission };
	const found = others.reduce(
		(one, other) => (stricter(one.standing, other.standing) === one.standing ? one : other),
		first,
	);
	const unknownWord = sayings.find((saying) => saying.unknownWord !== undefined)?.unknownWord;
	return {
		standing: found.standing,
		status: found.status,
		because: found.because ?? 'words',
		permission,
		...optIn,
		...(unknownWord === undefined ? {} : { unknownWord }),
	};
}

function ofName({ nameStatus, blockStanding }: Layout): Saying[] {
	return [
		...(nameStatus ? [{ standing: nameStatus.standing, status: nameStatus.word }] : []),
		...(blockStanding ? [{ standing: blockStanding, status: BLOCK_STATUSES[blockStanding] }] : []),
	];
}

/** What is said of all contacts of a file by the columns that Mailchimp adds. */
const BLOCK_STATUSES: Readonly<Record<Standing, string>> = {
	optedOut: 'unsubscribed',
	bounced: 'cleaned',
	noConsent: 'in doubt: the file has columns of opt-outs or bounces',
	subscribed: 'subscribed',
};

function ofFlags({ columns, vendor }: Layout, cells: readonly string[]): Saying[] {
	const said: Saying[] = [];
	for (const index of columns.optOuts) {
		const value = cells[index] ?? '';
		const flag = flagOf(value);
		if (flag === true) said.push({ standing: reasonStanding(value), status: 'unsubscribed' });
		if (flag === 'unknown') said.push(IN_DOUBT);
	}
	for (const index of columns.bounces) {
		const flag = flagOf(cells[index] ?? '');
		if (flag === true) said.push({ standing: 'bounced', status: 'bounced' });
		if (flag === 'unknown') said.push(IN_DOUBT);
	}
	// Brevo mails all contacts that are not on its blocklist; without that column nothing says who is.
	if (vendor === 'brevo' && said.length === 0) {
		const blocked = columns.blocklists.map((index) => flagOf(cells[index] ?? ''));
		if (blocked.length > 0 && blocked.every((flag) => flag === false))
			said.push({ standing: 'subscribed', status: 'not blocklisted' });
	}
	return said;
}

const IN_DOUBT: Saying = { standing: 'noConsent', status: 'in doubt: whether the contact opted out is not known' };

/** What may be an opt-out, and is no consent. */
function ofDoubts({ columns, withoutHeader }: Layout, cells: readonly string[]): Saying[] {
	const said: Saying[] = [];
	for (const index of columns.signs) {
		const value = cells[index] ?? '';
		const flag = value === '' ? null : flagOf(value);
		if (flag === true || flag === 'unknown') said.push(strictSaying(value) ?? IN_DOUBT);
	}
	for (const index of columns.consents) {
		const value = cells[index] ?? '';
		if (value === '') continue;
		const strict = strictBeginning(wordForm(value));
		if (strict) said.push({ standing: strict, status: value.trim() });
		else if (deniesConsent(value)) said.push({ standing: 'noConsent', status: 'no consent' });
	}
	for (const index of columns.groups) {
		const value = cells[index] ?? '';
		if (value !== '' && TAG.test(value) && entriesOf(value).some((entry) => isStrictTag(wordForm(entry))))
			said.push({ standing: 'noConsent', status: 'in doubt: a tag speaks of an opt-out' });
	}
	for (const index of columns.notes) {
		const note = cells[index] ?? '';
		if (note !== '' && asksForNoMail(note))
			said.push({ standing: 'noConsent', status: 'in doubt: a note speaks of an opt-out' });
	}
	if (withoutHeader)
		for (const value of cells) {
			const strict = value.length > 40 ? undefined : strictBeginning(wordForm(value));
			if (strict) said.push({ standing: strict, status: value.trim() });
		}
	return said;
}

function strictSaying(value: string): Saying | undefined {
	const strict = strictWordsIn(wordForm(value));
	return strict ? { standing: strict, status: value.trim().slice(0, 60) } : undefined;
}

/** Looked for before the entries of a cell are taken apart: most tags are about something else. */
const TAG =
	/unsub|opt|mail|bounc|spam|compl|block|black|suppr|desab|désab|desin|désin|abgem|abmel|disis|invalid|clean|contact|sperr|wider|austrag|desus|baja|dn[cem]|descad|uitges|uitsch|afgem|afmel|wypis|rezyg|avreg|avpren|avmel|framel|odhl|leirat|dezab|robins|stop|[^\x00-\xff]/i;
/** Words of an opt-out at the beginning or at the end of a few: `Unsubscribed 2024`, `NL opt-out`. */
function isStrictTag(form: string): boolean {
	const all = form.split(' ');
	if (all.length > 4) return false;
	const begins = all.length <= 3 && strictBeginning(form) !== undefined;
	const ends = !TURNED_TAG.test(form) && all.some((_, at) => isStrictPhrase(all.slice(at).join(' ')));
	return begins || ends || /^(?:bajas?|stop)$/.test(form);
}
const TURNED_TAG = /^(?:not|no|non|anti|without|except|all but|nicht|ohne|kein|sans|pas|senza|sin|re) /;

/** Klaviyo lists why an address is suppressed. */
function reasonStanding(value: string): Standing {
	const standing = strictWordsIn(wordForm(value));
	return standing === 'bounced' ? 'bounced' : 'optedOut';
}

function ofStatuses(
	layout: Layout,
	cells: readonly string[],
	label: string,
	agreedWords: ReadonlySet<string>,
): Saying[] {
	const own = layout.columns.statuses.filter((status) => status.label === '' || status.label === label);
	const hasEmailStatus = own.some(({ weight }) => weight === 'email') || layout.nameStatus?.standing === 'subscribed';
	return own.flatMap(({ index, weight }): Saying[] => {
		const value = cells[index]?.trim() ?? '';
		const said = wordsOf(layout, value, weight);
		const isAgreed = said?.known === false && agreedWords.has(wordForm(value));
		const read: WordsReading | undefined = isAgreed ? { standing: 'subscribed', known: true } : said;
		const decides = weight === 'email' || (weight === 'any' && !hasEmailStatus && STATUS_IS_OF_MAIL.has(layout.vendor));
		// A column that may be about something else only forbids.
		if (!decides) {
			if (read && isStrict(read.standing)) return [{ standing: read.standing, status: value.slice(0, 60) }];
			const form = wordForm(value);
			return (weight === 'perhaps' ? OUT_IN_SPANISH.test(form) : hasEnded(form))
				? [{ standing: 'noConsent', status: `in doubt: ${value.slice(0, 60)}` }]
				: [];
		}
		if (weight === 'email' && read?.known === false && hasEnded(wordForm(value)))
			return [{ standing: 'optedOut', status: value.slice(0, 60) }];
		if (!read) return [{ standing: 'noConsent', status: 'blank' }];
		return [
			{
				standing: read.standing,
				status: value.slice(0, 60),
				...(read.known ? {} : { unknownWord: value.slice(0, 60) }),
			},
		];
	});
}

/** Where a column called Status is about mail, or may be. HubSpot's and Salesforce's are of leads, Mailchimp's are fields of the audience. */
const STATUS_IS_OF_MAIL: ReadonlySet<Vendor> = new Set<Vendor>(['generic', 'activeCampaign', 'constantContact', 'wix']);

/** `Estado` is a status, a state or a region. */
const OUT_IN_SPANISH = /^(?:bajas?|cancelad[oa])$/;

/** In a file of an unknown tool `Status: active` may be a customer's, unless the file tells of opt-outs too. */
function wordsOf({ vendor, columns }: Layout, value: string, weight: StatusWeight): WordsReading | undefined {
	const numbered = vendor === 'activeCampaign' ? ACTIVE_CAMPAIGN.get(value.replace(/[.,]0+$/, '')) : undefined;
	if (numbered) return { standing: numbered, known: true };
	const isUnclear = vendor === 'generic' && weight !== 'email' && columns.optOuts.length === 0 && isAmbiguous(value);
	return isUnclear ? { standing: 'noConsent', known: false } : standingOfWords(value);
}

function permissionOf({ columns }: Layout, cells: readonly string[], label: string): string {
	const own =
		columns.permissions.find((one) => one.label === label) ?? columns.permissions.find((one) => one.label === '');
	return own === undefined ? '' : wordForm(cells[own.index] ?? '');
}

/** Constant Contact's permission only forbids: `Express` stays with a contact that has unsubscribed. */
function ofPermission(permission: string): Saying[] {
	const strict = strictWordsIn(permission);
	if (strict) return [{ standing: strict, status: permission }];
	const isNone =
		NO_PERMISSION.some((words) => hasWords(permission, words)) ||
		deniesConsent(permission) ||
		(standingOfWords(permission)?.known === true && standingOfWords(permission)?.standing === 'noConsent');
	return isNone ? [{ standing: 'noConsent', status: permission }] : [];
}

const NO_PERMISSION = phrasesIn(`
	no permission, no permissions, not set, pending, awaiting confirmation, none, no, unknown, aucune, en attente, keine, ausstehend, warten, nessuna, in attesa
`);

function ofOptIns({ columns, vendor }: Layout, cells: readonly string[]): Saying[] {
	return columns.optIns.flatMap(({ index }): Saying[] => {
		const value = cells[index] ?? '';
		// Brevo's are fields of the user, in which only a no counts; its blocklist decides.
		if (vendor === 'brevo' && !saysNo(value)) return [];
		const strict = strictWordsIn(wordForm(value));
		if (strict) return [{ standing: strict, status: value.trim().slice(0, 60) }];
		return saysYes(value)
			? [{ standing: 'subscribed', status: 'opted in', because: 'yes' }]
			: [{ standing: 'noConsent', status: 'not opted in' }];
	});
}
