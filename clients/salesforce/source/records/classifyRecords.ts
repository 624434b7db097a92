import type { MemberMemory } from '../../../../core/polling/memory/memberMemory';
import { isFormer, isMember, isRemembered, mayBeMember } from '../../../../core/polling/memory/memberMemory';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { PollContext } from '../pollContext';
import { RecordHandover } from '../handover';
import type { LeadsBehind } from './convertedLeads';
import { leadsBehind } from './convertedLeads';
import { isConverted, isDeleted, isLive, masterOf } from './readRecords';
import type { Row } from '../readers/rowReader';
import { sharingAddresses } from './sharedAddresses';
import type { Survivors } from './mergeSurvivors';
import { findSurvivors } from './mergeSurvivors';
import type { ChangeDetails, ReadSettings } from './toContactChange';
import { optedOutOf } from '../../api/recordFields';
import { toContactChange } from './toContactChange';

export interface Judging {
	/** Nothing but membership may have changed: known members are not told again. */
	readonly moved: boolean;
	/** Of what moved without a new stamp: when that was noticed, ms since 1970. */
	readonly noticedAt?: number;
	/** Who of the records is a member, where that was asked already. */
	readonly members?: ReadonlySet<string> | undefined;
}

type IsThere = (row: Row) => boolean;

/** What changed records mean to whoever follows: members, newcomers, leavers, deletions, merges, conversions. */
export async function judge(
	context: PollContext,
	memory: MemberMemory,
	rows: readonly Row[],
	{ moved, noticedAt, members }: Judging,
): Promise<Result<RecordHandover>> {
	const settings = await context.settings();
	if (settings.kind !== 'ok') return settings;
	const isKnown = ({ packed }: Row): boolean => isRemembered(memory, packed);
	const unknownLosers = rows.filter((row) => masterOf(row) !== undefined && !isKnown(row));
	const leadsOfLosers = await leadsBehind(context, unknownLosers);
	if (leadsOfLosers.kind !== 'ok') return leadsOfLosers;
	const found = await findSurvivors(context, rows, (row) => isKnown(row) || leadsOfLosers.value.has(row.id));
	if (found.kind !== 'ok') return found;
	const survivors = found.value;
	const asked = members ? survivors.alsoRead : [...rows, ...survivors.alsoRead];
	const there = await membersNow(context, asked.filter(isLive), members);
	if (there.kind !== 'ok') return there;
	const isThere: IsThere = (row) => isLive(row) && (there.value === 'all' || there.value.has(row.id));
	const newcomers = [...rows, ...survivors.alsoRead].filter((row) => isThere(row) && !isMember(memory, row.packed));
	const leadsOfNewcomers = await leadsBehind(context, newcomers);
	if (leadsOfNewcomers.kind !== 'ok') return leadsOfNewcomers;
	const leads = new Map([...leadsOfLosers.value, ...leadsOfNewcomers.value]);
	const teller = new Teller(context, memory, {
		settings: settings.value,
		survivors,
		isThere,
		leads,
		moved,
		noticedAt,
	});
	for (const row of [...rows, ...survivors.alsoRead]) teller.noteMerge(row);
	for (const row of rows) teller.tell(row);
	for (const row of survivors.alsoRead) teller.tellSurvivor(row);
	const staying = await sharingAddresses(context, teller.leavers, teller.stayingIds);
	if (staying.kind !== 'ok') return staying;
	for (const row of staying.value) teller.tellStaying(row);
	return ok(teller.handover);
}

async function membersNow(
	{ scope }: PollContext,
	live: readonly Row[],
	known: ReadonlySet<string> | undefined,
): Promise<Result<ReadonlySet<string> | 'all'>> {
	if (scope.isWholeObject) return ok('all');
	const asked = await scope.membersAmong(live.map(({ id }) => id));
	return asked.kind === 'ok' && known ? ok(new Set([...known, ...asked.value])) : asked;
}

interface Known extends Pick<Judging, 'moved' | 'noticedAt'> {
	readonly settings: ReadSettings;
	readonly survivors: Survivors;
	/** Whether somebody is a member now. */
	readonly isThere: IsThere;
	/** Of contacts nobody was told of: the leads that became them. */
	readonly leads: LeadsBehind;
}

/** Collects what is handed on of one batch. */
class Teller {
	readonly handover = new RecordHandover();
	/** Remembered records that were merged into one that is told of, by its id. */
	private readonly mergedInto = new Map<string, string[]>();
	/** Who was merged with somebody who opted out: the block stays with the person, also where they cannot be sent. */
	private readonly optedOutLosers = new Set<string>();
	private readonly leaving: Row[] = [];

	constructor(
		private readonly context: PollContext,
		private readonly memory: MemberMemory,
		private readonly known: Known,
	) {}

	/** A remembered record that was merged is told of as part of what it lives on as, never as a deletion. */
	noteMerge(row: Row): void {
		const heir = this.heirOf(row);
		if (!heir) return;
		this.mergedInto.set(heir.id, [...(this.mergedInto.get(heir.id) ?? []), row.id]);
		if (optedOutOf(row.record) === true) this.optedOutLosers.add(heir.id);
		this.leaving.push(row);
		this.handover.forgotten.push(row.packed);
	}

