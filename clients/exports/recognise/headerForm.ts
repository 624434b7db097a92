/** The form in which headers, status words and file names are compared: `Adresse e-mail`, `ADRESSE_E_MAIL` and `adresse e mail` are one. */
export const wordForm = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
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

/** Headers of a column of addresses: English, French, German, Italian, Spanish. */
const EMAIL_HEADERS: ReadonlySet<string> = new Set(
	phrasesIn(`
	email, e mail, mail, emailaddress, email address, e mail address, mail address, email addresses, your email, your email address,
	contact email, customer email, subscriber email, primary email, email primary, subscriber, emailadresse, email adresse,
	e mail adresse, mailadresse, mail adresse, deine e mail adresse, deine email adresse, ihre e mail adresse, ihre email adresse,
	adresse email, adresse e mail, adresse mail, adresse courriel, adresse electronique, adresse de courriel, votre email,
	votre adresse email, courriel, mel, indirizzo email, indirizzo e mail, indirizzo mail, indirizzo di posta elettronica,
	posta elettronica, e mail del partecipante, correo electronico, direccion de correo electronico
`),
);

/** Which of several addresses of a row a header means: `Email address - work`, `Email 2`. */
const LABELS = /^(.*) (home|work|other|business|personal|[2-9]|1)$/;

export interface LabelledHeader {
	/** In the form of `wordForm`, without its label. */
	readonly form: string;
	readonly label: string;
}

export function labelledForm(header: string): LabelledHeader {
	const form = wordForm(header);
	const labelled = LABELS.exec(form);
	return labelled ? { form: labelled[1] ?? '', label: labelled[2] ?? '' } : { form, label: '' };
}

export const isEmailHeader = (header: string): boolean => EMAIL_HEADERS.has(labelledForm(header).form);

/** Whether a cell is an address and nothing else. */
export const looksLikeAddress = (cell: string): boolean => cell.length < 400 && ONE_ADDRESS.test(cell.trim());

const ONE_ADDRESS = /^(?:mailto:)?<?['"]?[^\s@<>"]+@[^\s@<>",;]+\.[^\s@<>",;.]{2,}['"]?>?$/i;
