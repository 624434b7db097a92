import { hasWords, phrasesIn } from './headerForm';
import { refusesMail } from './words/refusals';
import { hasEnded, strictWordsIn } from './statusWords';

/** Headers of the exports that are known, in the form of `wordForm`, by what their columns are for. */

const set = (list: string): ReadonlySet<string> => new Set(phrasesIn(list));
const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
const hasAny = (form: string, list: readonly string[]): boolean => list.some((phrase) => hasWords(form, phrase));

/** Columns whose words are about e-mail and nothing else. */
const EMAIL_STATUS = set(`
	email status, e mail status, email subscriber status, email marketing consent, email subscription status, email marketing status,
	subscription status, subscriber status, email consent status, newsletter status, mail status, opt in status, optin status,
	consent status, email list status, subscription state, mailing status, statut email, statut e mail, statut abonnement,
	statut d abonnement, statut de l abonnement, statut d inscription, statut de l abonne, abonnementstatus, abonnement status,
	anmeldestatus, status der anmeldung, newsletterstatus, stato iscrizione, stato dell iscrizione, stato email, stato abbonamento
`);

const STATUS_WORDS = words('status statut stato etat zustand state estado');
const MAIL_WORDS = words(`
	email mail mailing newsletter subscription subscriber abonnement abonne abo inscription iscrizione abbonamento anmeldung optin consent
	consentement consenso einwilligung suscripcion
`);
/** Words that may stand beside them: `Statut de l'adresse e-mail`. */
const FILLERS = words(
	'e de d du des l la le der die das dell della dello del di of the your current adresse address indirizzo posta elettronica opt in',
);
const COMPOUNDS = words(
	'mailstatus emailstatus newsletterstatus abostatus abonnementstatus anmeldestatus subscriptionstatus',
);

/** Whether the words of a column are about e-mail and nothing else. */
export function isEmailStatus(form: string): boolean {
	if (EMAIL_STATUS.has(form)) return true;
	const all = form.split(' ');
	if (all.some((word) => COMPOUNDS.has(word))) return all.every((word) => COMPOUNDS.has(word) || FILLERS.has(word));
	return (
		all.some((word) => STATUS_WORDS.has(word)) &&
		all.some((word) => MAIL_WORDS.has(word)) &&
		all.every((word) => STATUS_WORDS.has(word) || MAIL_WORDS.has(word) || FILLERS.has(word))
	);
}

/** Columns that may be about e-mail. */
export const ANY_STATUS = set(`
	status, statut, stato, contact status, member status, etat, statut du contact, kontaktstatus, stato contatto
`);

/** A status of something, a reason, a region: only words that forbid mail count. */
const PERHAPS_STATUS = phrasesIn(`
	status, statut, stato, etat, state, zustand, estado, reason, raison, motif, grund, motivo, suppression, event, action, bounce type, kategorie, category,
	lifecycle stage
`);
export const isPerhapsStatus = (form: string): boolean => hasAny(form, PERHAPS_STATUS);

/** Columns that tell of a consent, in which sense is not certain: a no forbids, a yes says nothing. */
const CONSENT = phrasesIn(`
	newsletter, newsletters, consent, consents, consentement, consenso, einwilligung, einverstandnis, permission, permissions, erlaubnis, autorisation,
	autorizzazione, mailing, subscription, subscriptions, abonnement, abo, iscrizione, werbung, gdpr, dsgvo, rgpd, opt in, optin, opted in,
	marketing email, email marketing, marketing emails, send email, accepts email, mailable, may be mailed, zustimmung, accord,
	consentimiento, autorizacion, boletin, suscripcion, suscrito, suscrita, publicidad, pubblicita, publicite, infolettre, contactable, reachable,
	emailable, marketable, deliverable, email valid, valid email, email verified, verified email, privacy, zgoda, zgody, samtycke, samtykke, nyhetsbrev,
	nyhedsbrev, nieuwsbrief, toestemming, consentimento, inscricao, consiente, souhlas, hozzajarulas, boletim, publicidade, tillatelse, markedsforing,
	marknadsforing, согласие, рассылка, подписка
`);
/** The same, where the whole header is one of them. */
const CONSENT_ALONE = words('marketing subscriber abonnent opt');
const CONSENT_PAIRS = phrasesIn('opt status, in out, in or out, is subscriber');
const CONSENT_COMPOUND =
	/(?:^| )(?:e?mail|newsletter|werbe|kontakt|marketing|datenschutz)(?:einwillig|erlaub|zustimm|anmeld|einverstand|freigabe)\p{L}*/u;
