import type { CursorCircle } from '../../../core/calls/pages/cursorCircle';
import { CIRCLE, followCursor } from '../../../core/calls/pages/cursorCircle';
import { instantsOf, NO_INSTANTS } from '../../../core/polling/memory/handledChanges';
import { changedIds, compareIds, hasId, idsOf, indexBehind } from '../../../core/polling/memory/packedIds';
import { mostMembers, remembering } from '../../../core/polling/memory/memberMemory';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isQueryTimeout, isTooSlow } from '../api/classify';
import type { ContactCursor } from './contactCursor';
import type { BatchResult, PollContext } from './pollContext';
import { nothing } from './pollContext';
import { SALESFORCE_LIMITS } from '../api/limits';
import { classifyIds } from './records/classifyIds';
import { packedId, recordId } from '../api/fields/recordIds';
import { withHandover, withScope } from './advanceCursor';
import { FEWEST_ROWS } from './readers/rowReader';
import { select, soqlText } from '../soql/buildSoql';
import { idOf } from '../api/fields/recordFields';
import { toContactChange } from './records/toContactChange';
import type { QueryPage } from '../api/types';

type Walk = NonNullable<ContactCursor['walk']>;

const HOUR_MS = 60 * 60_000;
/** A scope that changes with its records alone is walked as a safety net only. */
const SAFETY_NET_MS = 24 * HOUR_MS;
/** A walk of so many calls is put off for so many hours: 24 calls a day at most. */
const HOURS_PER_CALL = 1;

/** Stands for a next page that has no locator: it begins behind the last id. */
const CUT = '';

/** So many members at once are taken to be deleted for good, however few there are. */
const BELIEVED = 20;

/**
 * Compares the members with the remembered ones in the order of their ids, for joins and leaves that move no stamp of a record: a day
 * that passed, a related record, a campaign, another filter of the list view, a deletion that left no trace.
 */
export class MemberWalk {
	/** Ids at hand, packed, and where they go on. */
	private page: { readonly ids: readonly string[]; readonly next?: string | undefined } | undefined;

	/** Of the locators of the last query. */
	private circle: CursorCircle | undefined;

	/** Rows of a query at most, after ones that took too long. */
	private limit: number | undefined;

	constructor(private readonly context: PollContext) {}

	async next(at: ContactCursor): Promise<BatchResult> {
		const decided = await this.decide(at);
		if (decided.kind !== 'ok') return decided;
		const { walk } = decided.value;
		if (!walk) return nothing(decided.value, false);
		return walk.over === true ? await this.emitMissing(decided.value, walk) : await this.walk(decided.value, walk);
	}

	/** Begins a walk when one is due. */
	private async decide(at: ContactCursor): Promise<Result<ContactCursor>> {
		if (at.walk) return ok(at);
		const { scope, time } = this.context;
		const now = time.now();
		// A filter that was edited shows once an hour, or when something is decided anyway.
		const isStale = scope.isListView && now - (at.scope?.seenAt ?? 0) >= HOUR_MS;
		const resolved = !at.scope || isStale ? await scope.resolve() : ok(at.scope);
		if (resolved.kind !== 'ok') return resolved;
		const noted = scope.found ? withScope(at, scope.found, now) : at;
		const { calls } = at.walked ?? { calls: 1 };
		const mayDrift = resolved.value.drifts || at.memory.pending.count > 0;
		const pause = Math.max(mayDrift ? HOUR_MS : SAFETY_NET_MS, calls * HOURS_PER_CALL * HOUR_MS);
		const isWanted = noted.walkWanted || !at.memory.complete;
		const isDue = isWanted || now - (at.walked?.at ?? at.startedAt) >= pause;
		if (!isDue) return ok(noted);
		// The walk finds those again that are still missing; the others have come back into sight.
		const memory = { ...noted.memory, missing: NO_INSTANTS };
		return ok({ ...noted, memory, walk: { startedAt: now, calls: 0 }, walkWanted: false });
	}

	private async walk(at: ContactCursor, walk: Walk): Promise<BatchResult> {
		this.limit ??= walk.limit;
		const loaded = await this.load(walk);
		if (loaded.kind !== 'ok') {
			// What was learnt counts: the time of a poll is over after one query that took too long.
			if (this.limit !== walk.limit) return nothing({ ...at, walk: { ...walk, limit: this.limit } });
			// A walk that takes too long waits its turn again; a silent one has to be.
			return isQueryTimeout(loaded) && at.memory.complete ? nothing(ended(at, walk)) : loaded;
		}
		const { ids, next, calls } = loaded.value;
		const isLast = next === undefined;
		const end = isLast ? undefined : ids.at(-1);
		const walked = { ...walk, calls, limit: this.limit };
		const unknown = ids.filter((id) => !hasId(at.memory.members, id));
		if (!at.memory.complete) {
			const members = changedIds(at.memory.members, unknown, new Set());
			const after = { ...at, memory: { ...at.memory, members, complete: isLast } };
			return nothing(isLast ? ended(after, walked) : { ...after, walk: { ...walked, after: end } });
		}
		const there = new Set(ids);
		const missing = remembered(at, walk.after, end).filter((id) => !there.has(id));
		const differing = [...missing, ...unknown].sort(compareIds);
		const batch = differing.slice(0, this.context.batchSize);
		const isCut = batch.length < differing.length;
		const readAt = this.context.time.now();
		const classified = await classifyIds(this.context, at.memory, batch.map(recordId));
		if (classified.kind !== 'ok') return classified;
		const after = withHandover(at, classified.value, readAt);
		const over = (isLast && !isCut) || this.isUnbelievable(after);
		const position = { ...walked, after: isCut ? batch.at(-1) : end, over };
		return ok({ changes: classified.value.changes, phase: 'live', next: { ...after, walk: position }, more: true });
	}

