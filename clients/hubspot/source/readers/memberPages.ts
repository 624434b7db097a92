import type { Failure, Result } from '../../../../core/result';
import type { HubSpotClient, Page } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import type { Member } from '../../api/types';

/** Narrow pages that reach as far as one wide page, so that the window at fault lies behind them. */
const NARROW_PAGES = Math.ceil(HUBSPOT_LIMITS.membersPage / HUBSPOT_LIMITS.narrowMembersPage);

type ReadMembers = (after: string | undefined, limit: number) => Promise<Result<Page<Member>>>;

/**
 * Pages of one list's members. Some windows of 250 members are answered with 500 every time, while the same range works
 * with 50 a page: there the pages become narrow until the window is passed.
 */
export class MemberPages {
	private narrow = 0;

	constructor(
		private readonly client: HubSpotClient,
		private readonly listId: string,
	) {}

	async byJoinOrder(after: string | undefined, limit: number): Promise<Result<Page<Member>>> {
		return await this.read(
			async (from, size) => await this.client.membersByJoinOrder(this.listId, from, size),
			after,
			limit,
		);
	}

	async byId(after: string | undefined): Promise<Result<Page<Member>>> {
		return await this.read(
			async (from, size) => await this.client.membersById(this.listId, from, size),
			after,
			HUBSPOT_LIMITS.membersPage,
		);
	}

	private async read(read: ReadMembers, after: string | undefined, limit: number): Promise<Result<Page<Member>>> {
		const narrow = HUBSPOT_LIMITS.narrowMembersPage;
		if (limit <= narrow) return await read(after, limit);
		if (this.narrow > 0) {
			this.narrow--;
			return await read(after, narrow);
		}
		const page = await read(after, limit);
		if (page.kind === 'ok' || !isServerError(page)) return page;
		const narrower = await read(after, narrow);
		if (narrower.kind !== 'ok') return page;
		this.narrow = NARROW_PAGES - 1;
		return narrower;
	}
}

const isServerError = (failure: Failure): boolean => failure.kind === 'retry' && failure.status === 500;
