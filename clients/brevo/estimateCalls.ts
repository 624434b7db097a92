import type { ContactWrite } from '../../core/upsert/destination';
import { arrangeBrevoWrites } from './arrangeWrites';
import { CONTACTS_PER_PAGE } from './limits';
import { SINGLE_READS } from './readBack';

/**
 * Calls it takes to write these contacts and to read them back once, when Brevo does what it documents: a block stays that
 * goes along with a change of address, and an import is through when it is looked at first. `mirrored`: see `ContactMirror`.
 */
export function estimateBrevoCalls(writes: readonly ContactWrite[], mirrored: boolean): number {
	const sent = arrangeBrevoWrites(writes, false).map(({ lane, writes: [first] }) =>
		lane === 'single' && first ? callsToWrite(first) : 1,
	);
	const inOneSweep = mirrored || writes.length > SINGLE_READS;
	const read = inOneSweep ? Math.ceil(writes.length / CONTACTS_PER_PAGE) : writes.length;
	return sent.reduce((sum, calls) => sum + calls, read);
}

/** A change of address or number is guarded: read, written, and read again where there is a block to keep. */
function callsToWrite({ held, email, phone, block }: ContactWrite): number {
	if (!held || (email === undefined && phone === undefined)) return 1;
	return held.guarded || held.optedOut || block ? 3 : 2;
}
