import { phrasesIn, remembered, splitForm, wordForm } from './headerForm';
import { ENDED_ELSEWHERE, NO_ELSEWHERE, OPTED_OUT_ELSEWHERE } from './words/otherLanguages';

/**
 * What the words of a status say. `optedOut`: refused mail. `bounced`: mail cannot be delivered. `noConsent`: known, and never agreed, or
 * not any more known to agree. `subscribed`: agreed.
 */
export type Standing = 'optedOut' | 'bounced' | 'noConsent' | 'subscribed';

/** The first wins over those behind it. */
export const STANDINGS: readonly Standing[] = ['optedOut', 'bounced', 'noConsent', 'subscribed'];

/** Whether a standing keeps a contact from being mailed for good. */
export const isStrict = (standing: Standing | undefined): boolean => standing === 'optedOut' || standing === 'bounced';

export const rankOf = (standing: Standing): number => STANDINGS.indexOf(standing);

/** Of two, the one that allows less. */
export const stricter = (one: Standing, other: Standing): Standing => (rankOf(one) <= rankOf(other) ? one : other);

/**
 * Phrases that mean an opt-out wherever they stand in a value, as whole words. `unsubscribed`, `Désabonné` and `nonsubscribed` hold their
 * opposite as a part of a word, which is why parts are never looked at.
 */
const OPTED_OUT = phrasesIn(`
	unsubscribed, un subscribed, unsubscribe, unsubscribes, unsub, opted out, opt out, optout, optedout, opt outs, optouts, do not email, do not mail,
	do not contact, complained, complaint, complaints, complainer, spam, spam complaint, abuse, blocklisted, blacklisted, blocklist,
	blacklist, blocked, suppressed, suppression, suppressions, suppress, withdrawn, revoked, desabonne, desabonnee, desabonnes,
	desabonnees, desabonnement, desabonnements, desinscrit, desinscrite, desinscrits, desinscrites, desinscription, desinscriptions,
	liste noire, plainte, abgemeldet, abgemeldete, abbestellt, abbestellungen, abmeldung, abmeldungen, ausgetragen, widerrufen,
	widerruf, gesperrt, sperrliste, beschwerde, disiscritto, disiscritta, disiscritti, disiscrizione, disiscrizioni,
	annullata iscrizione, iscrizione annullata, revocato, revocata, bloccato, reclamo, unsubscriber, unsubscribers, unsubscription, unsubscriptions,
	declined, objected, objection, desabonner, desinscrire, refuse le contact, opposition, abmelden, abgemeldeter, abgelehnt, widerspruch,
	widersprochen, rifiutato, opposizione, dado de baja, dada de baja, desuscrito, desuscrita, desuscritos, desuscritas, bloqueado, bloqueada,
	suscripcion cancelada, lista negra, lista nera, no contactar, no enviar, non contattare, ne pas contacter, ne plus contacter, stop pub, bloque,
	bloquee, revoque, revoquee, revoca, bloccata, revocada, queja, blockiert, austragung, austragen, abbestellen, abbestellung, nicht kontaktieren, nicht anschreiben,
	sperrvermerk, robinsonliste, do not send, dnc, exclusion list, descadastrado, descadastrada, uitgeschreven, afgemeld, geblokkeerd, unsubs, dnm, dne,
	nomail, do not process, right to be forgotten, rtbf, droit a l oubli, stop list, stoplist, stopliste, robinson, robinson list, sperre, abmelder, abmeldegrund,
	abmeldezeitpunkt, widerrufe, widerrufsdatum, do not use, fbl, not to be contacted, must not be contacted, may not be contacted
`);

/** German writes such words as one: `Werbesperre`, `Newsletterabmeldung`. */
const COMPOUNDS =
	'(?:e?mail|newsletter|werbe|kontakt|marketing)(?:abmeld|widersp|sperr|austrag|abbestell|stop|verbot)\\p{L}*';