	/**
	 * A member that is neither found nor in the recycle bin was deleted for good. Many at once are more likely out of the user's
	 * sight, by a change of permissions or sharing: then none of them is emitted.
	 */
	private async emitMissing(at: ContactCursor, walk: Walk): Promise<BatchResult> {
		const { batchSize, clock, settings, time } = this.context;
		const missing = [...instantsOf(at.memory.missing).keys()];
		if (missing.length === 0) return nothing(ended(at, walk));
		if (this.isUnbelievable(at)) {
			const outOfSight = { count: missing.length, of: mostMembers(at.memory), at: clock.now() };
			return nothing({ ...ended(at, walk), memory: { ...at.memory, missing: NO_INSTANTS }, outOfSight });
		}
		const reading = await settings();
		if (reading.kind !== 'ok') return reading;
		const left = missing.slice(0, batchSize);
		const noticedAt = time.now();
		const changes = left.map((id) =>
			toContactChange({ Id: recordId(id) }, { change: 'deleted', at: noticedAt }, reading.value),
		);
		return ok({ changes, phase: 'live', next: { ...at, memory: remembering(at.memory, { left }) }, more: true });
	}

	private isUnbelievable({ memory }: ContactCursor): boolean {
		const { count } = memory.missing;
		return count > BELIEVED && count > (mostMembers(memory) * this.context.largestDropPercent) / 100;
	}

	/** The ids behind the position, a page at most; those at hand first. */
	private async load({
		after,
		calls: before,
	}: Walk): Promise<Result<{ ids: readonly string[]; next?: string | undefined; calls: number }>> {
		// prettier-ignore
		let calls = before;
		for (;;) {
			if (this.page) {
				const ids = after === undefined ? this.page.ids : this.page.ids.slice(indexBehind(this.page.ids, after));
				if (ids.length > 0 || this.page.next === undefined) return ok({ ids, next: this.page.next, calls });
			}
			const read = await this.readPage(after);
			if (read.kind !== 'ok') return read;
			calls += 1;
			const ids = read.value.records.map((record) => packedId(idOf(record)));
			if (!ids.every((id, index) => index === 0 || compareIds(ids[index - 1] ?? '', id) < 0)) {
				return { kind: 'refused', code: 'UNEXPECTED_ANSWER', reason: "Salesforce's ids do not ascend" };
			}
			this.page = { ids, next: read.value.next };
		}
	}

	private async readPage(after: string | undefined): Promise<Result<QueryPage>> {
		const { client, object, scope } = this.context;
		const doing = 'comparing the members';
		if (this.page?.next !== undefined && this.page.next !== CUT) {
			const circle = followCursor(this.circle, this.page.next);
			if (circle === 'circle') return CIRCLE;
			this.circle = circle;
			const more = await client.queryMore(this.page.next, doing);
			if (more.kind !== 'refused' || more.code !== 'CURSOR_EXPIRED') return more;
		}
		this.circle = undefined;
		const resolved = await scope.resolve();
		if (resolved.kind !== 'ok') return resolved;
		const behind = after === undefined ? '' : `Id > ${soqlText(recordId(after))}`;
		const query = (limit: number | undefined): string =>
			select({
				fields: ['Id'],
				from: object,
				scope: resolved.value.mine ? 'mine' : undefined,
				where: scope.memberWhere(resolved.value, behind),
				orderBy: 'Id',
				limit,
			});
		for (;;) {
			const { limit } = this;
			const page = await client.query(query(limit), { doing });
			if (page.kind === 'ok') {
				// A page that a limit cut goes on behind its last id.
				const isCut = limit !== undefined && page.value.records.length >= limit;
				return isCut ? ok({ ...page.value, next: CUT }) : page;
			}
			const fewer = Math.floor((limit ?? SALESFORCE_LIMITS.queryPage * 2) / 2);
			if (!isTooSlow(page) || fewer < FEWEST_ROWS) return page;
			this.limit = fewer;
		}
	}
}

function ended(at: ContactCursor, { startedAt, calls }: Walk): ContactCursor {
	return { ...at, walk: undefined, walked: { at: startedAt, calls: Math.max(1, calls) } };
}

/** Ids of possible members behind one id and up to another. */
function remembered({ memory }: ContactCursor, after: string | undefined, end: string | undefined): readonly string[] {
	const all = idsOf(changedIds(memory.members, idsOf(memory.pending), new Set()));
	return all.slice(
		after === undefined ? 0 : indexBehind(all, after),
		end === undefined ? all.length : indexBehind(all, end),
	);
}
