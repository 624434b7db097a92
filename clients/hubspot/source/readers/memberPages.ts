import type { Result } from '../../../../core/result';
import type { HubSpotClient, Page } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import type { Member } from '../../api/types';

/** Pages of one list's members. */
export class MemberPages {
	constructor(
		private readonly client: HubSpotClient,
		private readonly listId: string,
	) {}

	async byJoinOrder(after: string | undefined, limit: number): Promise<Result<Page<Member>>> {
		return await this.client.membersByJoinOrder(this.listId, after, limit);
	}

	async byId(after: string | undefined): Promise<Result<Page<Member>>> {
		return await this.client.membersById(this.listId, after, HUBSPOT_LIMITS.membersPage);
	}
}
