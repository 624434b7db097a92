/**
 * A domain of other letters than ASCII has two spellings, `müller.example` and `xn--mller-kva.example`, and both arrive: forms and
 * mail programs write either. They are one address.
 */

/** What may stand in a domain that is to be respelled; keeps everything out that has a meaning in a URL. */
const RESPELLABLE = /^[\p{L}\p{N}\p{M}.\-_。．｡]+$/u;
const INTERNATIONAL = /[^\0-\x7f]|(?:^|\.)xn--/;

/** The spelling in ASCII (UTS 46, as browsers do it); a domain that has none stays as it is. */
export function asciiDomain(domain: string): string {
	if (!INTERNATIONAL.test(domain) || !RESPELLABLE.test(domain) || !URL.canParse(`http://${domain}`)) return domain;
	return new URL(`http://${domain}`).hostname;
}

/** The spelling in its own letters; undefined when that is the same. */
export function unicodeDomain(domain: string): string | undefined {
	const labels = domain
		.split('.')
		.map((label) => (label.startsWith('xn--') ? (decoded(label.slice(4)) ?? label) : label));
	const spelled = labels.join('.');
	return spelled === domain ? undefined : spelled;
}

/** Punycode's parameters (RFC 3492, section 5). */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 0x80;
const LAST_CODE = 0x10ffff;

/** A label of Punycode in its own letters (RFC 3492, section 6.2); undefined when it is none. */
function decoded(label: string): string | undefined {
	const plain = label.slice(0, Math.max(0, label.lastIndexOf('-')));
	const codes = Array.from(plain, (letter) => letter.codePointAt(0) ?? 0);
	let at = plain === '' ? 0 : plain.length + 1;
	let [code, position, bias] = [FIRST_CODE, 0, FIRST_BIAS];
	while (at < label.length) {
		const before = position;
		for (let weight = 1, k = BASE; ; k += BASE) {
			const digit = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(label[at++] ?? '-');
			if (digit < 0) return undefined;
			// Punycode's digits are the letters, then 0 to 9.
			const value = digit < 10 ? digit + 26 : digit - 10;
			position += value * weight;
			const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
			if (value < threshold) break;
			weight *= BASE - threshold;
			if (position > Number.MAX_SAFE_INTEGER / BASE || weight > Number.MAX_SAFE_INTEGER / BASE) return undefined;
		}
		const count = codes.length + 1;
		bias = adapted(position - before, count, before === 0);
		code += Math.floor(position / count);
		if (code > LAST_CODE) return undefined;
		position %= count;
		codes.splice(position++, 0, code);
	}
	return String.fromCodePoint(...codes);
}

function adapted(delta: number, count: number, isFirst: boolean): number {
	let rest = Math.floor(delta / (isFirst ? DAMP : 2));
	rest += Math.floor(rest / count);
	let k = 0;
	for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
	return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
