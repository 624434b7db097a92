/** Headers, names of files and the like that refuse mail by a no and what is not wanted: `No marketing`, `Kein Mailing`, `Ne pas envoyer`. */

const words = (list: string): ReadonlySet<string> =>
	new Set(list.normalize('NFKD').replace(/\p{M}/gu, '').trim().split(/\s+/));

const NO =
	'(?:no(?: more)?|never|do not|don t|dont|not to be|kein|keine|keinen|keinerlei|nicht(?: mehr)?|pas(?: de| d)?|ne(?: pas| plus)?|non|nessuna?|nunca|nao|geen|niet|nie|nezasilat|bez|inga|inget|ingen|ikke|ej|ei)';
const BEGINS = new RegExp(`^${NO} `, 'u');
/** `Souhaite ne plus recevoir de mails`. */
const INSIDE =
	/ (?:ne plus|ne pas|pas de|pas d|do not|don t|dont|nicht mehr|kein|keine|keinen|no more|non desidera|non vuole|no desea|no quiere|niet meer|geen|nao quer|nie chce) /;
const EXCLUDES =
	/^(?:exclu(?:de|ded|re|ir|s|sion)?|refuse?s?|rifiuta|rechaza|weigert|escludi|escluso|ausschliessen|ausgeschlossen|block|omit|skip|suppress) /;

/** What is not wanted. */
const MAIL = words(`
	email emails emailing emailings mail mails mailing mailings newsletter newsletters marketing promo promos promotions promotional offers werbung werbemails werbepost
	infolettre publicite pub courriel courriels pubblicita publicidad correo correos comunicazioni comunicaciones communications communication nieuwsbrief
	nieuwsbrieven reclame nyhetsbrev nyhedsbrev reklam reklame publicidade contact kontakt kontaktieren anschreiben contacter contattare contactar
	contatar send envoyer inviare enviar mailen versturen wysylac skicka sende process
`);
/** Not what is wanted, but what was done: `No. of emails`, `Never opened an email`. */
const DONE = words(`
	of sent opened clicked received yet address addresses adresse count number confirmed verified found known owner record name id reply replied
	subscribed unsubscribed unsubscribe bounced bounce consent permission opt since for days last attempts source info code coupon made on file available provided
	valid person seit depuis since dal desde date grund reason
`);

/** Whether a text of the form of `wordForm` refuses mail. */
export function refusesMail(form: string): boolean {
	// HubSpot calls contacts so that it does not bill as marketing contacts.
	if (
		form.length > 60 ||
		form.startsWith('non marketing') ||
		!(BEGINS.test(form) || INSIDE.test(form) || EXCLUDES.test(form))
	)
		return false;
	const all = form.split(' ');
	return all.some((word) => MAIL.has(word)) && !all.some((word) => DONE.has(word));
}
