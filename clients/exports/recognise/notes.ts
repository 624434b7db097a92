import { phrasesIn, remembered, wordForm } from './headerForm';
import { strictBeginning } from './statusWords';

/** What stands before the matter itself: `Bitte austragen`, `Please unsubscribe her`, `Called 3.4.: wants to be unsubscribed`. */
const BEFORE = new RegExp(
	`^(?:(?:${phrasesIn(`
	bitte, please, pls, plz, kindly, svp, s il vous plait, merci, merci de, priere de, veuillez, a, per favore, por favor, asked, asks, asking, wants, want, wanted, wishes,
	requested, requests, request, to, be, me, us, him, her, them, it, he, she, they, i, has, have, had, was, is, been, mochte, mochten, will, wunscht, hat, ist, sich, uns, ihn, sie, er,
	um, gebeten, wurde, am, on, le, la, by, phone, called, call, said, says, customer, client, contact, kunde, kundin, kontakt, cliente, via, per, telefonisch, the, der, die, das, and, und, et,
	aus, vom, von, dem, newsletter, verteiler, from, list, de, d, se, s, est, veut, souhaite, demande, vuole, quiere, gdpr, dsgvo, rgpd, \\d+
`).join('|')}) )+`,
);

/** Requests in words that a status never has. */
const REQUESTS =
	/(?:^| )(?:(?:no|keine?n?|nicht|pas de|plus de|non|no mas|nessuna) (?:more |weiteren? |mehr |piu )?(?:e ?mails?|mails?|mailings?|newsletters?|werbung|werbemails?|pub|publicite|pubblicita|publicidad|marketing)|(?:stop|stopped|stopping|end|cease) (?:e ?mailing|mailing|e ?mails?|mails?|sending|contacting)|remove (?:from|me|him|her|them|address|email)|please (?:remove|delete)|take (?:me |him |her |them )?off|(?:loschung|loschen|deletion|erasure|suppression|cancellazione) (?:request|beantragt|verlangt|gewunscht|demandee|richiesta)|(?:bitte|please|merci de) (?:loschen|entfernen|supprimer|effacer)|ne (?:plus|pas) (?:ecrire|envoyer|contacter)|nicht mehr (?:anschreiben|kontaktieren|mailen|schreiben))(?: |$)/;

/** A note is for people, and longer ones are about much else. */
const MOST_CHARACTERS = 120;

/** Whether a note is a request for no more mail, or tells of one. Not each that has such a word: `told how to unsubscribe at any time`. */
export const asksForNoMail = remembered((note) => {
	const form = wordForm(note.slice(0, 200));
	if (strictBeginning(form) !== undefined) return true;
	return (
		note.length <= MOST_CHARACTERS && (REQUESTS.test(form) || strictBeginning(form.replace(BEFORE, '')) !== undefined)
	);
});
