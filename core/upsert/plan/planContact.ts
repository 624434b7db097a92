import type { FieldValue, Warning } from '../../contact/contact';
import { ownValue, setOwnValue } from '../../contact/ownValues';
import type { FieldChange, ReasonCode } from '../../outcome';
import type { Intent } from './collapse';
import type { ContactResult } from '../contactResult';
import { failed, result, TAKEN, warning } from '../contactResult';
import type { ContactWrite, Destination, HeldContact } from '../destination';
import type { KeyWrite } from '../keys';
import { keysOf, keysToWrite } from '../keys';
import { withListNotes } from '../listNotes';
import type { WriteMode } from './heldBack';
import { heldBack, isEmpty } from './heldBack';
import type { WorkingState } from './workingState';
import { noteStored } from './whoWins/noteWrites';
import { whoWins } from './whoWins/whoWins';
import type { WrittenValues } from './whoWins/writtenValues';

/**
 * - `block`: it is blocked at the destination, and written like every other contact
 * - `blockOnly`: it is blocked there and comes off the list; it is neither created nor changed otherwise (MG-10, MG-23)
 * - `ignore`: left alone (HB-22)
 */
export type OptOutRule = 'block' | 'blockOnly' | 'ignore';

export interface PlanSettings {
	/** What becomes of a contact that opted out at the source. */
	readonly optOuts: OptOutRule;
	/** Whether contacts are created, updated, or both; both when absent. */
	readonly mode?: WriteMode;
	/** Whether a contact that left the source list is taken off the destination list. */
	readonly leavers: 'remove' | 'keep';
	/** True: the record of a contact that was deleted at the source is deleted, where the destination can (SB-27). */
	readonly deletes?: boolean;
	/** Other lists of the source that fill the same list: a contact still in one of them stays. */
	readonly otherLists?: readonly string[];
	/** What was written by this process, where syncs run against each other. */
	readonly written?: WrittenValues;
}

/** One contact to be planned. */
export interface ToPlan {
	readonly intent: Intent;
	/** The contact as it was read, before any write of this run. */
	readonly held: HeldContact | undefined;
	readonly state: WorkingState;
	readonly destination: Destination;
	readonly settings: PlanSettings;
	/** Opted out at the source, and opt-outs are carried. */
	readonly optsOut: boolean;
	/** Takes over the address or the record of a blocked contact, see `Batch`. */
	readonly takesBlocked: boolean;
	/** Which contact of the batch gets a number, by number. */
	readonly phones: ReadonlyMap<string, string>;
	/** Keys of records that leave, or leave a shared contact, in this run. */
	readonly gone: ReadonlySet<string>;
	/** Keys of records that were merged into others of the batch: no contact stays on the list for one of them. */
	readonly mergedAway?: ReadonlySet<string>;
}

/** What a plan says about a contact: the changes as they are shown, against the contact as it was read, and warnings. */
class Told {
	readonly changes: Record<string, FieldChange> = {};
	readonly warnings: Warning[] = [];
	/** What the contact holds as it should be. */
	readonly agreed: Array<readonly [name: string, value: FieldValue]> = [];

	change(name: string, from: FieldValue | undefined, to: FieldValue): void {
		setOwnValue(this.changes, name, { from: from ?? null, to });
	}

	warn(name: string, code: ReasonCode): void {
		this.warnings.push(warning(name, code));
	}
}

/**
 * What differs between what the contact should be and what is held, as a write; the result when nothing differs. The write is
 * against the contact as it is now (`current`), with the writes of earlier rounds; what is shown is against the one that was read.
 */
export function planUpsert(plan: ToPlan): ContactWrite | ContactResult {
	const { intent, held, state, destination } = plan;
	const { names, listId = null } = destination;
	const current = held && state.current(held);
	const told = new Told();
	if (plan.optsOut && plan.settings.optOuts === 'blockOnly') return blockAndTakeOff(plan, current);
	const back = heldBack(intent, held, destination, plan.settings.mode);
	if (back) return blockOnly(plan, current, back);

	for (const [name, why] of intent.keptIdentifiers ?? [])
		if (why === 'edited') told.warn(names[name], 'IDENTIFIER_KEPT');
	const { email } = intent.contact;
	const isFurther = email !== undefined && current?.furtherEmails?.includes(email) === true;
	// A contact found by a further address keeps its first one (H4).
	const newEmail = email !== undefined && email !== current?.email && !isFurther ? email : undefined;
	if (isFurther) told.warn(names.email, 'MATCHED_BY_FURTHER_ADDRESS');
	if (newEmail !== undefined) told.change(names.email, held?.email, newEmail);
	const phone = phoneToWrite(plan, current, told);
	if (phone !== undefined) told.change(names.phone, held?.phone, phone);
	if (!held && newEmail === undefined && phone === undefined) return failed(TAKEN, told.warnings);

	const keys = keysToTell(plan, current, told);
	const attributes = attributesToWrite(plan, told);
	const takenIn = held !== undefined || destination.newOutsideSegment === undefined;
	if (!takenIn) told.warn(names.email, 'OUTSIDE_SEGMENT');
	const joinList =
		destination.withoutList !== true && takenIn && held?.onList !== true && held?.unsubscribedFromList !== true;
	if (joinList) told.change(names.list, null, listId);
	if (held?.unsubscribedFromList === true) told.warn(names.list, 'LIST_UNSUBSCRIBED');
	const newlyBlocked = isNewlyBlocked(plan, told);

	noteAgreed(plan, told);
	const { changes, warnings } = told;
	if (current && Object.keys(changes).length === 0) return unchanged(current, warnings);
	return {
		key: intent.key,
		kind: held ? 'update' : 'create',
		held: current,
		email: newEmail,
		phone,
		...keys,
		attributes,
		joinList,
		// A contact that is blocked already is written with the block: no destination promises that a block left out of a write stays.
		block: newlyBlocked || current?.optedOut === true,
		changes: held ? changes : {},
		warnings,
	};
}