/** Together they ask whether mail is wanted: `OK to email`, `Kontakt erlaubt`. */
const WANTED = words(`
	allow allowed allows ok okay can may want wants send accept accepts accepted agree agrees agreed receive receives wish wishes darf erlaubt
	erwunscht gewunscht mochte will souhaite accepte autorise autorisee veut desea acepta quiere vuole desidera accetta permesso permitted
	aceita aceito quer deseja wil mag chce vill onsker autoriza
`);
const MAIL = words(`
	email emails mail mails mailing mailings contact contacted kontakt kontaktiert angeschrieben contacter contacte contatto contattare
	contactar communications communication comunicaciones comunicazioni promo promos offers werbung newsletter correo correos publicidad publicidade
	nieuwsbrief nyhetsbrev nyhedsbrev reclame reklam reklame
`);
export function isConsent(form: string): boolean {
	if (CONSENT_ALONE.has(form) || CONSENT_PAIRS.includes(form) || hasAny(form, CONSENT) || CONSENT_COMPOUND.test(form))
		return true;
	const all = form.split(' ');
	return all.some((word) => WANTED.has(word)) && all.some((word) => MAIL.has(word));
}

/** A day or a yes of an end, and no word that says of what else: `Baja`, `Retrait du consentement`, not `Order cancelled`. */
const BESIDE_END = words(
	`date datum fecha data at on am le il is was von the list liste lista marketing contact kontakt contacto contacts kontakte contactos contatti from to request
	requested gdpr dsgvo rgpd dato rok`,
);
export const isEnd = (form: string): boolean =>
	hasEnded(form) &&
	form.split(' ').every((word) => hasEnded(word) || BESIDE_END.has(word) || MAIL_WORDS.has(word) || FILLERS.has(word));

/** What is filled in only for contacts that opted out or bounced. */
const SIGNS = set(`
	unsub reason, unsub reason other, unsub campaign title, unsub campaign id, clean campaign title, clean campaign id,
	non marketing, non marketing contact
`);
const REASONS = phrasesIn(
	'reason, reasons, raison, motif, grund, motivo, source, comment, campaign, title, id, type, kampagne, campagne',
);
/** Counts, and faults that pass. */
const COUNTS = phrasesIn('count, number, anzahl, nombre, numero, soft, emails, total, times');
/** Columns that name what can be done, not what was done. */
const LINKS = phrasesIn('link, url, page, token, hash, key, lien, seite');
const NEGATION = /^(?:not|never|no|non|nicht|kein|keine|pas|nie|mai) /;

/**
 * What a filled cell of a column means by the words of its header. `sign`: the contact may have opted out or bounced. `consent`: the words are
 * turned round, so a no forbids.
 */
export function meaningOf(form: string): 'optOut' | 'bounce' | 'sign' | 'consent' | undefined {
	if (OPT_OUT.has(form)) return 'optOut';
	if (BOUNCE.has(form)) return 'bounce';
	if (SIGNS.has(form)) return 'sign';
	if (hasAny(form, LINKS)) return undefined;
	const strict = strictWordsIn(form);
	if (strict === undefined) return refusesMail(form) ? 'optOut' : isEnd(form) ? 'sign' : undefined;
	if (NEGATION.test(form) && strictWordsIn(form.replace(NEGATION, '')) !== undefined && !REFUSALS.test(form))
		return 'consent';
	if (hasAny(form, REASONS) || hasAny(form, COUNTS)) return 'sign';
	return strict === 'bounced' ? 'bounce' : 'optOut';
}
const REFUSALS = /^(?:no|kein|keine) (?:email|mail|mails|newsletter|werbung|contact)/;

/** Any value but a no means an opt-out; a day too. */
const OPT_OUT = set(`
	unsubscribed from all email, unsubscribed from all emails, hasoptedoutofemail, has opted out of email, email opt out, opted out,
	opt out, optout, opted out of email, email optout, optedout, email opted out, marketing opt out, unsubscribed, is unsubscribed,
	unsubscribed at, unsub time, unsubscribe time, unsubscribe date, unsubscribed on, unsubscribed date, date unsubscribed,
	unsubscribe, opt out date, opt out time, opted out at, optout date, email blacklisted, blacklisted, email blocklisted, blocklisted,
	blacklist, blocklist, email blacklist, email blocklist, email suppressed, portal unsubscribe, portal spam report,
	global spam report, spam report, complained, complained at, complaint, marked as spam, confirmed opt out date, email disabled,
	do not email, do not contact, do not mail, donotemail, no email, no emails, no mail, no mails, no newsletter, keine werbung, kein newsletter,
	keine mails, keine e mails, ne pas contacter, non contattare, exclude from email, hs email optout, hs email is ineligible, hs email quarantined,
	email address quarantined, has opted out of email, suppressed, suppressed at, email suppressions, email suppression, suppressions,
	desinscrit, desabonne, desinscrite, desabonnee, date de desinscription, date de desabonnement, desinscrit le, desabonne le,
	desinscription, desabonnement, liste noire, abgemeldet, abmeldedatum, abgemeldet am, abmeldung, widerruf, widerrufen,
	widerrufen am, gesperrt, ausgetragen, ausgetragen am, disiscritto, disiscritta, data disiscrizione, data di disiscrizione,
	disiscritto il, disiscrizione, revocato
`);

