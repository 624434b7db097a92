import { ownText, phrasesIn } from '../recognise/headerForm';
import { addressForm, normaliseEmail } from '../../../core/contact/email';

/** `fault` completes the sentence "The e-mail address …". */
export interface AddressReading {
	readonly addresses: readonly string[];
	readonly fault?: string;
	/** Another address that may be meant: of `a da@example.com`, the one without the blank. */
	readonly meant?: string;
}

/** The addresses of a cell in their normal form: one, as a rule; several between commas or semicolons; `Ada <ada@example.com>`. */
export function addressesIn(cell: string): AddressReading {
	const text = withoutGuards(cell);
	if (text === '') return { addresses: [] };
	if (MASKED.test(text)) return { addresses: [], fault: 'is masked: signs stand in the place of its letters' };
	const read = normaliseEmail(text);
	if (read.kind === 'email') {
		const plain = text.replace(BULLET, '');
		return { addresses: [ownText(read.email)], ...(plain === text ? {} : { meant: addressMeant(plain) }) };
	}
	const found = everyAddress(text);
	if (found.length > 0) {
		const meant = addressMeant(cell);
		return { addresses: found, ...(meant === undefined || found.includes(meant) ? {} : { meant }) };
	}
	return { addresses: [], fault: read.kind === 'malformed' ? read.reason : 'is empty' };
}

/** Every address that can be made out in a text, for lines that cannot be read otherwise. */
export const addressesAnywhere = (text: string): string[] => everyAddress(text);

/**
 * The address that a malformed one was meant to be, by what no address holds: blanks and invisible characters inside, wide characters, marks around
 * the part before the @. None is mailed to on this ground, but an opt-out counts.
 */
export function addressMeant(cell: string): string | undefined {
	if (cell.length > MOST_CHARACTERS) return undefined;
	const plain = SPELT_OUT.reduce((text, [written, meant]) => text.replace(written, meant), cell.normalize('NFKC'));
	const read = normaliseEmail(withoutGuards(plain));
	return read.kind === 'email' ? ownText(read.email) : undefined;
}

/** How an address is written that no mail program takes, in this order. */
const SPELT_OUT: ReadonlyArray<readonly [written: RegExp, meant: string]> = [
	[/^\s*\*+([^*]+@[^*]+?)\*+\s*$/, '$1'],
	[/\s+/g, ' '],
	[/ (?:at|arobase|chiocciola) /gi, '@'],
	[/ (?:dot|punkt|point|punto) /gi, '.'],
	[/[\s\p{Cf}\p{Cc}]/gu, ''],
	[/[([{<](?:at|@|ät|arobase)[)\]}>]|&#0*64;?|&#x0*40;?|&commat;?|%40/gi, '@'],
	[/[([{<](?:dot|\.|punkt|point)[)\]}>]|&#0*46;?|&period;?|%2e/gi, '.'],
	[/@{2,}/g, '@'],
	[/\.{2,}/g, '.'],
	[/^\.|\.(?=@)|(?<=@)\./g, ''],
	[/@\[([^\]]+)\]$/, '@$1'],
	[/(?<=@[^@]+),(?=[\p{L}\p{N}])/gu, '.'],
	[/^"([^"\\\s]+)"@/, '$1@'],
];
const MOST_CHARACTERS = 400;

/** `a***@example.com`, `*@example.com`, `%@example.com`: of whom that is nothing tells. */
const MASKED = /^(?:[^@\s]*(?:[*…•]|\.{3})[^@\s]*|%+)@[^@\s]+$/;
/** A sign of a list before an address. */
const BULLET = /^[-~_+=!#]+/;

/** `@` and the domain of an address that is masked; undefined where it is not, or no domain can be made out. */
export function maskedDomainOf(cell: string): string | undefined {
	const text = withoutGuards(cell);
	const at = text.indexOf('@');
	if (!MASKED.test(text)) return undefined;
	const read = normaliseEmail(`x${text.slice(at)}`);
	return read.kind === 'email' ? ownText(read.email.slice(1)) : undefined;
}

/** What else a cell with addresses says: `unsubscribed` of `Ada <ada@example.com> (unsubscribed)`. Empty where it is an address alone. */
export function wordsBeside(cell: string): string {
	const text = cell.trim();
	return /[\s(]/.test(text) && text.length <= MOST_CHARACTERS
		? text.replace(/[^\s<>()[\],;"]*@[^\s<>()[\],;"]*/g, ' ')
		: '';
}

/** Looks around each @, so that a long text costs no more than its length. */
function everyAddress(raw: string): string[] {
	const text = WIDE.test(raw) ? raw.normalize('NFKC').replace(/\p{Cf}/gu, '') : raw;
	const found = new Set<string>();
	for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
		const local = BEFORE.exec(text.slice(Math.max(0, at - 64), at))?.[0].replace(/^['.]+/, '') ?? '';
		const domain = BEHIND.exec(text.slice(at + 1, at + 254))?.[0].replace(/[.-]+$/, '') ?? '';
		const read = normaliseEmail(`${local}@${domain}`);
		if (read.kind === 'email') found.add(ownText(read.email));
	}
	return [...found];
}

const WIDE = /[\uff20\p{Cf}]/u;
const BEFORE = /[^\s@<>()[\]{}",;:|\\/=]+$/u;
/** Letters, digits and hyphens between dots. */
const BEHIND = /^[\p{L}\p{N}\p{M}._\-。．｡]+/u;

/**
 * The mailbox of an address, where its provider says that several spellings are one: Gmail takes no notice of dots, and googlemail.com is its
 * other name. Undefined: each spelling is a mailbox of its own, as everywhere else.
 */
export function mailboxOf(address: string): string | undefined {
	const at = address.lastIndexOf('@');
	const domain = address.slice(at + 1);
	return domain === 'gmail.com' || domain === 'googlemail.com'
		? `${address.slice(0, at).replaceAll('.', '')}@gmail.com`
		: undefined;
}

/** Without what spreadsheets and address books put around an address. */
function withoutGuards(cell: string): string {
	const form = addressForm(cell);
	return GUARDED.test(form) ? form.replace(/^mailto:/, '').replace(GUARDS, '') : form;
}

const GUARDED = /^(?:mailto:|['"<“”„«»‹›‘’‚`´•·–—])|['">.,;“”„«»‹›‘’‚`´]$/;
const GUARDS = /^['"<“”„«»‹›‘’‚`´•·–—]+|['">.,;“”„«»‹›‘’‚`´]+$/g;

/** Addresses of a function, not of a person (F19): mail to them bounces and is reported more often. */
const ROLES =
	/^(?:info|sales|support|admin|contact|office|hello|noreply|no-reply|postmaster|webmaster|abuse|marketing|billing|kontakt|vertrieb|buero|accueil|ventes|informazioni|vendite)@/;
/** Domains that are usually a slip of the pen. */
const SLIPS: ReadonlySet<string> = new Set(
	phrasesIn(`
	gmial.com, gmai.com, gmail.co, gmail.con, gamil.com, gnail.com, gmaill.com, hotmial.com, hotmai.com, hotmail.con, yaho.com,
	yahoo.con, yahooo.com, outlok.com, outlook.con, iclould.com, icloud.con
`),
);

export type AddressNote = 'roleAddress' | 'misspelledDomain';

/** What is worth a look before mail is sent. */
export function noteOn(address: string): AddressNote | undefined {
	if (ROLES.test(address)) return 'roleAddress';
	return SLIPS.has(address.slice(address.lastIndexOf('@') + 1)) ? 'misspelledDomain' : undefined;
}
