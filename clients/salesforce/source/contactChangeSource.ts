import type { BatchRoom } from '../../../core/polling/batches/batchPace';
import type { ContactChange } from '../../../core/contact/contact';
import type { ChangeSource, OptOutLook, SourceIdentity } from '../../../core/polling/changeSource';
import { withNote } from '../../../core/polling/changeSource';
import { awaiting, cursorComparedWithHeld, unexplainedNote, withHeld } from '../../../core/polling/memory/memberMemory';
import { SourceTime } from '../../../core/polling/sourceTime';
import type { Clock } from '../../../core/ports';
import { dailyReserveReached } from '../../../core/calls/dailyReserve';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { DAILY_RECHECK_MS } from '../api/classify';
import type { ContactCursor } from './contactCursor';
import { readContactCursor, startCursor } from './contactCursor';
import { FirstSync } from './firstSync';
import type { BatchResult, PollContext } from './pollContext';
import { nothing } from './pollContext';
import { LiveChanges } from './liveChanges';
import { MemberWalk } from './memberWalk';
import { showsOptOuts, wasHidden, withVisibility } from './optOuts/optOutField';
import { lookForOptOuts } from './optOuts/findOptOuts';
import { OptOutWalk } from './optOuts/walkOptOuts';
import { outOfSight } from './hiddenMembers';
import { packedId } from '../api/fields/recordIds';
import { withChangedFields } from './changedFields';
import { readRecycleBin } from './recycleBin';
import { withScope } from './advanceCursor';
import { toRow } from './readers/rowReader';
import type { SalesforceClient } from '../api/salesforceClient';
import type { Scope } from '../scope/scope';
import { scopeText } from '../scope/scope';
import { select } from '../soql/buildSoql';
import { SourceScope } from '../scope/scopeMembers';
import type { ReadSettings } from './records/toContactChange';
import { fieldsToRead, toContactChange } from './records/toContactChange';
import type { SalesforceObject, SalesforceObjectName } from '../api/types';
import { isSalesforceId } from '../api/types';

export interface ContactSourceSettings {
	readonly object: SalesforceObjectName;
	readonly scope: Scope;
	/** Names the key in use, no secret: with another one the organisation is read again. */
	readonly credential: string;
	/** Fields to emit, also of related records (`Account.Name`). */
	readonly fields: readonly string[];
	readonly firstSync: 'all' | 'fromNow';
	/** Most contacts of one batch. */
	readonly batchSize: number;
	/** How long a change may take to become visible. */
	readonly lookbackMs: number;
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
	/** How a converted lead is emitted: `remove`, as removed; `keep`, as updated, because it goes on as a contact. */
	readonly convertedLeads: 'remove' | 'keep';
	/** Share of the members, in per cent, that may be out of sight at once; of more, none is emitted as deleted. */
	readonly largestDropPercent: number;
	/** True: the destination makes nothing of opt-outs. */
	readonly ignoresOptOuts?: boolean;
	/** True: updates tell which fields changed, as far as that is remembered; for destinations whose own edits come back. */
	readonly tellsChangedFields?: boolean;
	/** Definitions of the fields; read when a record is to be emitted. */
	definitions(): Promise<Result<SalesforceObject>>;
}

/** Definitions are used for so long within a poll. */
const DEFINITIONS_MS = 60_000;
/** The second of a stamp must be over before its rows are read: with less, those of a poll's last second would be lost. */
const SHORTEST_LOOKBACK_MS = 2_000;

/**
 * Follows the contacts or leads of an organisation, of a list view, of a campaign or that meet conditions: all of them first,
 * then records that are added, change, leave, are deleted, merged or converted. An idle poll is one query. Made anew for each poll.
 */
export class ContactChangeSource implements ChangeSource<ContactCursor> {
	private account = '';
	/** Salesforce's time is known from an answer. */
	private timeKnown = false;
	private described: { readonly value: SalesforceObject; readonly at: number } | undefined;
	/** The failure that this poll has to end with. */
	private finalFailure: Failure | undefined;
	/** Stages that this poll has read to their end. */
	private begun = false;
	private changesRead = false;
	private walked = false;
	private stages: { first: FirstSync; live: LiveChanges; optOuts: OptOutWalk; walk: MemberWalk } | undefined;
	private readonly scope: SourceScope;
	private readonly time: SourceTime;

	constructor(
		private readonly client: SalesforceClient,
		private readonly settings: ContactSourceSettings,
		private readonly clock: Clock,
	) {
		this.time = new SourceTime(() => client.serverNow(), clock);
		this.scope = new SourceScope(client, settings.object, settings.scope, async () => await this.definitions());
	}

