import { withoutMangling } from './words/mangledWords';

/** The form in which headers, status words and file names are compared: `Adresse e-mail`, `ADRESSE_E_MAIL` and `adresse e mail` are one. */
export const wordForm = (text: string): string =>
	withoutMangling(text)
		.normalize('NFKD')
		.replace(/[\p{M}\p{Cf}]/gu, '')
		.replace(/ß/g, 'ss')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();

/** How many answers are kept; columns of free text would keep all of their cells. */
const MOST_REMEMBERED = 1_000;

/** The same function, which keeps its answers for texts that come again and again, as the words of a status do. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
	const known = new Map<string, T>();
	return (text) => {
		const found = known.get(text);
		if (found !== undefined) return found;
		const fresh = answer(text);
		if (known.size < MOST_REMEMBERED) known.set(ownText(text), fresh);
		return fresh;
	};
}

/**
 * A copy of a text that is to be kept. A part of a larger text keeps all of that in memory, and here that would be the whole file.
 */
export const ownText = (text: string): string => (text.length < SHORT ? text : ` ${text}`.slice(1));

/** V8 copies parts that are shorter. */
const SHORT = 13;

/** Whether a phrase in that form has the words of another in it, one after the other: never a part of a word. */
export const hasWords = (text: string, words: string): boolean => ` ${text} `.includes(` ${words} `);

/** A list of phrases in that form, between commas. */
export const phrasesIn = (list: string): string[] => list.trim().split(/\s*,\s*/);

/** The same of a header whose words are written as one: `HasOptedOutOfEmail` is `has opted out of email`. */
export const splitForm = (header: string): string => wordForm(header.replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1 '));

const wordsIn = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Words of which a header has one where its column holds addresses: English, French, German, Italian, Spanish. */
const MAIL_WORDS = wordsIn(`
	email emails mail mails emailaddress emailadresse mailadresse courriel courriels mel subscriber elettronica electronique electronico
`);
/** Words that may stand beside them. With any other word the column is about something else: `Email type`, `Email status`. */
const BESIDE = wordsIn(`
	e address addresses adresse adresses adress addr indirizzo posta correo direccion de d di del du l la le il your my deine ihre votre vostra tuo tua
	contact contacts kontakt kunde kunden client cliente customer subscriber participant partecipante teilnehmer member membre mitglied
	user primary main principal principale haupt value
`);
/** Which of several addresses of a row a header means: `Email address - work`, `Email 2`, `Work email`. */
const LABEL_WORDS = wordsIn(`
	home work other business personal private office secondary alternate additional domicile travail autre professionnel professionnelle bureau
	personnel personnelle privat geschaftlich arbeit sonstige andere zweite casa lavoro altro ufficio personale privata
`);
const isLabelWord = (word: string): boolean => LABEL_WORDS.has(word) || /^\d$/.test(word);

export interface LabelledHeader {
	/** In the form of `wordForm`, without its label. */
	readonly form: string;
	readonly label: string;
}

/** `Email status - home 2` is `email status` of `home 2`. */
export function labelledForm(header: string): LabelledHeader {
	const words = wordForm(header).split(' ');
	const label = words.filter(isLabelWord);
	return { form: words.filter((word) => !isLabelWord(word)).join(' '), label: label.join(' ') };
}

export function isEmailHeader(header: string): boolean {
	if (header.length > 60) return false;
	const words = labelledForm(header).form.split(' ');
	return words.some((word) => MAIL_WORDS.has(word)) && words.every((word) => MAIL_WORDS.has(word) || BESIDE.has(word));
}

/** Whether a row is a comment: `# exported on Monday`, and `#ada@example.com`, which was taken out of a list. */
export function isComment(cells: readonly string[]): boolean {
	const first = cells[0] ?? '';
	if (!/^\s*(?:#|\/\/)/.test(first)) return false;
	if (cells.every((cell, index) => index === 0 || cell.trim() === '')) return true;
	return /^\s*(?:#+|\/\/)\s/.test(first) && !cells.some(looksLikeAddress);
}

/** Whether a cell is an address and nothing else but the name of the person before it, as in `Jane <mailto:jane@example.com>`. */
export const looksLikeAddress = (cell: string): boolean =>
	cell.length < 400 && ONE_ADDRESS.test(cell.trim().replace(NAME_BEFORE, ''));

/** What mail programs and spreadsheets write before an address, up to its bracket or its `mailto:`. */
const NAME_BEFORE = /^[^<]*(?=<[^<>]*>$)|^[^@<]*:\s*(?=mailto:)/iu;

const ONE_ADDRESS =
	/^(?:mailto:<?|<mailto:|<)?['"]?[^\s@<>"]+@[\p{L}\p{N}\p{M}\p{Cf}._-]+\.[\p{L}\p{N}\p{M}\p{Cf}-]{2,}[.,;]?['"]?>?$/iu;