/**
 * Remembers of a contact what it holds as this sync would write it, where syncs run against each other. Not what came to the source from
 * this very contact: each side would take the value for the other's, and none would replace it any more.
 */
function noteAgreed({ intent, held, destination, settings }: ToPlan, { agreed }: Told): void {
	const { contact, keptIdentifiers } = intent;
	if (!held || !contact.origins) return;
	const when = whoWins({ ...intent, contact: { ...contact, overwrite: {} } }, held, settings.written);
	for (const identifier of ['email', 'phone'] as const) {
		const value = contact[identifier];
		const name = destination.names[identifier];
		if (value === undefined || value !== held[identifier] || keptIdentifiers?.has(identifier) === true) continue;
		if (when(name, value) !== 'never') agreed.push([name, value]);
	}
	noteStored(intent, held.id, agreed, settings.written);
}

function keysToTell(plan: ToPlan, current: HeldContact | undefined, told: Told): KeyWrite {
	const { intent, held, destination } = plan;
	const { names, refusesOtherKeys } = destination;
	const { sourceKey, otherKeys } = keysOfPlan(plan, current);
	const asRead = keysOfPlan(plan, held);
	if (names.sourceKey !== undefined && (sourceKey !== undefined || asRead.sourceKey !== undefined))
		told.change(names.sourceKey, held?.sourceKey, intent.convertedTo ?? intent.key);
	const allOthers = otherKeys ?? asRead.otherKeys;
	if (allOthers && names.otherKeys !== undefined) told.change(names.otherKeys, held?.otherKeys, allOthers);
	const isKept = !held || keysOf({ ...held, sourceKey: sourceKey ?? held.sourceKey }).includes(intent.key);
	if (names.sourceKey !== undefined && refusesOtherKeys && !isKept) told.warn(names.sourceKey, 'NOTE_NOT_KEPT');
	return { sourceKey, otherKeys };
}

/** The block of a contact of which nothing else is written; on the list it has no place any more. */
function blockAndTakeOff(plan: ToPlan, current: HeldContact | undefined): ContactWrite | ContactResult {
	if (!current) return result('unchanged', 'NOT_IN_DESTINATION');
	const { intent, destination, settings } = plan;
	const leave = settings.leavers === 'remove' && current.onList;
	if (current.optedOut && !leave) return unchanged(current, []);
	return besideWrite(intent.key, current, destination, { leave, block: !current.optedOut });
}

/** What of a contact that is held back goes out all the same: its block. */
function blockOnly(plan: ToPlan, current: HeldContact | undefined, back: ContactResult): ContactWrite | ContactResult {
	const { intent, destination, optsOut, takesBlocked } = plan;
	if (!current || current.optedOut || !(optsOut || takesBlocked)) return back;
	const { code } = back.outcome;
	const warnings = code === undefined || code === 'OPT_OUTS_ONLY' ? [] : [warning(destination.names.email, code)];
	return { ...besideWrite(intent.key, current, destination, { block: true }), warnings };
}

/**
 * Values that differ from those held, and may replace them. One that is empty there needs no clearing; one that no contact may be
 * without is not emptied.
 */
