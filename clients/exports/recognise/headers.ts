import { phrasesIn } from './headerForm';

/** Headers of the exports that are known, in the form of `wordForm`, by what their columns are for. */

const set = (list: string): ReadonlySet<string> => new Set(phrasesIn(list));

/** Columns whose words are about e-mail and nothing else. */
export const EMAIL_STATUS = set(`
	email status, e mail status, email subscriber status, email marketing consent, email subscription status, email marketing status,
	subscription status, subscriber status, email consent status, newsletter status, mail status, opt in status, optin status,
	consent status, email list status, subscription state, mailing status, statut email, statut e mail, statut abonnement,
	statut d abonnement, statut de l abonnement, statut d inscription, statut de l abonne, abonnementstatus, abonnement status,
	anmeldestatus, status der anmeldung, newsletterstatus, stato iscrizione, stato dell iscrizione, stato email, stato abbonamento
`);

/** Columns that may be about e-mail. */
export const ANY_STATUS = set(`
	status, statut, stato, contact status, member status, etat, statut du contact, kontaktstatus, stato contatto
`);

/** A region more often than a status: only words that forbid mail count. */
export const PERHAPS_STATUS = set(`
	state, zustand, unsub reason, unsubscribe reason, confirmed opt out reason, email suppression reason
`);

/** Any value but a no means an opt-out; a day too. */
export const OPT_OUT = set(`
	unsubscribed from all email, unsubscribed from all emails, hasoptedoutofemail, has opted out of email, email opt out, opted out,
	opt out, optout, opted out of email, email optout, optedout, email opted out, marketing opt out, unsubscribed, is unsubscribed,
	unsubscribed at, unsub time, unsubscribe time, unsubscribe date, unsubscribed on, unsubscribed date, date unsubscribed,
	unsubscribe, opt out date, opt out time, opted out at, optout date, email blacklisted, blacklisted, email blocklisted, blocklisted,
	blacklist, blocklist, email blacklist, email blocklist, email suppressed, portal unsubscribe, portal spam report,
	global spam report, spam report, complained, complained at, complaint, marked as spam, confirmed opt out date, email disabled,
	do not email, do not contact, donotemail, suppressed, suppressed at, email suppressions, email suppression, suppressions,
	desinscrit, desabonne, desinscrite, desabonnee, date de desinscription, date de desabonnement, desinscrit le, desabonne le,
	desinscription, desabonnement, liste noire, abgemeldet, abmeldedatum, abgemeldet am, abmeldung, widerruf, widerrufen,
	widerrufen am, gesperrt, ausgetragen, ausgetragen am, disiscritto, disiscritta, data disiscrizione, data di disiscrizione,
	disiscritto il, disiscrizione, revocato
`);

export const BOUNCE = set(`
	portal bounce, global bounce, isemailbounced, is email bounced, emailbounceddate, emailbouncedreason, email bounced date,
	email bounced reason, email bounced, clean time, bounced, bounced at, hard bounce, hard bounced, hard bounces, bounce,
	bounce reason, bounce date, email hard bounce reason, npai, rejet, adresse invalide, unzustellbar, rimbalzo
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

export const PERMISSION = set(`
	email permission status
`);

export const LISTS = set(`
	tags, tag, email lists, labels, lists, groups, list names, etiquettes, schlagworter, gruppen, etichette, gruppi, groupes, listids
`);

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