const BOUNCE = set(`
	portal bounce, global bounce, isemailbounced, is email bounced, emailbounceddate, emailbouncedreason, email bounced date,
	email bounced reason, email bounced, clean time, bounced, bounced at, hard bounce, hard bounced, hard bounces, bounce,
	bounce reason, bounce date, email hard bounce reason, hs email hard bounce reason, hs email hard bounce reason enum, hs email bad address, npai, rejet, adresse invalide, unzustellbar, rimbalzo
`);

/** Columns of Brevo that say whom it mails. */
export const BLOCKLIST = set(`
	email blacklisted, blacklisted, email blocklisted, blocklisted, blacklist, blocklist, email blacklist, email blocklist
`);

/** Only a yes means consent. A bare `Newsletter` or `Consent` is left alone, for nothing says which way it counts. */
export const OPT_IN = set(`
	accepts email marketing, accepts marketing, email opt in, opt in, optin, opted in, email optin, marketing opt in,
	newsletter opt in, double opt in, doi, confirmed opt in, subscribed, is subscribed, email subscribed, subscribed to emails,
	subscribed to newsletter, optedin, abonne, abonnee, inscrit, abonniert, angemeldet, iscritto, iscritta, abonne a la newsletter
`);

/** Of these, one that says that the address was confirmed. */
export const DOUBLE_OPT_IN = set(`
	double opt in, doi, confirmed opt in
`);

/** Constant Contact's permission of an address, in the languages of its accounts. */
export const isPermission = (form: string): boolean =>
	form === 'email permission status' ||
	(hasAny(form, ['email', 'e mail']) &&
		hasAny(form, PERMISSION) &&
		(hasAny(form, ['status', 'statut', 'stato']) || hasWords(form, 'berechtigungsstatus')));
const PERMISSION = phrasesIn(
	'permission, permissions, autorisation, berechtigung, berechtigungsstatus, erlaubnis, autorizzazione, permesso',
);

/** Columns that part contacts into groups, one of which may be of those that opted out: `Segment: Unsubscribed`. */
const GROUPS = phrasesIn(`
	segment, segments, list, list name, liste, lista, group, gruppe, groupe, gruppo, grupo, audience, type, typ, tipo, folder, ordner, stage, flag, flags, code, rating,
	class, classification, mark, marker, kennzeichen, merkmal, verteiler, subscriptions, label
`);
export const isGroup = (form: string): boolean => form.length <= 60 && hasAny(form, GROUPS);

export const LISTS = set(`
	tags, tag, email lists, labels, lists, groups, list names, etiquettes, schlagworter, gruppen, etichette, gruppi, groupes, listids
`);

/** Free text: an opt-out at its beginning is a doubt. */
export const NOTES =
	/(?:^| )(?:notes?|comments?|remarks?|bemerkung|bemerkungen|notiz|notizen|kommentar|commentaires?|remarques?|nota|osservazioni|observaciones|comentarios)(?: |$)/;

export const PHONE =
	/(?:^| )(?:phone|phones|mobile|mobilephone|fax|sms|whatsapp|telephone|tel|portable|telefon|telefonnummer|handy|mobil|mobilnummer|telefono|cellulare|landline number|numero de telephone|numero di telefono)(?: |$)/;

/** Columns of one kind of value; another kind shows that the cells of a row are shifted. */
export const INSTANTS = set(`
	optin time, confirm time, last changed, unsub time, clean time, email marketing consent timestamp, added time, modified time
`);

export const ADDRESSES_OF_MACHINES = set(`
	optin ip, confirm ip
`);

export const NUMBERS = set(`
	leid, member rating, gmtoff, dstoff, latitude, longitude, contact id
`);

/** Times of a consent, the best first. */
export const CONSENT_TIMES = phrasesIn(`
	optin time, confirm time, email marketing consent timestamp, date subscribed, subscribed at, date d inscription, inscrit le,
	anmeldedatum, eintragsdatum, bestatigt am, data iscrizione, subscription date
`);

/** Times that say less: when the record was made. */
export const WEAK_TIMES = phrasesIn(`
	created at, added time, date created, created at utc 0, date added, create date, createddate, profile created on
`);

export const OPT_OUT_TIMES = phrasesIn(`
	unsub time, confirmed opt out date, unsubscribed at, unsubscribe date, date de desinscription, abmeldedatum, abgemeldet am
`);

export const BOUNCE_TIMES = phrasesIn(`
	clean time, emailbounceddate, email bounced date
`);

export const CHANGE_TIMES = phrasesIn(`
	last changed, updated at, modified time, lastmodifieddate, date of update, last modified
`);