function attributesToWrite({ intent, held, destination, settings }: ToPlan, told: Told): Record<string, FieldValue> {
	const attributes: Record<string, FieldValue> = {};
	if (!held && destination.newOutsideSegment !== undefined) return attributes;
	const wantedValues = valuesToWrite(intent, held, settings);
	const fitted = destination.fit?.(wantedValues, held) ?? { attributes: wantedValues, warnings: [] };
	told.warnings.push(...fitted.warnings);
	for (const [name, wanted] of Object.entries(fitted.attributes)) {
		const value = ownValue(held?.attributes, name);
		if (wanted === undefined || (wanted === null && isEmpty(value))) continue;
		if (wanted === null && destination.required?.some((field) => field.name === name)) {
			told.warn(name, 'REQUIRED_VALUE_KEPT');
			continue;
		}
		if (wanted !== null && destination.sameValue(name, value, wanted)) {
			told.agreed.push([name, wanted]);
			continue;
		}
		setOwnValue(attributes, name, wanted);
		told.change(name, value, wanted);
	}
	return attributes;
}

/** The values that may be written where the contact holds what it holds. */
function valuesToWrite(
	intent: Intent,
	held: HeldContact | undefined,
	{ written }: PlanSettings,
): Readonly<Record<string, FieldValue>> {
	const { attributes, overwrite, unchanged, origins } = intent.contact;
	if (!held || (!overwrite && !unchanged && !origins)) return attributes;
	const when = whoWins(intent, held, written);
	const isWritten = ([name]: [string, FieldValue]): boolean => {
		const value = ownValue(held.attributes, name);
		const rule = when(name, value);
		return rule === 'always' || (rule === 'ifEmpty' && isEmpty(value));
	};
	return Object.fromEntries(Object.entries(attributes).filter(isWritten));
}

function isNewlyBlocked({ held, destination, optsOut, takesBlocked }: ToPlan, told: Told): boolean {
	const { names } = destination;
	const newlyBlocked = (optsOut || takesBlocked) && held?.optedOut !== true;
	if (newlyBlocked) told.change(names.optedOut, false, true);
	if (newlyBlocked && !optsOut) told.warn(names.optedOut, 'ADDRESS_BLOCKED');
	return newlyBlocked;
}

/** The keys of an upsert. A record that shares the address but is held as a contact of its own keeps that one. */
function keysOfPlan({ intent, state, destination, gone }: ToPlan, held: HeldContact | undefined): KeyWrite {
	if (destination.names.sourceKey === undefined) return {};
	const sharedKeys = intent.sharedKeys.filter((key) => {
		const other = state.byKey(key);
		return !other || other.id === held?.id;
	});
	const { names, listId } = destination;
	const keys = keysToWrite({ ...intent, sharedKeys }, held, gone, names.otherKeys !== undefined);
	const takesNotes = names.otherKeys !== undefined && held !== undefined && listId !== undefined;
	return takesNotes ? withListNotes(keys, intent, held, gone, listId) : keys;
}

/** Whether a contact needs nothing but the block. */
export const needsBlockOnly = (write: ContactWrite, { names }: Destination): boolean =>
	Object.keys(write.changes).every((name) => name === names.optedOut);

/** A write that carries nothing but what is named here. */
export function besideWrite(
	key: string,
	held: HeldContact,
	destination: Destination,
	wanted: { leave?: boolean; block?: boolean; email?: string } & KeyWrite,
): ContactWrite {
	const { names, listId = null } = destination;
	const { leave = false, block = false, email, otherKeys } = wanted;
	const sourceKey = names.sourceKey === undefined ? undefined : wanted.sourceKey;
	return {
		key,
		kind: leave ? 'leave' : 'update',
		held,
		email,
		sourceKey,
		otherKeys,
		attributes: {},
		joinList: false,
		block: block || (email !== undefined && held.optedOut),
		changes: {
			...(leave && held.onList ? { [names.list]: { from: listId, to: null } } : {}),
			...(block && !held.optedOut ? { [names.optedOut]: { from: false, to: true } } : {}),
			...(email === undefined ? {} : { [names.email]: { from: held.email ?? null, to: email } }),
			...(sourceKey === undefined || names.sourceKey === undefined
				? {}
				: { [names.sourceKey]: { from: held.sourceKey ?? null, to: sourceKey } }),
			...(otherKeys && names.otherKeys !== undefined
				? { [names.otherKeys]: { from: held.otherKeys ?? null, to: otherKeys } }
				: {}),
		},
		warnings: [],
	};
}

/** A number can be on one contact only; its holder keeps it, and the others go without. */
function phoneToWrite(
	{ intent, state, phones, destination }: ToPlan,
	current: HeldContact | undefined,
	told: Told,
): string | undefined {
	const { phone } = intent.contact;
	if (phone === undefined || phone === current?.phone) return undefined;
	const holder = state.byPhone(phone);
	if ((holder && holder.id !== current?.id) || phones.get(phone) !== intent.key) {
		told.warn(destination.names.phone, 'PHONE_SHARED');
		return undefined;
	}
	return phone;
}

export function unchanged(held: HeldContact, warnings: readonly Warning[]): ContactResult {
	return { outcome: { status: 'unchanged', destinationId: held.id }, warnings };
}
