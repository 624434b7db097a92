/** One member as the membership endpoints tell it. */
export interface Member {
	readonly id: number;
	/** ms since 1970. */
	readonly at: number;
}

export type MemberOrder = 'id' | 'join';

/** Where a page starts: everything behind this member, which itself need not be in the list any more. */
export type PageStart = Member | undefined;

export interface MemberPage {
	readonly members: readonly Member[];
	/** Position of the first member in walking order, from 0. */
	readonly position: number;
	readonly hasMore: boolean;
}

/** The members of one list, in both orders in which HubSpot lists them. Copes with 100,000 and more. */
export class ListMembers {
	private readonly joinedAt = new Map<number, number>();
	private readonly firstJoinedAt = new Map<number, number>();
	private readonly leftAt = new Map<number, number>();
	private sorted: Partial<Record<MemberOrder, Member[]>> = {};
	/** Size and newest changes at certain instants, the newest last. */
	private readonly stats: ListStats[] = [];

	get size(): number {
		return this.joinedAt.size;
	}

	has(id: number): boolean {
		return this.joinedAt.has(id);
	}

	ids(): IterableIterator<number> {
		return this.joinedAt.keys();
	}

	/** Former members, with the instant of leaving. */
	former(): IterableIterator<[id: number, at: number]> {
		return this.leftAt.entries();
	}

	times(id: number): { first: number; last: number } | undefined {
		const last = this.joinedAt.get(id);
		return last === undefined ? undefined : { first: this.firstJoinedAt.get(id) ?? last, last };
	}

	/** Adds one contact; false when it is a member already. `keepFirst` gives a returning member its first time again. */
	add(id: number, at: number, keepFirst = false): boolean {
		if (this.joinedAt.has(id)) return false;
		const first = this.firstJoinedAt.get(id);
		const joined = keepFirst && first !== undefined ? first : at;
		this.joinedAt.set(id, joined);
		this.leftAt.delete(id);
		if (first === undefined) this.firstJoinedAt.set(id, at);
		for (const order of ['id', 'join'] as const) {
			const list = this.sorted[order];
			if (list === undefined) continue;
			const member = { id, at: joined };
			list.splice(firstBehind(list, member, order), 0, member);
		}
		this.note(at, { lastAddedAt: at });
		return true;
	}

	/** Takes one contact off; false when it is no member. */
	remove(id: number, at: number): boolean {
		const joined = this.joinedAt.get(id);
		if (joined === undefined) return false;
		this.joinedAt.delete(id);
		this.leftAt.set(id, at);
		for (const order of ['id', 'join'] as const) {
			const list = this.sorted[order];
			if (list !== undefined) list.splice(firstBehind(list, { id, at: joined }, order) - 1, 1);
		}
		this.note(at, { lastRemovedAt: at });
		return true;
	}

	/** A page behind `start`, walking up, or down when `reverse`. */
	page(order: MemberOrder, start: PageStart, limit: number, reverse: boolean): MemberPage {
		const list = this.inOrder(order);
		if (!reverse) {
			const from = start === undefined ? 0 : firstBehind(list, start, order);
			const members = list.slice(from, from + limit);
			return { members, position: from, hasMore: from + members.length < list.length };
		}
		const end = start === undefined ? list.length : firstNotBefore(list, start, order);
		const members = list.slice(Math.max(0, end - limit), end).reverse();
		return { members, position: list.length - end, hasMore: end - members.length > 0 };
	}

	/** Size and times as they were at `at`, for figures that lag behind. */
	statsAt(at: number): ListStats {
		for (let index = this.stats.length - 1; index >= 0; index -= 1) {
			const entry = this.stats[index] as ListStats;
			if (entry.at <= at) return entry;
		}
		return { at, size: 0 };
	}

	private inOrder(order: MemberOrder): Member[] {
		let list = this.sorted[order];
		if (list === undefined) {
			list = [...this.joinedAt].map(([id, at]) => ({ id, at })).sort((a, b) => compare(a, b, order));
			this.sorted[order] = list;
		}
		return list;
	}

	private note(at: number, change: { lastAddedAt?: number; lastRemovedAt?: number }): void {
		const before = this.stats[this.stats.length - 1];
		const entry = { ...before, ...change, at, size: this.joinedAt.size };
		if (before?.at === at) this.stats[this.stats.length - 1] = entry;
		else this.stats.push(entry);
		if (this.stats.length > 2_000) this.stats.splice(0, 1_000);
	}
}

export interface ListStats {
	readonly at: number;
	readonly size: number;
	readonly lastAddedAt?: number;
	readonly lastRemovedAt?: number;
}

function compare(a: Member, b: Member, order: MemberOrder): number {
	return order === 'join' ? a.at - b.at || a.id - b.id : a.id - b.id;
}

/** Index of the first member that comes after `key`. */
function firstBehind(list: readonly Member[], key: Member, order: MemberOrder): number {
	return search(list, (member) => compare(member, key, order) > 0);
}

function firstNotBefore(list: readonly Member[], key: Member, order: MemberOrder): number {
	return search(list, (member) => compare(member, key, order) >= 0);
}

/** Index of the first member for which `isBehind` holds; it holds for all that follow. */
function search(list: readonly Member[], isBehind: (member: Member) => boolean): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isBehind(list[middle] as Member)) high = middle;
		else low = middle + 1;
	}
	return low;
}