	tell(row: Row): void {
		if (masterOf(row) !== undefined) this.tellLoser(row);
		else if (isConverted(row)) this.tellConverted(row);
		else if (isDeleted(row)) this.tellGone(row, 'deleted');
		else if (this.known.isThere(row)) this.tellMember(row);
		else this.tellGone(row, 'removed');
	}

	/** Records that are told to have left or lived on as others: their addresses may be those of other members. */
	get leavers(): readonly Row[] {
		return this.leaving;
	}

	/** Ids of those who are told as members. */
	get stayingIds(): ReadonlySet<string> {
		return new Set(this.handover.emitted.filter(this.known.isThere).map(({ id }) => id));
	}

	/** A member whose address another record gave up, changed or not. */
	tellStaying(row: Row): void {
		this.handover.joined.push(row.packed);
		this.push(row, { change: isMember(this.memory, row.packed) ? 'updated' : 'added', at: this.timeOf(row) });
	}

	/** A survivor that did not come by itself. */
	tellSurvivor(row: Row): void {
		if (this.mergedInto.has(row.id)) this.tell(row);
	}

	private tellMember(row: Row): void {
		const isMerged = this.mergedInto.has(row.id);
		const isKnown = isMember(this.memory, row.packed);
		if (isKnown && this.known.moved && !isMerged) return;
		this.handover.joined.push(row.packed);
		if (isKnown || isMerged) this.push(row, { change: 'updated', at: row.at });
		else this.push(row, { change: 'added', at: this.timeOf(row) });
	}

	/** HB-22: whoever was told that somebody left is told of an opt-out too. */
	private tellGone(row: Row, change: 'removed' | 'deleted'): void {
		const owedOptOut = isFormer(this.memory, row.packed) && optedOutOf(row.record) === true;
		if (owedOptOut || mayBeMember(this.memory, row.packed)) this.leave(row, change);
	}

	/**
	 * What a record lives on as, where that is told of: as a member, as one who leaves or as one who is converted. Of a record
	 * that nobody was told of it counts as well if it was a lead before.
	 */
	private heirOf(row: Row): Row | undefined {
		const { survivors, isThere, leads } = this.known;
		const survivor = survivors.of(row);
		if (!survivor || (!isRemembered(this.memory, row.packed) && !leads.has(row.id))) return undefined;
		const isTold = isThere(survivor) || mayBeMember(this.memory, survivor.packed);
		const goesOn = isConverted(survivor) && mayBeMember(this.memory, row.packed);
		return isTold || goesOn ? survivor : undefined;
	}

	private tellLoser(row: Row): void {
		if (!isRemembered(this.memory, row.packed) || this.heirOf(row)) return;
		// What the record lives on as is outside of the scope, but its opt-out concerns whoever was told of the record.
		const survivor = this.known.survivors.of(row);
		const optedOut = [row, survivor].some((one) => one !== undefined && optedOutOf(one.record) === true);
		if (optedOut || mayBeMember(this.memory, row.packed)) this.leave(row, 'deleted', optedOut);
		if (survivor && !optedOut) this.handover.left.push(survivor.packed);
	}

	/** A converted lead goes on as a contact. */
	private tellConverted(row: Row): void {
		// For the sake of who was merged into it also one is told that was told before, or that nobody was told of.
		if (!this.mergedInto.has(row.id) && !mayBeMember(this.memory, row.packed)) {
			this.tellGone(row, 'removed');
			return;
		}
		const { ConvertedContactId: contactId } = row.record;
		const change = this.context.convertedLeads === 'remove' ? 'removed' : 'updated';
		const convertedTo = typeof contactId === 'string' ? contactId : undefined;
		this.push(row, { change, at: this.timeOf(row), convertedTo });
		this.handover.forgotten.push(row.packed);
	}

	/** Who is told to have opted out need not be followed any longer: no destination lifts that again. */
	private leave(row: Row, change: 'removed' | 'deleted', optedOut = optedOutOf(row.record) === true): void {
		this.push(row, { change, at: this.timeOf(row) }, optedOut);
		(optedOut ? this.handover.forgotten : this.handover.left).push(row.packed);
	}

	private timeOf({ at }: Row): number {
		return this.known.noticedAt ?? at;
	}

	private push(row: Row, details: ChangeDetails, optsOut = false): void {
		const mergedFrom = this.mergedInto.get(row.id) ?? [];
		const leads = [row.id, ...mergedFrom].flatMap((id) => this.known.leads.get(id) ?? []);
		const change = toContactChange(row.record, { ...details, mergedFrom, leads }, this.known.settings);
		const optedOut = optsOut || this.optedOutLosers.has(row.id);
		this.handover.changes.push(optedOut ? { ...change, optedOut } : change);
		if (details.change === 'removed' || details.change === 'deleted') this.leaving.push(row);
		this.handover.emitted.push(row);
	}
}
