/**
 * Words of an opt-out or a bounce that have letters beyond ASCII, without their accents. Files that went through a wrong encoding have question
 * marks, boxes or pairs of other letters in the place of these: `D?sabonn?`, `DÃ©sabonnÃ©`, `D‚sabonn‚`, `d&eacute;sabonn&eacute;`.
 */
const WORDS = `
	desabonne desabonnee desabonnes desabonnees desabonner desabonnement desabonnements desinscrit desinscrite desinscrits desinscrites desinscrire
	desinscription desinscriptions revoque revoquee bloque bloquee refuse refusee oppose opposee resilie resiliee supprime supprimee retire retiree
	rejete rejetee nettoye nettoyee nettoyes gekundigt kundigung geloscht ungultig zuruckgezogen
`
	.trim()
	.split(/\s+/);

/** What stands in the place of one letter. */
const BROKEN = /(?:[?\uFFFD]|[^\x00-\x7f]|&#?\w{2,8};)+/gu;
const HAS_BROKEN = /[?\uFFFD&]|[^\x00-\x7f]/u;
const TOKEN = /(?:[a-z?]|[^\x00-\x7f\s]|&#?\w{2,8};)+/giu;
const MOST_CHARACTERS = 200;

/** A text with such words in their plain form; every other one stays as it is. */
export function withoutMangling(text: string): string {
	if (text.length > MOST_CHARACTERS || !HAS_BROKEN.test(text)) return text;
	return text.normalize('NFC').replace(TOKEN, (token) => plainWord(token) ?? token);
}

function plainWord(token: string): string | undefined {
	if (/^\p{ASCII}+$/u.test(token.normalize('NFKD').replace(/\p{M}/gu, '')) && !/[?&]/.test(token)) return undefined;
	const parts = token.toLowerCase().split(BROKEN);
	// With less of a word than that anything might be meant.
	if (parts.length < 2 || parts.join('').length < 4) return undefined;
	return WORDS.find((word) => isWord(parts, word));
}

/** Whether a word consists of these parts, with one letter between each two. */
function isWord(parts: readonly string[], word: string): boolean {
	let at = 0;
	for (const part of parts) {
		if (!word.startsWith(part, at)) return false;
		at += part.length + 1;
	}
	return at - 1 === word.length;
}