/** Words of an end, perhaps of something else than mail: an order is cancelled too. */
const ENDED = phrasesIn(`
	cancelled, canceled, cancelado, cancelada, cancelados, canceladas, cancellato, cancellata, cancellati, cancellazione, annullato, annullata,
	removed, deleted, excluded, exclude, exclusion, refused, refuse, refusee, refus, denied, rejected, stop, stopped, quit, gekundigt, kundigung,
	geloscht, verweigert, zuruckgezogen, baja, bajas, retrait, retire, retiree, resilie, resiliee, resiliation, exclu, exclue, oppose, supprime,
	supprimee, rimosso, rimossa, negato, negata, escluso, esclusa, disdetta, opposto, rechazado, rechazada, excluido, excluida, suprimido,
	eliminado, eliminada, retirado, negado, negada, lapsed, expired, left, removal, removals, deletion, deletions, exclusions, erase, erased, erasure,
	withdrawal, withdrawals, resilies, resiliations, kundigungen, kundigungsdatum, gekundigte, rifiuto, rifiuti, loschung, loschungen, loschdatum, deceased,
	verstorben, decede, decedee, deces, fallecido, fallecida, deceduto, deceduta
`);

const BOUNCED = phrasesIn(`
	bounced, bounce, bounces, hard bounce, hard bounces, hardbounce, hardbounced, hard bounced, soft bounced, soft bounce, cleaned,
	undeliverable, undelivered, invalid, invalid email, hardbounces, invalid address, quarantined, npai, rejete, rejetee, rejet, rejets, adresse invalide, invalide, nettoye,
	nettoyee, nettoyes, unzustellbar, ungultig, bereinigt, bereinigte, rebotado, rebotada, rebote, rebotes, respinto, respinti, non valido, non valida, ripulito, ripuliti
`);

/** Values that mean consent only as a whole. */
const SUBSCRIBED: ReadonlySet<string> = new Set(
	phrasesIn(`
	subscribed, active, opted in, opt in, optin, optedin, confirmed, confirmed opt in, double opt in, explicit, implicit, express,
	abonne, abonnee, inscrit, inscrite, actif, active subscriber, confirme, abonniert, angemeldet, eingetragen, aktiv, bestatigt,
	iscritto, iscritta, attivo, attiva, confermato
`),
);

/** Words before a phrase that turn it round: `not unsubscribed`, `no bounce`. What is left in doubt is no consent. */
const NEGATED = /^(?:not|no|non|nicht|kein|keine|never|pas) /;

/** Of these, the ones that a customer or a member may be as well. */
const AMBIGUOUS: ReadonlySet<string> = new Set(
	phrasesIn('active, confirmed, actif, confirme, aktiv, bestatigt, attivo, attiva, confermato'),
);

/** What a cell of a status column says. `known`: false where the word means nothing here, which is no consent and is told. */
export interface WordsReading {
	readonly standing: Standing;
	readonly known: boolean;
}

/** Whether a word that means consent may be about something else than mail. */
export const isAmbiguous = (value: string): boolean => AMBIGUOUS.has(wordForm(value));

/** What a cell of a status column says, undefined where it is empty. Words that are not known mean no consent. */
export const standingOfWords = (value: string): WordsReading | undefined =>
	value === '' ? undefined : (wordsOf(value) ?? undefined);

const wordsOf = remembered((value): WordsReading | null => {
	const form = wordForm(value);
	if (form === '') return null;
	if (SUBSCRIBED.has(form))
		return isTurned(value) ? { standing: 'noConsent', known: false } : { standing: 'subscribed', known: true };
	// Before the words that forbid: `vorübergehend gesperrt` is a hold.
	if (NO_CONSENT.has(form)) return { standing: 'noConsent', known: true };
	const standing = strictWordsIn(form) ?? strictWordsIn(splitForm(value));
	if (standing !== undefined) return { standing: isNegated(form) ? 'noConsent' : standing, known: true };
	return { standing: 'noConsent', known: false };
});

