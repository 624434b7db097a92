import { isContactKey } from '../../contact/contact';
import type { Warning } from '../../contact/contact';
import type { ContactResult } from '../contactResult';
import { result, warning } from '../contactResult';
import type { ContactWrite, HeldContact } from '../destination';
import type { KeyWrite } from '../keys';
import { keysOf, keysToWrite, keysWithout, sameSource, sharersOf } from '../keys';
import { sharersOnList } from '../listNotes';
import type { Intent } from './collapse';
import type { ToPlan } from './planContact';
import { unwritten } from './heldBack';
import { besideWrite } from './planContact';

/**
 * Takes a contact off the list that left the source list. One that another sync made is for that one to take off; an id
 * that another tool gave it says nothing about lists.
 */
export function planLeaver({ held, ...plan }: ToPlan): ContactWrite | ContactResult {
	if (!held) return result('unchanged', 'NOT_IN_DESTINATION');
	const { intent, state, destination, settings, optsOut, takesBlocked } = plan;
	const current = state.current(held);
	const blocksOnly = settings.mode === 'optOutsOnly';
	const ofOtherSource = isOfOtherSource(held, intent);
	const inOtherList = intent.stillIn.some((list) => settings.otherLists?.includes(list));
	const gone = new Set([...plan.gone, ...(plan.mergedAway ?? [])]);
	const sharers = sharersOnList(current, intent, gone, destination.listId);
	const mayLeave =
		!blocksOnly && settings.leavers === 'remove' && !ofOtherSource && !inOtherList && sharers.length === 0;
	// Others may have put them on the list since the contact was read: to take off costs one call for many.
	const leave = mayLeave && (current.onList || current.membershipUncertain === true);
	// The block of a record that was merged into this one is theirs, on the list or not.
	const block = (optsOut || takesBlocked) && !current.optedOut;
	if (intent.optOutOnly) return optOutOnly(plan, current, block);
	if (blocksOnly && !block) return unwritten(held, intent.optedOut === true ? undefined : 'OPT_OUTS_ONLY');
	const isShared = sharersOf(current, intent, gone).length > 0;
	const keys = blocksOnly ? {} : keysOfLeaver({ held, ...plan }, current, isShared);
	const deletion = blocksOnly ? undefined : planDeletion(plan, current, { block, isOthers: ofOtherSource || isShared });
	if (deletion && 'kind' in deletion) return deletion;
	const kept = deletion ? [deletion] : [];
	if (!leave && !block && keys.sourceKey === undefined && keys.otherKeys === undefined) {
		const other = inOtherList ? 'STILL_IN_OTHER_LIST' : 'OTHER_SOURCE';
		const code = settings.leavers === 'keep' ? 'KEPT_ON_LIST' : current.onList ? other : undefined;
		const { outcome, warnings } = unwritten(held, code);
		return { outcome, warnings: [...warnings, ...kept] };
	}
	const write = besideWrite(intent.key, current, destination, { leave, block, ...keys });
	const warnings = sharers.length > 0 ? [warning(destination.names.list, 'ADDRESS_STILL_USED')] : [];
	return { ...write, warnings: [...warnings, ...kept] };
}

/** Of a contact that is none of those that are followed: no list, no key and no value of it is this sync's. */
function optOutOnly(
	{ intent, destination }: Omit<ToPlan, 'held'>,
	held: HeldContact,
	block: boolean,
): ContactWrite | ContactResult {
	if (block) return besideWrite(intent.key, held, destination, { block });
	return unwritten(held, 'OUTSIDE_LIST');
}

/**
 * What becomes of the record of a contact that was deleted at the source, where records are deleted (SB-27):
 *
 * | the record | becomes |
 * | --- | --- |
 * | carries the key of the contact, or is the one the contact is linked to | deleted, its opt-out carried before |
 * | is found by its address alone, which may be that of another person | kept, NOT_DELETED |
 * | stands for a contact of another source, or for another one of this, as well | kept, NOT_DELETED |
 * | has the address that another contact of the source has by now | kept, NOT_DELETED |
 * | is one that the destination does not delete by itself | kept, NOT_DELETED |
 *
 * Undefined where nothing is to be deleted; a warning where the record is kept and leaves the list as any other.
 */
function planDeletion(
	{ intent, destination, settings }: Omit<ToPlan, 'held'>,
	held: HeldContact,
	{ block, isOthers }: { readonly block: boolean; readonly isOthers: boolean },
): ContactWrite | Warning | undefined {
	if (settings.deletes !== true || !intent.deleted || !destination.whyNotDeleted) return undefined;
	const isCertain =
		keysOf(held).includes(intent.key) || (held.ownKey !== undefined && intent.linkedTo?.includes(held.ownKey) === true);
	const isTaken = held.email !== undefined && intent.emailsTaken?.includes(held.email) === true;
	const why = isOthers
		? 'The record stands for another contact as well'
		: isTaken
			? 'Another contact of the source has the e-mail address of the record by now'
			: isCertain
				? destination.whyNotDeleted(held)
				: 'The record was found by its e-mail address alone';
	if (why !== undefined) {
		const told = warning(destination.names.list, 'NOT_DELETED');
		return { ...told, message: `${why}. ${told.message}` };
	}
	return { ...besideWrite(intent.key, held, destination, { leave: held.onList, block }), kind: 'delete' };
}

/**
 * A record that leaves while others are still held as the contact takes its key along, unless leavers are kept. One that was converted
 * leaves the key of what it was converted to, unless another contact has that already: two leads may be converted to one contact.
 */
function keysOfLeaver(
	{ intent, state, settings, gone, destination }: ToPlan,
	current: HeldContact,
	isShared: boolean,
): KeyWrite {
	if (destination.names.sourceKey === undefined) return {};
	if (isShared && settings.leavers === 'remove') return keysWithout(current, new Set([...gone, intent.key]));
	if (intent.convertedTo === undefined) return {};
	const holder = state.byKey(intent.convertedTo);
	if (holder && holder.id !== current.id) return {};
	return keysToWrite(intent, current, new Set(), destination.names.otherKeys !== undefined);
}

const isOfOtherSource = (held: HeldContact, { key }: Intent): boolean =>
	isContactKey(held.sourceKey ?? '') && !keysOf(held).some((known) => sameSource(known, key));
