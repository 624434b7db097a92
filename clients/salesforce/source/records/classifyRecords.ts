import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { isFormer, isMember, isRemembered, mayBeHeld, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { optedOutOf } from '../../api/fields/recordFields';
import { RecordHandover } from '../handover';
import type { PollContext } from '../pollContext';
import type { Row } from '../readers/rowReader';
import type { LeadsBehind, OptedOutContacts } from './convertedLeads';
import { contactOptOut, leadsBehind, optedOutContacts, withContactOptOut } from './convertedLeads';
import type { Survivors } from './mergeSurvivors';
import { findSurvivors, mergedBefore } from './mergeSurvivors';
import { isConverted, isDeleted, isLive, isMerged } from './readRecords';
import { addressesOf, sharingAddresses } from './sharedAddresses';
import type { ChangeDetails, ReadSettings } from './toContactChange';
import { toContactChange } from './toContactChange';

/**
 * What changed records mean to the destination:
 *
 * | the record is now                   | never emitted      | a possible member       | emitted as removed, deleted |
 * | ----------------------------------- | ------------------ | ----------------------- | --------------------------- |
 * | a member                            | added              | updated                 | added                       |
 * | live, but no member                 | see below          | removed                 | removed if it opted out     |
 * | deleted                             | -                  | deleted                 | deleted if it opted out     |
 * | converted (a lead)                  | -                  | goes on as its contact  | removed if it opted out     |
 * | merged, its survivor is emitted     | -                  | part of the survivor    | part of the survivor        |
 * | merged, its survivor is not emitted | -                  | deleted                 | deleted if either opted out |
 *
 * A *merged record* is one that Salesforce deleted in favour of another; its *survivor* is the record at the end of such merges. A
 * survivor with merged records is emitted even where the table says nothing of it. A merged contact that was never emitted is part of
 * its survivor too where a lead became it, because the destination may hold the lead. For the same reason the opt-out of a contact
 * that was never emitted is emitted, as removed, where a lead became it, and a converted lead opted out where its contact did.
 */
export async function classifyRecords(
	context: PollContext,
	memory: MemberMemory,
	rows: readonly Row[],
	options: ClassifyOptions,
): Promise<Result<RecordHandover>> {
	const read = await readFacts(context, memory, rows, options);
	if (read.kind !== 'ok') return read;
	const { survivors } = read.value;
	const merges = mergesAmong([...rows, ...survivors.alsoRead], memory, read.value);
	const earlier = await mergedBefore(context, [
		...merges.merged,
		...rows.filter((row) => isEmittedAgain(row, memory, read.value)),
	]);
	if (earlier.kind !== 'ok') return earlier;
	for (const [survivor, ids] of merges.idsInto)
		merges.idsInto.set(survivor, [...ids, ...ids.flatMap((id) => earlier.value.get(id) ?? [])]);
	const emitter = new Emitter(context, memory, read.value, merges, earlier.value, options);
	for (const row of rows) emitter.addRecord(row);
	for (const row of survivors.alsoRead) if (merges.idsInto.has(row.id)) emitter.addRecord(row);
	const sharing = await sharingAddresses(context, emitter.leavers, emitter.memberIds);
	if (sharing.kind !== 'ok') return sharing;
	for (const row of sharing.value) emitter.addSharing(row);
	return ok(emitter.handover);
}

export interface ClassifyOptions {
	/** Nothing but membership may have changed: known members are not emitted again. */
	readonly membershipOnly: boolean;
	/** Of changes of membership without a new stamp: when they were noticed, ms since 1970. */
	readonly noticedAt?: number;
	/** Ids of the members among the records, where that was read already. */
	readonly members?: ReadonlySet<string> | undefined;
}

/** What is read about the records, besides the records themselves. */
interface Facts {
	readonly settings: ReadSettings;
	readonly survivors: Survivors;
	/** Whether a record is a member now. */
	readonly isMemberNow: (row: Row) => boolean;
	/** The leads that became contacts which were not emitted as members, by the id of the contact. */
	readonly leads: LeadsBehind;
	readonly optedOutContacts: OptedOutContacts;
}

async function readFacts(
	context: PollContext,
	memory: MemberMemory,
	rows: readonly Row[],
	{ members }: ClassifyOptions,
): Promise<Result<Facts>> {
	const settings = await context.settings();
	if (settings.kind !== 'ok') return settings;
	const isKnown = ({ packed }: Row): boolean => mayBeHeld(memory, packed);
	const leadsOfMerged = await leadsBehind(
		context,
		rows.filter((row) => isMerged(row) && !isKnown(row)).map(({ id }) => id),
	);
	if (leadsOfMerged.kind !== 'ok') return leadsOfMerged;
	const found = await findSurvivors(context, rows, (row) => isKnown(row) || leadsOfMerged.value.has(row.id));
	if (found.kind !== 'ok') return found;
	const survivors = found.value;
	const open = members ? survivors.alsoRead : [...rows, ...survivors.alsoRead];
	const now = await membersNow(context, open.filter(isLive), members);
	if (now.kind !== 'ok') return now;
	const isMemberNow = (row: Row): boolean => isLive(row) && (now.value === 'all' || now.value.has(row.id));
	const newMembers = [...rows, ...survivors.alsoRead].filter(
		(row) => isMemberNow(row) && !isMember(memory, row.packed),
	);
	const optedOut = rows.filter(
		(row) => optedOutOf(row.record) === true && !isMerged(row) && !isRemembered(memory, row.packed),
	);
	const leadsOfNew = await leadsBehind(context, [...new Set([...newMembers, ...optedOut].map(({ id }) => id))]);
	if (leadsOfNew.kind !== 'ok') return leadsOfNew;
	const converted = [...rows, ...survivors.alsoRead].filter(isConverted);
	const contacts = await optedOutContacts(context, converted);
	if (contacts.kind !== 'ok') return contacts;
	const leads = new Map([...leadsOfMerged.value, ...leadsOfNew.value]);
	return ok({ settings: settings.value, survivors, isMemberNow, leads, optedOutContacts: contacts.value });
}

/** Ids of the members among live records, with those that are known already. */
async function membersNow(
	{ scope }: PollContext,
	live: readonly Row[],
	known: ReadonlySet<string> | undefined,
): Promise<Result<ReadonlySet<string> | 'all'>> {
	if (scope.isWholeObject) return ok('all');
	const read = await scope.membersAmong(live.map(({ id }) => id));
	return read.kind === 'ok' && known ? ok(new Set([...known, ...read.value])) : read;
}

/** The merged records that are emitted as part of their survivor, never as deleted. */
interface Merges {
	readonly merged: ReadonlySet<Row>;
	/** Their ids, by the id of the survivor. */
	readonly idsInto: Map<string, readonly string[]>;
	/** Their addresses, by the id of the survivor. */
	readonly emailsInto: ReadonlyMap<string, readonly string[]>;
	/** Ids of survivors of a record that opted out: the block stays with the contact, also where the record cannot be sent. */
	readonly optedOut: ReadonlySet<string>;
}

function mergesAmong(rows: readonly Row[], memory: MemberMemory, facts: Facts): Merges {
	const merged = new Set<Row>();
	const idsInto = new Map<string, readonly string[]>();
	const emailsInto = new Map<string, readonly string[]>();
	const optedOut = new Set<string>();
	for (const row of rows) {
		const survivor = emittedSurvivorOf(row, memory, facts);
		if (!survivor) continue;
		merged.add(row);
		idsInto.set(survivor.id, [...(idsInto.get(survivor.id) ?? []), row.id]);
		emailsInto.set(survivor.id, [...(emailsInto.get(survivor.id) ?? []), ...addressesOf(row, facts.settings)]);
		if (optedOutOf(row.record) === true) optedOut.add(survivor.id);
	}
	return { merged, idsInto, emailsInto, optedOut };
}

/**
 * The survivor of a merged record, where both hold:
 *
 * - The destination may hold the merged record: it was emitted, or it was a lead before.
 * - The survivor is emitted: it is a member or was one (also where it left or was deleted since: it may come back, and has to have
 *   the block of the merged one then), or is a lead that was converted after a possible member was merged into it.
 */
function emittedSurvivorOf(row: Row, memory: MemberMemory, facts: Facts): Row | undefined {
	const { survivors, isMemberNow, leads } = facts;
	const survivor = survivors.of(row);
	if (!survivor || (!mayBeHeld(memory, row.packed) && !leads.has(row.id))) return undefined;
	const isEmitted = isMemberNow(survivor) || mayBeHeld(memory, survivor.packed);
	const isConvertedSince = isConverted(survivor) && mayBeMember(memory, row.packed);
	return isEmitted || isConvertedSince ? survivor : undefined;
}

/**
 * Whether a record that was outside of the scope is emitted: the destination may hold others that were merged into it meanwhile, under
 * their own keys.
 */
const isEmittedAgain = (row: Row, memory: MemberMemory, { isMemberNow }: Facts): boolean =>
	isMemberNow(row)
		? mayBeHeld(memory, row.packed) && !mayBeMember(memory, row.packed)
		: isLive(row) && isFormer(memory, row.packed) && optedOutOf(row.record) === true;

/** Collects what one batch emits. */
class Emitter {
	readonly handover = new RecordHandover();
	/** Records emitted as removed or deleted, or merged into others: their addresses may be those of other members. */
	readonly leavers: Row[];

	constructor(
		private readonly context: PollContext,
		private readonly memory: MemberMemory,
		private readonly facts: Facts,
		private readonly merges: Merges,
		/** Ids of records that were merged into one earlier, by its id. */
		private readonly mergedEarlier: ReadonlyMap<string, readonly string[]>,
		private readonly options: ClassifyOptions,
	) {
		this.leavers = [...merges.merged];
		this.handover.forgotten.push(...this.leavers.map(({ packed }) => packed));
	}

	/** Ids of the records that are emitted as members. */
	get memberIds(): ReadonlySet<string> {
		return new Set(this.handover.emitted.filter(this.facts.isMemberNow).map(({ id }) => id));
	}

	addRecord(row: Row): void {
		if (isMerged(row)) this.addMerged(row);
		else if (isConverted(row)) this.addConverted(row);
		else if (isDeleted(row)) this.addGone(row, 'deleted');
		else if (this.facts.isMemberNow(row)) this.addMember(row);
		else this.addGone(row, 'removed');
	}

	/** A member, changed or not, whose address another record gave up. */
	addSharing(row: Row): void {
		this.handover.joined.push(row.packed);
		this.emit(row, { change: isMember(this.memory, row.packed) ? 'updated' : 'added', at: this.timeOf(row) });
	}

	private addMember(row: Row): void {
		const isSurvivor = this.merges.idsInto.has(row.id);
		const isKnown = isMember(this.memory, row.packed);
		if (isKnown && this.options.membershipOnly && !isSurvivor) return;
		this.handover.joined.push(row.packed);
		if (isKnown || isSurvivor) this.emit(row, { change: 'updated', at: row.at });
		else this.emit(row, { change: 'added', at: this.timeOf(row) });
	}

	/** HB-22: an opt-out is emitted of former members too. */
	private addGone(row: Row, change: 'removed' | 'deleted'): void {
		const isHeld = isFormer(this.memory, row.packed) || this.facts.leads.has(row.id);
		const optedOut = [optedOutOf(row.record), contactOptOut(row, this.facts.optedOutContacts)].includes(true);
		const isSurvivor = this.merges.idsInto.has(row.id);
		if ((isHeld && optedOut) || isSurvivor || mayBeMember(this.memory, row.packed))
			this.emitGone(row, change, optedOut);
	}

	private addMerged(row: Row): void {
		if (!mayBeHeld(this.memory, row.packed) || this.merges.merged.has(row)) return;
		// The survivor is outside of the scope, but its opt-out concerns what the destination holds of the merged record.
		const survivor = this.facts.survivors.of(row);
		const optedOut = [row, survivor].some((one) => one !== undefined && optedOutOf(one.record) === true);
		const isToBeTold = optedOut && isRemembered(this.memory, row.packed);
		if (isToBeTold || mayBeMember(this.memory, row.packed))
			this.emit(row, { change: 'deleted', at: this.timeOf(row) }, optedOut);
		// From now on the survivor stands for it, in case that it joins or opts out.
		if (survivor) this.handover.forgotten.push(row.packed);
		(optedOut ? this.handover.optedOut : this.handover.left).push((survivor ?? row).packed);
	}

	/** A converted lead goes on as a contact. */
	private addConverted(row: Row): void {
		// With records merged into it, it is emitted even when it was emitted before or never.
		if (!this.merges.idsInto.has(row.id) && !mayBeMember(this.memory, row.packed)) {
			this.addGone(row, 'removed');
			return;
		}
		const { ConvertedContactId: contactId } = row.record;
		const change = this.context.convertedLeads === 'remove' ? 'removed' : 'updated';
		const convertedTo = typeof contactId === 'string' ? contactId : undefined;
		this.emit(row, { change, at: this.timeOf(row), convertedTo });
		this.handover.forgotten.push(row.packed);
	}

	/** No destination lifts an opt-out, so a record that opted out need not be emitted again: see `memberMemory`. */
	private emitGone(row: Row, change: 'removed' | 'deleted', optedOut = optedOutOf(row.record) === true): void {
		this.emit(row, { change, at: this.timeOf(row) }, optedOut);
		(optedOut ? this.handover.optedOut : this.handover.left).push(row.packed);
	}

	private timeOf({ at }: Row): number {
		return this.options.noticedAt ?? at;
	}

	private emit(row: Row, details: ChangeDetails, optsOut = false): void {
		const mergedFrom = this.merges.idsInto.get(row.id) ?? this.mergedEarlier.get(row.id) ?? [];
		const leads = [row.id, ...mergedFrom].flatMap((id) => this.facts.leads.get(id) ?? []);
		const { settings, optedOutContacts } = this.facts;
		const otherEmails = this.merges.emailsInto.get(row.id);
		const read = toContactChange(row.record, { ...details, mergedFrom, otherEmails, leads }, settings);
		const change = withContactOptOut(read, row, optedOutContacts);
		const optedOut = optsOut || this.merges.optedOut.has(row.id);
		this.handover.changes.push(optedOut ? { ...change, optedOut } : change);
		if (details.change === 'removed' || details.change === 'deleted') this.leavers.push(row);
		this.handover.emitted.push(row);
	}
}