	async identify(previous: SourceIdentity | undefined, recheck: boolean): Promise<Result<SourceIdentity>> {
		const resting = this.reserveReached();
		if (resting) return resting;
		const { credential, object, scope: followed } = this.settings;
		const scope = `${object}:${scopeText(followed)}`;
		if (previous && previous.credential === credential && !recheck) {
			this.account = previous.account;
			return ok({ account: previous.account, scope, credential });
		}
		const organisation = await this.client.organisation();
		if (organisation.kind !== 'ok') return organisation;
		this.timeKnown = true;
		this.account = organisation.value.id;
		return ok({ account: this.account, scope, credential });
	}

	readCursor(stored: unknown): ContactCursor | undefined {
		return readContactCursor(stored);
	}

	async readBatch(cursor: ContactCursor | undefined, room?: BatchRoom): Promise<BatchResult> {
		const resting = this.reserveReached();
		if (resting) return resting;
		if (this.finalFailure) return this.finalFailure;
		const begun = cursor ?? (await this.start());
		if ('kind' in begun) return begun;
		this.beginTime(begun);
		// Only a poll that has emitted nothing shows its failure.
		if (begun.outOfSight && !this.begun) return this.reportOutOfSight(begun, begun.outOfSight);
		this.begun = true;
		const { found } = this.scope;
		const scoped = found ? withScope(begun, found, this.time.now()) : begun;
		const { at, unexplained } = cursorComparedWithHeld(scoped);
		const seen = await this.withOptOutsSeen(at);
		if (seen.kind !== 'ok') return seen;
		const read = await this.readStage(seen.value, room);
		const batch = unexplained > 0 ? withNote(read, unexplainedNote(unexplained)) : read;
		if (batch.kind !== 'ok') return batch;
		const { changes } = batch.value;
		const after = { ...batch.value.next, time: this.time.noted() };
		const next = this.described ? withVisibility(after, seen.value, this.described.value) : after;
		if (changes.length === 0) return ok({ ...batch.value, next });
		const { fields, tellsChangedFields } = this.settings;
		const underWay = { ...at, memory: awaiting(at.memory, changes, packedId) };
		const told = { ...batch.value, next, underWay, members: next.memory.members.count };
		return ok(tellsChangedFields ? withChangedFields(told, at, fields) : withoutPrints(told));
	}

	/**
	 * An idle poll reads no definitions, so a field that shows again would go unnoticed. Where opt-outs are ignored there is nothing
	 * to find.
	 */
	private async withOptOutsSeen(at: ContactCursor): Promise<Result<ContactCursor>> {
		if (at.phase === 'firstSync' || this.settings.ignoresOptOuts === true || !wasHidden(at)) return ok(at);
		const described = await this.definitions();
		if (described.kind !== 'ok') return described;
		return ok(showsOptOuts(described.value) ? { ...withVisibility(at, at, described.value), select: undefined } : at);
	}

	withHeld(cursor: ContactCursor, ids: readonly string[]): ContactCursor {
		return { ...cursor, memory: withHeld(cursor.memory, ids.filter(isSalesforceId).map(packedId)) };
	}

	/** Once: the cursor that is stored before the failure no longer holds the finding. */
	private reportOutOfSight(at: ContactCursor, found: NonNullable<ContactCursor['outOfSight']>): BatchResult {
		this.begun = true;
		this.finalFailure = outOfSight(found, this.account, this.settings.object);
		return nothing({ ...at, outOfSight: undefined });
	}

	private async readStage(at: ContactCursor, room?: BatchRoom): Promise<BatchResult> {
		this.stages ??= this.makeStages();
		const { first, live, optOuts, walk } = this.stages;
		if (at.phase === 'firstSync')
			return at.fromNow ? await this.begin(at, walk) : await first.next(at, room?.firstSync);
		// First, so that what it emits is not emitted again as a change.
		if (at.optOutWalk) return await optOuts.next(at);
		if (!this.changesRead) {
			const batch = await live.next(at, this.settings.fields, room?.live);
			if (batch.kind !== 'ok' || batch.value.more) return batch;
			this.changesRead = true;
			return ok({ ...batch.value, more: true });
		}
		if (!this.walked) {
			const batch = await walk.next(at);
			if (batch.kind !== 'ok' || batch.value.more) return batch;
			this.walked = true;
			return ok({ ...batch.value, more: true });
		}
		return await readRecycleBin(this.context(), at);
	}

	/** One page of 2,000 opt-outs as a rule; ten calls at most. Before the first sync began nothing is at the destination. */
	async readOptOuts(cursor: ContactCursor | undefined, seen: string | undefined): Promise<Result<OptOutLook>> {
		if (cursor === undefined || this.settings.ignoresOptOuts === true) return ok({ changes: [], seen: seen ?? '' });
		const resting = this.reserveReached();
		if (resting) return resting;
		this.beginTime(cursor);
		return await lookForOptOuts(this.context(), cursor, seen);
	}