const isNegated = (form: string): boolean =>
	NEGATED.test(form) && strictWordsIn(form.replace(NEGATED, '')) !== undefined;

/** The opt-out or bounce that stands in a text of the form of `wordForm`. */
export function strictWordsIn(form: string): Standing | undefined {
	if (!LETTER.test(form)) return undefined;
	if (OPTED_OUT_WORDS.test(form)) return 'optedOut';
	return BOUNCED_WORDS.test(form) ? 'bounced' : undefined;
}

/** Whether a text of the form of `wordForm` tells of an end, perhaps of something else than mail. */
export const hasEnded = (form: string): boolean => form.length <= LONGEST_ENDED && ENDED_WORDS.test(form);
const LONGEST_ENDED = 80;

/** The same of a text that begins with it: `Unsubscribed on 4 May`, and not `You may unsubscribe at any time`. */
export function strictBeginning(form: string): Standing | undefined {
	const standing = form.length > LONGEST_WORDS ? undefined : strictWordsIn(form);
	if (standing === undefined) return undefined;
	return BEGINS_STRICT.test(form) ? standing : undefined;
}

/** Whether a text is words of an opt-out or a bounce and nothing else. */
export const isStrictPhrase = (form: string): boolean => form.length <= LONGEST_WORDS && IS_STRICT.test(form);

/** A status takes no more characters; a note does. */
const LONGEST_WORDS = 40;

/** Phrases as whole words. */
const anyOf = (phrases: readonly string[]): RegExp => new RegExp(`(?:^| )(?:${phrases.join('|')})(?: |$)`, 'u');
const OPTED_OUT_WORDS = anyOf([...OPTED_OUT, ...OPTED_OUT_ELSEWHERE, COMPOUNDS]);
const BOUNCED_WORDS = anyOf(BOUNCED);
const STRICT = [...OPTED_OUT, ...OPTED_OUT_ELSEWHERE, COMPOUNDS, ...BOUNCED].join('|');
const BEGINS_STRICT = new RegExp(`^(?:${STRICT})(?: |$)`, 'u');
const IS_STRICT = new RegExp(`^(?:${STRICT})$`, 'u');
const ENDED_WORDS = anyOf([...ENDED, ...ENDED_ELSEWHERE]);
const LETTER = /\p{L}/u;

/** Words that are known to mean no consent. Any other word means it too, and is told. */
const NO_CONSENT: ReadonlySet<string> = new Set(
	phrasesIn(`
	nonsubscribed, non subscribed, not subscribed, never subscribed, transactional, pending, pending confirmation, unconfirmed,
	awaiting confirmation, confirmation pending, no permissions set, no permission set, not set, temporary hold, temp hold, inactive,
	archived, non abonne, non inscrit, inactif, en attente, nicht abonniert, inaktiv, ausstehend, unbestatigt, non iscritto, inattivo,
	in attesa, unknown, en attente de confirmation, aucune autorisation, aucune autorisation definie, suspension temporaire,
	warten auf bestatigung, wartet auf bestatigung, bestatigung ausstehend, keine berechtigung, keine berechtigungen festgelegt,
	vorubergehend gesperrt, vorubergehende sperre, in attesa di conferma, nessuna autorizzazione, nessuna autorizzazione impostata,
	sospensione temporanea, temporaneamente bloccato, no suscrito
`),
);

/** What the cell of a yes/no column says; a day or any other text counts as yes. Null: nothing. `unknown`: that it is not known. */
export function flagOf(value: string): boolean | 'unknown' | null {
	if (value === '') return null;
	if (UNKNOWN.test(value)) return 'unknown';
	if (ZERO.test(value)) return false;
	if (NO_DAY.test(value)) return null;
	// A link to unsubscribe by is no opt-out.
	if (/^\s*https?:/i.test(value)) return null;
	const form = wordForm(value);
	if (form === '') return TICKED.test(value) || (MARKED.test(value) ? 'unknown' : null);
	if (NOTHING.has(form)) return null;
	// Its words are those of the other answer: `Opt-out: subscribed`.
	if (strictWordsIn(form) === undefined ? AGREED.test(form) : isNegated(form)) return 'unknown';
	return !NO.has(form);
}

