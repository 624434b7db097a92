import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import type { BrevoLimiters } from '../../../../clients/brevo/api/limits';
import { brevoLimiters } from '../../../../clients/brevo/api/limits';
import type { ContactSourceSettings } from '../../../../clients/brevo/source/contactChangeSource';
import { ContactChangeSource } from '../../../../clients/brevo/source/contactChangeSource';
import type { ContactCursor } from '../../../../clients/brevo/source/contactCursor';
import { withRequired } from '../../../../clients/brevo/source/toSourceFields';
import type { HttpPort, HttpRequest } from '../../../../core/ports';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { newAccount } from '../../../support/brevoAccount';
import { plainHttp } from '../../../support/http/plainHttp';
import { sandboxClock, TriggerFollower } from '../../../support/triggerFollower';

export { idsOf, told } from '../../../support/triggerFollower';

const DEFAULTS: Omit<ContactSourceSettings, 'definitions'> = {
	listIds: [],
	changes: 'all',
	listUnsubscribes: 'leave',
	credential: 'credential-1',
	fields: ['EMAIL', 'FIRSTNAME', 'LASTNAME', 'BIRTHDAY'],
	firstSync: 'all',
	batchSize: 1_000,
	lookbackMs: 10 * 60_000,
};

/** A Brevo Contact Trigger on the account of the sandbox. */
export class ContactFollower extends TriggerFollower<ContactCursor> {
	settings: Partial<ContactSourceSettings> = {};
	/** Attributes that must exist. */
	required: readonly string[] = [];
	/** Called before each request, e.g. to change the account in the middle of a reading. */
	before: ((path: string) => void) | undefined;
	/** How far this machine's clock is ahead of Brevo's, and by how much Brevo's answers are dated ahead on the way. */
	clockAheadMs = 0;
	datedAheadMs = 0;
	/** What is asked for instead, as by a cache on the way. */
	changeQuery: (query: NonNullable<HttpRequest['query']>) => HttpRequest['query'] = (query) => query;
	/** Requests that get no answer in time. */
	isTooSlow: (query: NonNullable<HttpRequest['query']>) => boolean = () => false;
	private readonly limiters: BrevoLimiters;

	constructor(private readonly brevo: RunningBrevo) {
		super(brevo);
		this.limiters = brevoLimiters(newAccount(), sandboxClock(brevo));
	}

	open(deadline?: number): ContactChangeSource {
		const http = plainHttp(this.brevo.url, { 'api-key': this.brevo.apiKey });
		const watched: HttpPort = {
			send: async (request) => {
				this.before?.(request.path);
				if (request.query && this.isTooSlow(request.query)) {
					this.brevo.clock.advance(request.timeoutMs ?? 30_000);
					return { kind: 'unreachable', reason: 'ECONNABORTED' };
				}
				const reply = await http.send({ ...request, query: request.query && this.changeQuery(request.query) });
				if (reply.kind !== 'reply') return reply;
				const date = new Date(this.brevo.clock.now() + this.datedAheadMs).toUTCString();
				return { ...reply, headers: { ...reply.headers, date } };
			},
		};
		const clock = sandboxClock(this.brevo, this.clockAheadMs);
		const client = new BrevoClient(watched, clock, this.limiters, {
			// Polls are timed by the sandbox's clock.
			...(deadline === undefined ? {} : { deadline: deadline + this.clockAheadMs }),
		});
		return new ContactChangeSource(
			client,
			{
				...DEFAULTS,
				definitions: async () => withRequired(await client.listAttributes(), this.required, "'test'"),
				...this.settings,
			},
			clock,
		);
	}

	protected forget(): void {
		// Nothing but the register of polls is kept in a process.
	}
}
