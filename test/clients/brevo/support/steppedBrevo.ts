import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import { CallLimiter } from '../../../../core/calls/rateLimiter';
import type { MappedContact } from '../../../../core/contact/contact';
import type { Clock, HttpPort, HttpRequest } from '../../../../core/ports';
import type { UpsertReport, UpsertSettings } from '../../../../core/upsert/upsertContacts';
import type { Contact } from '../../../../sandbox/brevo/entities';
import { startBrevo, type RunningBrevo } from '../../../../sandbox/brevo';
import type { ContactChange } from '../../../../sandbox/brevo/store';
import { newAccount, upsertIntoBrevo } from '../../../support/brevoAccount';
import { quickHttp } from '../../../support/http/quickHttp';

interface Run {
	account?: string;
	importFrom?: number;
	settings?: Partial<UpsertSettings>;
}

/** An empty Brevo without limits, whose clock moves with every wait and call of a run and not by itself: a slow import costs a test no time, and a slow machine changes nothing. */
export class SteppedBrevo {
	brevo!: RunningBrevo;
	/** Id of the list `Synced`. */
	list = 0;
	/** How long a call takes, in ms. */
	callMs: (request: HttpRequest) => number = () => 20;
	/** What a run waited for, one wait after the other, in ms. */
	readonly waits: number[] = [];
	private steps: Array<{ at: 'before' | 'after'; match: RegExp; act: () => void }> = [];

	async start(): Promise<void> {
		const settings = { limits: false, importDelayMs: 300 } as const;
		this.brevo = await startBrevo({ people: [], strangers: 0, settings });
		this.list = this.brevo.store.createList('Synced', 1).id;
		this.steps = [];
		this.callMs = () => 20;
		this.waits.length = 0;
		this.brevo.clock.freeze();
	}

	/** Does something once, right before the next call that matches is sent (`POST /contacts`), or right after its answer. */
	once(at: 'before' | 'after', match: RegExp, act: () => void): void {
		this.steps.push({ at, match, act });
	}

	async run(batch: readonly MappedContact[], { account = newAccount(), ...options }: Run = {}): Promise<UpsertReport> {
		const { brevo } = this;
		const clock: Clock = {
			now: () => brevo.clock.now(),
			sleep: async (ms) => {
				this.waits.push(ms);
				brevo.clock.advance(ms);
				await new Promise((resolve) => setImmediate(resolve));
			},
		};
		const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], clock);
		const http = quickHttp(brevo.url, { 'api-key': brevo.apiKey }, () => brevo.clock.now());
		const client = new BrevoClient(this.watched(http), clock, { contacts: limiter, others: limiter });
		try {
			return await upsertIntoBrevo(brevo, batch, { list: { id: this.list }, account, client, clock, ...options });
		} finally {
			http.close();
		}
	}

	contact(email: string): Contact {
		const contact = this.brevo.store.owner('email', email);
		if (!contact) throw new Error(`There is no contact ${email}`);
		return contact;
	}

	isOnList = (email: string): boolean => this.brevo.store.owner('email', email)?.listIds.has(this.list) === true;

	/** A contact that was there an hour ago. */
	hold(email: string, more: ContactChange & { extId?: string } = {}): Contact {
		const { extId, identifiers, ...change } = more;
		const all = { email, ...(extId === undefined ? {} : { ext_id: extId }), ...identifiers };
		const { store, clock } = this.brevo;
		return store.createContact({ ...change, identifiers: all }, 'seed', clock.now() - 3_600_000);
	}

	/** At work in Brevo: unsubscribes a contact from the list, on it or not. */
	leaveList(email: string): void {
		const contact = this.contact(email);
		contact.listsLeft.add(this.list);
		this.change(email, { removeFrom: [this.list] });
	}

	/** At work in Brevo. */
	change(email: string, change: ContactChange): void {
		this.brevo.store.changeContact(this.contact(email), change, 'control');
	}

	counts = (): Record<string, number> => this.brevo.requests.counts();

	private watched(http: HttpPort): HttpPort {
		const step = (at: 'before' | 'after', { method, path }: HttpRequest): void => {
			const index = this.steps.findIndex((one) => one.at === at && one.match.test(`${method} ${path}`));
			if (index >= 0) this.steps.splice(index, 1)[0]?.act();
		};
		return {
			send: async (request) => {
				step('before', request);
				this.brevo.clock.advance(this.callMs(request));
				const reply = await http.send(request);
				step('after', request);
				return reply;
			},
		};
	}
}

/** Registers the sandbox with jest. After every test: no write made a blocked or unsubscribed contact mailable again. */
export function useSteppedBrevo(): SteppedBrevo {
	const stepped = new SteppedBrevo();
	beforeEach(async () => await stepped.start());
	afterEach(async () => {
		await stepped.brevo.close();
		expect(stepped.brevo.store.resubscriptions).toEqual([]);
	});
	return stepped;
}
