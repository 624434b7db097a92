import type { ContactWrite } from '../../../core/upsert/destination';
import type { ImportRules } from './arrangeWrites';
import { arrangeBrevoWrites } from './arrangeWrites';
import { CONTACTS_PER_PAGE, LIST_CHANGES_PER_CALL } from '../api/limits';
import type { OwnNotes } from './notes/contactNotes';
import { leftWith, placesForKeys } from './notes/contactNotes';
import { LOOKED_AT_SINGLY, SINGLE_READS } from './lookup/read/readBack';
import { isStandIn } from '../api/contactValues';

/**
 * Calls it takes to write these contacts and to read them back once, when Brevo does what it documents: a block stays that
 * goes along with a change of address, and an import is through when it is looked at first. `mirrored`: see `ContactMirror`.
 * `namesOwnList`: an import names the list of our own, see `TechnicalList`.
 * `stampsMove`: joining or leaving a list is known to move the stamp of a contact.
 */
export function estimateBrevoCalls(
	writes: readonly ContactWrite[],
	mirrored: boolean,
	rules: ImportRules = {},
	notes?: OwnNotes,
	stampsMove = false,
): { readonly calls: number; readonly namesOwnList: boolean } {
	const arranged = arrangeBrevoWrites(writes, false, rules);
	const sent = arranged.map(({ lane, writes: [first] }) => (lane === 'single' && first ? callsToWrite(first) : 1));
	// The answer of a joining call shows what became of its contacts.
	const shown = arranged.flatMap(({ lane, writes: joined }) => (lane === 'join' ? joined : [])).length;
	const count = writes.length - shown;
	const unstamped = writes.filter(changesListOnly).length - shown;
	const read =
		mirrored || count > SINGLE_READS
			? Math.ceil(count / CONTACTS_PER_PAGE) + (stampsMove ? 0 : callsToLookAgain(unstamped))
			: count;
	const after = arranged.flatMap(({ joinsAfter, writes: rows }) => (joinsAfter ? rows : [])).filter(isToJoin).length;
	const joining = Math.ceil(after / LIST_CHANGES_PER_CALL);
	const onOwnList = arranged
		.filter(({ lane, joins }) => (lane === 'import' || lane === 'clear') && joins !== true)
		.flatMap(({ writes: rows }) => rows);
	const emptied = Math.ceil(onOwnList.length / LIST_CHANGES_PER_CALL);
	const noted = notes ? callsForNotes(writes, notes) : 0;
	return {
		calls: sent.reduce((sum, each) => sum + each, read + joining + emptied + noted),
		namesOwnList: onOwnList.length > 0,
	};
}

/**
 * A change of address or number is guarded: read, written, and where there is a block to keep, read again and rid of
 * its note.
 */
function callsToWrite({ held, email, phone, block }: ContactWrite): number {
	if (!held || (email === undefined && phone === undefined)) return 1;
	return held.bulkWriteLosesBlock || held.optedOut || block ? 4 : 2;
}

/** Contacts that only join or leave the list look unchanged in a sweep: a few are read singly, many with the list's members. */
const callsToLookAgain = (count: number): number =>
	count <= LOOKED_AT_SINGLY ? count : 1 + Math.ceil(count / CONTACTS_PER_PAGE);

const changesListOnly = ({ held, kind, joinList, changes }: ContactWrite): boolean =>
	held !== undefined && (joinList || kind === 'leave') && Object.keys(changes).every((name) => name === 'listIds');

const isToJoin = ({ joinList }: ContactWrite): boolean => joinList;

/** Attributes that are to be created first. */
function callsForNotes(writes: readonly ContactWrite[], notes: OwnNotes): number {
	const guarded = writes.filter(
		({ held, email, phone, block }) =>
			held && (email !== undefined || phone !== undefined) && (held.bulkWriteLosesBlock || held.optedOut || block),
	);
	const leaving = guarded.filter(
		({ held, email, block }) =>
			email !== undefined && held?.email !== undefined && !isStandIn(held.email) && (held.optedOut || block),
	);
	const lefts = leaving.map(({ held }) => leftWith(held?.leftEmails ?? [], held?.email ?? '').length);
	return (
		notes.callsToEnsure('keys', placesForKeys(writes)) +
		(guarded.length > 0 ? notes.callsToEnsure('block') : 0) +
		(lefts.length > 0 ? notes.callsToEnsure('left', Math.max(...lefts)) : 0)
	);
}
