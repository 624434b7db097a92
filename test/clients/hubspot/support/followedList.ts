import type { ContactChange } from '../../../../core/contact/contact';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import { ListFollower, sandboxHttp } from './listFollower';

export const LIST = '101';
export const DAY_MS = 24 * 60 * 60_000;
const WALK = 'GET /crm/lists/2026-09/:id/memberships';

/** A list of the sandbox with a trigger that follows it, for tests about contacts that leave. */
export class FollowedList {
	hubspot!: RunningHubSpot;
	follower!: ListFollower;

	readonly begin = async (options: Parameters<typeof startHubSpot>[0]): Promise<void> => {
		this.hubspot = await startHubSpot(options);
		this.follower = new ListFollower(this.hubspot);
	};

	/** Begins with a first sync, whose changes are taken away. */
	readonly start = async (options: Parameters<typeof startHubSpot>[0]): Promise<void> => {
		await this.begin(options);
		for (let polls = 0; (await this.follower.next()).end !== 'upToDate'; polls++) expect(polls).toBeLessThan(20);
		this.follower.take();
		this.hubspot.requests.clear();
	};

	/** Members that are not opted out, so that an opt-out is news. */
	readonly members = (): string[] =>
		[...this.hubspot.store.list(LIST).members.ids()]
			.map(String)
			.filter((id) => this.hubspot.store.contact(id).properties.hs_email_optout !== 'true');

	readonly polls = async (count: number): Promise<ContactChange[]> => {
		for (let poll = 0; poll < count; poll++) await this.follower.next();
		return this.follower.take();
	};

	/** Lets something happen right before the first call of a path. */
	readonly before = (path: RegExp, happens: () => void): void => {
		const http = sandboxHttp(this.hubspot);
		let done = false;
		this.follower.http = {
			async send(request) {
				if (!done && path.test(request.path)) {
					done = true;
					happens();
				}
				return await http.send(request);
			},
		};
	};

	readonly walks = (): number => this.hubspot.requests.counts()[WALK] ?? 0;

	/** Nothing may have been refused for its pace. */
	readonly end = async (): Promise<void> => {
		expect(this.hubspot.requests.statuses()['429']).toBeUndefined();
		await this.hubspot.close();
	};
}

export const told = (changes: readonly ContactChange[]): string[][] =>
	changes.map(({ source, change }) => [source.id, change]).sort();