	/** The members that were added last, for trying the trigger out in the editor. */
	async sample(count: number): Promise<Result<readonly ContactChange[]>> {
		const identified = await this.identify(undefined, true);
		if (identified.kind !== 'ok') return identified;
		const reading = await this.readSettings();
		if (reading.kind !== 'ok') return reading;
		const checked = await this.scope.check();
		if (checked.kind !== 'ok') return checked;
		const resolved = await this.scope.resolve();
		if (resolved.kind !== 'ok') return resolved;
		const soql = select({
			fields: fieldsToRead(this.settings.fields, reading.value.described),
			from: this.settings.object,
			scope: resolved.value.mine ? 'mine' : undefined,
			where: this.scope.memberWhere(resolved.value),
			orderBy: 'CreatedDate DESC,Id DESC',
			limit: count,
		});
		const newest = await this.client.query(soql, { doing: 'reading the newest members' });
		if (newest.kind !== 'ok') return newest;
		const rows = newest.value.records.map(toRow);
		return ok(rows.map(({ record, at }) => toContactChange(record, { change: 'added', at }, reading.value)));
	}

	/** The cursor to begin with, on Salesforce's clock: at least one answer has to show its time. */
	private async start() {
		const answered = this.timeKnown ? ok(undefined) : await this.client.organisation();
		if (answered.kind !== 'ok') return answered;
		const { scope, firstSync } = this.settings;
		// Of all records nothing needs to be checked, and the definitions are read later.
		const checked = scope.kind === 'conditions' ? await this.scope.check() : ok(undefined);
		if (checked.kind !== 'ok') return checked;
		return startCursor(this.time.now(), firstSync === 'fromNow', scope.kind === 'campaign', this.lookbackMs);
	}

	/** `fromNow`: remembers the members, so that those that leave can be found. */
	private async begin(at: ContactCursor, walk: MemberWalk): Promise<BatchResult> {
		const batch = await walk.next(at);
		if (batch.kind !== 'ok' || !batch.value.next.memory.complete) return batch;
		return ok({ ...batch.value, next: { ...batch.value.next, phase: 'live' } });
	}

	/** A cursor of an earlier version knows no time: n8n's clock is all there is, and no earlier than the position reached. */
	private beginTime({ time, records }: ContactCursor): void {
		const now = this.clock.now();
		this.time.begin(time ?? { at: Math.max(records.mark.at, now), seenAt: now });
	}

	private get lookbackMs(): number {
		return Math.max(this.settings.lookbackMs, SHORTEST_LOOKBACK_MS);
	}

	private makeStages() {
		const context = this.context();
		return {
			first: new FirstSync(context),
			live: new LiveChanges(context),
			optOuts: new OptOutWalk(context),
			walk: new MemberWalk(context),
		};
	}

	private context(): PollContext {
		const { object, credential, batchSize, convertedLeads, largestDropPercent, ignoresOptOuts = false } = this.settings;
		return {
			client: this.client,
			clock: this.clock,
			time: this.time,
			object,
			account: this.account,
			credential,
			batchSize,
			lookbackMs: this.lookbackMs,
			convertedLeads,
			ignoresOptOuts,
			largestDropPercent,
			scope: this.scope,
			settings: async () => await this.readSettings(),
		};
	}

	private async readSettings(): Promise<Result<ReadSettings>> {
		const described = await this.definitions();
		if (described.kind !== 'ok') return described;
		const { object, scope, fields } = this.settings;
		const list = scope.kind === 'listView' || scope.kind === 'campaign' ? scope.id : undefined;
		return ok({ account: this.account, object, list, fields, described: described.value });
	}

	private async definitions(): Promise<Result<SalesforceObject>> {
		const now = this.clock.now();
		if (this.described && now - this.described.at < DEFINITIONS_MS) return ok(this.described.value);
		const described = await this.settings.definitions();
		if (described.kind === 'ok') this.described = { value: described.value, at: now };
		return described;
	}

	private reserveReached() {
		const { dailyReservePercent: percent } = this.settings;
		const reserve = { vendor: 'Salesforce', percent, recheckMs: DAILY_RECHECK_MS };
		return dailyReserveReached(this.client.limits.daily, reserve, this.clock.now());
	}
}

const withoutPrints = <B extends { readonly next: ContactCursor }>(batch: B): B =>
	batch.next.prints ? { ...batch, next: { ...batch.next, prints: undefined } } : batch;
