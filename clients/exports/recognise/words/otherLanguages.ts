import { phrasesIn } from '../headerForm';

/**
 * Words that forbid mail in languages whose headers are not known: Portuguese, Dutch, Polish, Scandinavian, Czech, Hungarian, Romanian, Russian,
 * Turkish, Chinese, Japanese, Korean, and further ones in Spanish. None of them means consent.
 */
const list = (text: string): string[] => phrasesIn(text.normalize('NFKD').replace(/\p{M}/gu, ''));

/** What refuses mail wherever it stands in a value, as whole words. */
export const OPTED_OUT_ELSEWHERE = list(`
	desuscripcion, desuscripciones, dar de baja, darse de baja, suscripcion anulada, solicita baja, solicito baja,
	descadastro, descadastros, descadastrados, descadastradas, descadastramento, descadastrar, inscricao cancelada, cancelou inscricao,
	cancelou a inscricao, cancelada a inscricao, assinatura cancelada, cancelou assinatura, cancelou a assinatura, optou por sair, nao enviar,
	nao contatar, nao contactar, desinscrito, desinscrita, desinscritos, desinscricao, bloqueados, bloqueadas,
	uitgeschrevenen, uitschrijving, uitschrijvingen, uitschrijven, uitschrijfdatum, afmelding, afmeldingen, afmelden, afmelddatum, afgemelde,
	afgemelden, niet mailen, niet benaderen, nieuwsbriefafmelding, bezwaar gemaakt,
	wypisany, wypisana, wypisani, wypisane, wypisanie, wypisz, wyrejestrowany, wyrejestrowana, odsubskrybowany, odsubskrybowana, zrezygnowal,
	zrezygnowala, zrezygnował, zrezygnowała, rezygnacja, rezygnacje, rezygnacji, cofnieta zgoda, zgoda cofnieta, wycofana zgoda, zgoda wycofana,
	cofniecie zgody, wycofanie zgody, sprzeciw, zablokowany, zablokowana, nie wysylac, nie wysyłac, nie kontaktowac,
	avregistrerad, avregistrerade, avregistrering, avprenumererad, avprenumererade, avprenumerera, avanmald, avanmalda, avanmalan, sparrad, blockerad,
	afmeldt, afmeldte, frameldt, frameldte, framelding, avmeldt, avmeldte, avmelding, frabedt, blokeret, blokkert,
	odhlasen, odhlasena, odhlaseno, odhlaseny, odhlaseni, odhlasit, leiratkozott, leiratkozottak, leiratkozas, dezabonat, dezabonata, dezabonati,
	dezabonare, отписан, отписана, отписано, отписаны, отписался, отписалась, отписавшиеся, отписавшийся, отписка, отписки, abonelikten cıktı,
	abonelikten cıkan, abonelikten cıkıldı, 已退订, 退订, 取消订阅, 已取消订阅, 拒收, 已退訂, 退訂, 取消訂閱, 配信停止, 配信停止済み, 退会, 退会済み, 購読解除, 解約, 수신거부, 구독취소, 구독해지
`);

/** Words of an end, perhaps of something else than mail. */
export const ENDED_ELSEWHERE = list(`
	anulado, anulada, anulados, anuladas, removido, removida, removidos, recusa, recusado, recusada, cancelou, encerrado, encerrada, opgezegd,
	geweigerd, verwijderd, beeindigd, usuniety, usunieta, usunieci, anulowany, anulowana, odmowa, odmowil, odmowiła, avslutad, avslutade, borttagen,
	raderad, nekad, slettet, fjernet, opsagt, oppsagt, peruutettu, perunut, poistettu, zruseno, zrusen, torolt, удален, удалена, отказ, отказался,
	overleden, avliden
`);

/** The first words of an answer that says no. */
export const NO_ELSEWHERE = list(`
	geen, niet, brak, nej, nei, inte, ikke, ingen, ei, nem, nu, hayır, нет, не, 否, 无, 無, いいえ, 아니오
`);
