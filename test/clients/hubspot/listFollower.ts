import { HubSpotClient } from '../../../clients/hubspot/hubSpotClient';
import { HubSpotLimits } from '../../../clients/hubspot/limits';
import type { ListSourceSettings } from '../../../clients/hubspot/listChangeSource';
import { ListChangeSource } from '../../../clients/hubspot/listChangeSource';
import type { ContactChange } from '../../../core/contact/contact';
import type { PollReport, PollSettings } from '../../../core/polling/poll';
import { poll } from '../../../core/polling/poll';
import type { DeliveryOutcome } from '../../../core/polling/pollRegister';
import { PollRegister } from '../../../core/polling/pollRegister';
import type { Clock, HttpPort } from '../../../core/ports';
import { ok } from '../../../core/result';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { fetchHttp } from '../../support/fetchHttp';

/** The sandbox's clock as the client's: waiting moves it, so limits are met without waiting for real. */
export const sandboxClock = (hubspot: RunningHubSpot): Clock => ({
	now: () => hubspot.clock.now(),
	sleep: async (ms) => {
		hubspot.clock.advance(ms);
		await new Promise((resolve) => setImmediate(resolve));
	},
});

/** Real HTTP to the sandbox, dated by the sandbox's clock. */
export function sandboxHttp(hubspot: RunningHubSpot, token = hubspot.token): HttpPort {
	const http = fetchHttp(hubspot.url, { authorization: `Bearer ${token}` });
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

/**
 * A trigger on the sandbox, with n8n played by the test: state in memory, saved whenever a run is started, as n8n does
 * it by default.
 */
export class ListFollower {
	/** Batches in the order in which they were started. */
	readonly batches: ContactChange[][] = [];
	settings: Partial<ListSourceSettings> = {};
	poll: Partial<PollSettings> = {};
	outcome: (batch: readonly ContactChange[]) => DeliveryOutcome | Promise<DeliveryOutcome> = () => 'succeeded';
	token: string | undefined;
	/** Another way to the sandbox than a socket per call. */
	http: HttpPort | undefined;
	/** What a poll waits by while its batch is under way. */
	clock: Clock | undefined;
	private register = new PollRegister();
	private limits: HubSpotLimits;
	private memory: string | undefined;
	private saved: string | undefined;

	constructor(private readonly hubspot: RunningHubSpot) {
		this.limits = new HubSpotLimits(sandboxClock(hubspot));
	}

	get changes(): ContactChange[] {
		return this.batches.flat();
	}

	/** Hands out what was delivered so far and forgets it. */
	take(): ContactChange[] {
		return this.batches.splice(0).flat();
	}

	/** Follows the list up to now, and forgets what was handed on and asked for that. */
	async firstSync(): Promise<void> {
		for (let polls = 0; (await this.next()).end !== 'upToDate'; polls++) expect(polls).toBeLessThan(20);
		this.take();
		this.hubspot.requests.clear();
	}

	/** So many polls, a minute apart. */
	async settle(polls = 4): Promise<void> {
		for (let poll = 0; poll < polls; poll++) await this.next();
	}

	/** Changes the stored state, e.g. into one of an older version. */
	editState(edit: (state: { cursor: Record<string, unknown> }) => unknown): void {
		this.memory = JSON.stringify(edit(JSON.parse(this.memory ?? '{}') as { cursor: Record<string, unknown> }));
	}

	get stateBytes(): number {
		return this.memory?.length ?? 0;
	}

	/** The process dies: what was not saved is gone. */
	kill(): void {
		this.memory = this.saved;
		this.register = new PollRegister();
		this.limits = new HubSpotLimits(sandboxClock(this.hubspot));
	}

	client(deadline?: number): HubSpotClient {
		const http = this.http ?? sandboxHttp(this.hubspot, this.token);
		return new HubSpotClient(http, sandboxClock(this.hubspot), this.limits, { deadline, random: () => 0 });
	}

	/** A minute passes, then the trigger polls. */
	async next(afterMs = 60_000): Promise<PollReport> {
		this.hubspot.clock.advance(afterMs);
		return await poll(
			{
				key: 'workflow:node',
				budgetMs: 300_000,
				acknowledged: true,
				spacedByHost: false,
				unattended: false,
				...this.poll,
			},
			{
				open: async (deadline) => {
					const client = this.client(deadline);
					const definitions = async () => await client.contactProperties();
					const settings = { ...DEFAULTS, definitions, ...this.settings };
					return await Promise.resolve(ok(new ListChangeSource(client, settings, sandboxClock(this.hubspot))));
				},
				store: {
					read: () => (this.memory === undefined ? undefined : (JSON.parse(this.memory) as unknown)),
					write: (state) => {
						this.memory = JSON.stringify(state);
					},
				},
				deliver: async (batch) => {
					this.saved = this.memory;
					this.batches.push([...batch]);
					return await this.outcome(batch);
				},
				register: this.register,
				clock: this.clock ?? sandboxClock(this.hubspot),
				log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
			},
		);
	}
}

export const idsOf = (changes: readonly ContactChange[]): string[] => changes.map(({ source }) => source.id);

/** The members of the seeded list, as texts in the order of texts. */
export const membersOf = (hubspot: RunningHubSpot): string[] =>
	[...hubspot.store.list(DEFAULTS.listId).members.ids()].map(String).sort();
