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
import { fetchHttp } from '../../../support/http/fetchHttp';
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
	/** What is asked for instead, as by a cache on the way. */
	changeQuery: (query: NonNullable<HttpRequest['query']>) => HttpRequest['query'] = (query) => query;
	private readonly limiters: BrevoLimiters;

	constructor(private readonly brevo: RunningBrevo) {
		super(brevo);
		this.limiters = brevoLimiters(newAccount(), sandboxClock(brevo));
	}

	open(deadline?: number): ContactChangeSource {
		const http = fetchHttp(this.brevo.url, { 'api-key': this.brevo.apiKey });
		const watched: HttpPort = {
			send: async (request) => {
				this.before?.(request.path);
				return await http.send({ ...request, query: request.query && this.changeQuery(request.query) });
			},
		};
		const client = new BrevoClient(watched, sandboxClock(this.brevo), this.limiters, {
			...(deadline === undefined ? {} : { deadline }),
		});
		return new ContactChangeSource(
			client,
			{
				...DEFAULTS,
				definitions: async () => withRequired(await client.listAttributes(), this.required, "'test'"),
				...this.settings,
			},
			sandboxClock(this.brevo),
		);
	}

	protected forget(): void {
		// Nothing but the register of polls is kept in a process.
	}
}
