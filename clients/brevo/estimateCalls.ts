import type { ContactWrite } from '../../core/upsert/destination';
import type { ImportRules } from './arrangeWrites';
import { arrangeBrevoWrites } from './arrangeWrites';
import { CONTACTS_PER_PAGE, LIST_CHANGES_PER_CALL } from './limits';
import { SINGLE_READS } from './readBack';

/**
 * Calls it takes to write these contacts and to read them back once, when Brevo does what it documents: a block stays that
 * goes along with a change of address, and an import is through when it is looked at first. `mirrored`: see `ContactMirror`.
 * `namesOwnList`: an import names the list of our own, see `TechnicalList`.
 */
export function estimateBrevoCalls(
	writes: readonly ContactWrite[],
	mirrored: boolean,
	rules: ImportRules = {},
): { readonly calls: number; readonly namesOwnList: boolean } {
	const arranged = arrangeBrevoWrites(writes, false, rules);
	const sent = arranged.map(({ lane, writes: [first] }) => (lane === 'single' && first ? callsToWrite(first) : 1));
	const inOneSweep = mirrored || writes.length > SINGLE_READS;
	const read = inOneSweep ? Math.ceil(writes.length / CONTACTS_PER_PAGE) : writes.length;
	const onOwnList = arranged.filter(({ bulk, joins }) => bulk && joins !== true).flatMap(({ writes: rows }) => rows);
	const emptied = Math.ceil(onOwnList.length / LIST_CHANGES_PER_CALL);
	return { calls: sent.reduce((sum, each) => sum + each, read + emptied), namesOwnList: onOwnList.length > 0 };
}

/** A change of address or number is guarded: read, written, and read again where there is a block to keep. */
function callsToWrite({ held, email, phone, block }: ContactWrite): number {
	if (!held || (email === undefined && phone === undefined)) return 1;
	return held.guarded || held.optedOut || block ? 3 : 2;
}