const AGREED =
	/(?:^| )(?:subscribed|opted in|opt in|optin|optedin|abonne|inscrit|abonniert|angemeldet|iscritto|suscrito)$/;
/** As spreadsheets and programs write a zero, and no day. */
const ZERO = /^\s*[+-]?0+(?:[.,]0*)?\s*$/;
const NO_DAY = /^\s*(?:0000-00-00|0001-01-01)/;
const TICKED = /[✓✔☑✅☒🗸🗹]/u;
/** Any other sign, but an empty box. */
const MARKED = /(?!☐)[*\p{S}]/u;

/** Whether a cell says no, in so many words. */
export const saysNo = (value: string): boolean => value !== '' && value.length < 12 && NO.has(wordForm(value));

/** Whether a cell of a consent says no in words of its own: `No thanks`, `nicht erteilt`, `refusé`, `✗`; or that it is not known. */
export const deniesConsent = (value: string): boolean => value !== '' && value.length <= 60 && isDenied(value);

const isDenied = remembered((value) => {
	const form = wordForm(value);
	return (
		UNKNOWN.test(value) ||
		ZERO.test(value) ||
		CROSSED.test(value) ||
		DENIED.test(form) ||
		hasEnded(form) ||
		WITHDRAWN.test(form)
	);
});
const DENIED = new RegExp(
	`^(?:${[
		...phrasesIn(`
	no, non, not, nein, nicht, kein, keine, keinen, never, nie, jamais, pas, ne, mai, nunca, ni, sin, senza, sans, ohne, without, nee, nao, false, falsch, faux,
	falso, n, f, 0, off, unsure, pending, out, aus, uit, nope, none, unchecked, unticked`),
		...NO_ELSEWHERE,
	].join('|')})(?: |$)`,
);
/** A cross or an empty box where others have a tick. */
const CROSSED = /^\s*[✗✘✖❌❎☐⬜🚫⛔👎]/u;
/** A consent that has a day, and an end: `2019-01-01 withdrawn`. */
const WITHDRAWN =
	/\d (?:revoked|withdrawn|unsubscribed|widerrufen|revoque|revoquee|retire|revocato|revocada|revocado)$/;

/** Whether a cell says yes, in so many words. */
export const saysYes = (value: string): boolean => value !== '' && isYes(value);

const isYes = remembered((value) => YES.has(wordForm(value)) && !isTurned(value));

/** Marks that may turn a word round, or put it in doubt: `-subscribed`, `❌ yes`, `yes?`, struck-through letters. */
const isTurned = (value: string): boolean => /^\s*\p{Pd}|[?!¬~*[\]{}\u0335-\u0338\p{S}]/u.test(value);

/** Question marks, and what spreadsheets show where a formula fails or a column is too narrow. */
const UNKNOWN =
	/^\s*(?:\?+|#[¡¿]?[\p{L}/0_]{1,16}[!?]?|#+|unknown|unclear|unbekannt|inconnu|sconosciuto|desconocido)\s*$/iu;

const NOTHING: ReadonlySet<string> = new Set(
	phrasesIn(`
	null, n a, na, none, nan, undefined, nil
`),
);
const NO: ReadonlySet<string> = new Set(
	phrasesIn(`
	0, false, no, n, f, non, nein, nee, nao, nej, nei, falsch, faux, falso, never, jamais, nie, off
`),
);
const YES: ReadonlySet<string> = new Set(
	phrasesIn(`
	1, true, yes, y, t, oui, ja, si, wahr, vrai, vero, on, x, opted in, subscribed, granted
`),
);
