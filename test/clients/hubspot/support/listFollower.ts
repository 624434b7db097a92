import { HubSpotClient } from '../../../../clients/hubspot/api/hubSpotClient';
import { HubSpotLimits } from '../../../../clients/hubspot/api/limits';
import type { ListSourceSettings } from '../../../../clients/hubspot/source/listChangeSource';
import { ListChangeSource } from '../../../../clients/hubspot/source/listChangeSource';
import type { ListCursor } from '../../../../clients/hubspot/source/listCursor';
import type { Clock, HttpPort } from '../../../../core/ports';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { plainHttp } from '../../../support/http/plainHttp';
import { sandboxClock, TriggerFollower } from '../../../support/triggerFollower';

export { idsOf, sandboxClock } from '../../../support/triggerFollower';

/** Real HTTP to the sandbox, dated by the sandbox's clock. */
export function sandboxHttp(hubspot: RunningHubSpot, token = hubspot.token): HttpPort {
	const http = plainHttp(hubspot.url, { authorization: `Bearer ${token}` });
	return {
		async send(request) {
			const reply = await http.send(request);
			if (reply.kind !== 'reply') return reply;
			return { ...reply, headers: { ...reply.headers, date: new Date(hubspot.clock.now()).toUTCString() } };
		},
	};
}

export const DEFAULTS: Omit<ListSourceSettings, 'definitions'> = {
	listId: '101',
	credential: 'credential-1',
	fields: ['email', 'firstname', 'lastname', 'phone'],
	activeListsOnly: false,
	firstSync: 'all',
	batchSize: 1_000,
	lookbackMs: 120_000,
	dailyReservePercent: 10,
};

/** A trigger on a list of the sandbox. */
export class ListFollower extends TriggerFollower<ListCursor> {
	settings: Partial<ListSourceSettings> = {};
	token: string | undefined;
	/** Another way to the sandbox than a socket per call. */
	http: HttpPort | undefined;
	/** How far this machine's clock is ahead of HubSpot's. */
	clockAheadMs = 0;
	private limits: HubSpotLimits;

	constructor(private readonly hubspot: RunningHubSpot) {
		super(hubspot);
		this.limits = new HubSpotLimits(sandboxClock(hubspot));
	}

	client(deadline?: number): HubSpotClient {
		const http = this.http ?? sandboxHttp(this.hubspot, this.token);
		// Polls are timed by the sandbox's clock.
		const until = deadline === undefined ? undefined : deadline + this.clockAheadMs;
		return new HubSpotClient(http, this.machineClock(), this.limits, { deadline: until, random: () => 0 });
	}

	/** A source as a poll makes it, with the stored cursor. */
	async opened(): Promise<{ source: ListChangeSource; cursor: ListCursor | undefined }> {
		const source = this.open(Number.MAX_SAFE_INTEGER);
		await source.identify(undefined, true);
		let cursor: ListCursor | undefined;
		this.editState((state) => {
			cursor = source.readCursor(state.cursor);
			return state;
		});
		return { source, cursor };
	}

	protected open(deadline: number): ListChangeSource {
		const client = this.client(deadline);
		const definitions = async () => await client.contactProperties();
		return new ListChangeSource(client, { ...DEFAULTS, definitions, ...this.settings }, this.machineClock());
	}

	private machineClock(): Clock {
		return sandboxClock(this.hubspot, this.clockAheadMs);
	}

	protected forget(): void {
		this.limits = new HubSpotLimits(sandboxClock(this.hubspot));
	}
}

/** The members of the seeded list, as texts in the order of texts. */
export const membersOf = (hubspot: RunningHubSpot): string[] =>
	[...hubspot.store.list(DEFAULTS.listId).members.ids()].map(String).sort();
