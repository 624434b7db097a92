import { asciiDomain, unicodeDomain } from './internationalDomain';

/** `malformed`: `reason` completes the sentence "The e-mail address …" and never repeats the address. */
export type EmailReading =
	| { readonly kind: 'email'; readonly email: string }
	| { readonly kind: 'empty' }
	| { readonly kind: 'malformed'; readonly reason: string };

/** RFC 5321, 4.5.3.1: 64 octets before the @ and 254 in all (256 for the path, less its angle brackets). */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
const MAX_LABEL_LENGTH = 63;

/**
 * The normal form of an address: trimmed, lower-case, composed characters, an international domain in ASCII (which every
 * mail system takes). Plus tags, apostrophes and international domains and names pass; quoted names, comments, IP addresses and domains without a dot do not, because no vendor mails
 * to them.
 */
export function normaliseEmail(raw: string): EmailReading {
	const email = addressForm(raw);
	if (email === '') return { kind: 'empty' };
	const reason = faultIn(email);
	return reason === undefined ? { kind: 'email', email } : { kind: 'malformed', reason };
}

/**
 * The form in which addresses are compared, of any text. Every address that comes from a source or a destination goes
 * through here: two spellings of one address would be two contacts, of which only one keeps the block.
 */
export function addressForm(raw: string): string {
	const narrow = WIDE.test(raw) ? raw.replace(ALL_WIDE, narrowed) : raw;
	const email = narrow.normalize('NFC').toLowerCase().normalize('NFC').replace(SURROUNDING, '');
	const at = email.lastIndexOf('@');
	return at < 0 ? email : `${email.slice(0, at)}@${asciiDomain(email.slice(at + 1))}`;
}

/**
 * The other spellings under which a destination may hold an address in normal form: its domain in its own letters, and letters before the @
 * that are made of a letter and its accent (`jose´` for `josé`), as some systems write them. None, as a rule.
 */
export function otherSpellings(email: string): readonly string[] {
	const at = email.lastIndexOf('@');
	if (at < 0) return [];
	const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
	const own = unicodeDomain(domain);
	// What only looks like Punycode stands for nothing that could be asked for.
	const domains = own !== undefined && asciiDomain(own) === domain ? [domain, own] : [domain];
	const locals = [...new Set([local, local.normalize('NFD')])];
	return locals.flatMap((one) => domains.map((other) => `${one}@${other}`)).slice(1);
}

/** Letters and signs as wide as a Chinese character, which keyboards in Asia write: `ａ` is `a`. */
const WIDE = /[\uff01-\uff5e]/;
const ALL_WIDE = /[\uff01-\uff5e]/g;
const narrowed = (sign: string): string => String.fromCharCode(sign.charCodeAt(0) - 0xfee0);

/** Blanks, line breaks and the invisible marks that come along when an address is copied from a page. */
const SURROUNDING =
	/^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\0]+|[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\0]+$/gu;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

function faultIn(email: string): string | undefined {
	if (/\s/u.test(email)) return 'contains a blank';
	if (INVISIBLE.test(email)) return 'contains an invisible character';
	if (email.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
	const parts = email.split('@');
	if (parts.length === 1) return 'has no @';
	if (parts.length > 2) return 'has more than one @';
	const [local = '', domain = ''] = parts;
	return faultInLocal(local) ?? faultInDomain(domain);
}

function faultInLocal(local: string): string | undefined {
	if (local === '') return 'has nothing before the @';
	if (local.length > MAX_LOCAL_LENGTH) return `has more than ${MAX_LOCAL_LENGTH} characters before the @`;
	if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return 'has a dot too many before the @';
	return /[()<>[\]:;,"\\]/.test(local) ? 'has a character before the @ that addresses cannot have' : undefined;
}

function faultInDomain(domain: string): string | undefined {
	if (domain === '') return 'has nothing after the @';
	const labels = domain.split('.');
	if (labels.some((label) => label === '')) return 'has a dot too many after the @';
	if (labels.length < 2) return 'has no dot after the @';
	if (labels.some((label) => label.length > MAX_LABEL_LENGTH || !LABEL.test(label)))
		return 'has no possible domain after the @';
	return /^\d+$/.test(labels[labels.length - 1] ?? '') ? 'has no possible domain after the @' : undefined;
}

/** Letters and digits of any script, hyphens inside. */
const LABEL = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u;
