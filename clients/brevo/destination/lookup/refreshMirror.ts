import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { AccountContacts } from './accountContacts';
import { sweepContacts } from './read/sweepContacts';
import type { BrevoClient } from '../../api/brevoClient';
import { ContactMirror } from './contactMirror';
import { CONTACTS_PER_PAGE } from '../../api/limits';

/** No contact is put on a list, and no import begins, on knowledge older than this. */
const FRESH_MS = 3_000;
/** Brevo's clock is told in whole seconds, and a row may show up a moment after its own time stamp. */
const MARGIN_MS = 2_000;
/** Pages of contacts that changed since a run without a mirror read its own. */
const MAX_PAGES = 20;

/** What a run knows of the account's contacts, brought up to date by one call when it is more than a few seconds old. */
export class FreshPicture {
	private since: number;
	private readAt: number;
	private readonly changed: ContactMirror;
	private refreshing: Promise<Result<ContactMirror>> | undefined;

	/** `mirror`: every contact; without it, those that changed since `readFrom`, a local instant before the contacts were read. */
	constructor(
		private readonly client: BrevoClient,
		private readonly account: AccountContacts,
		private readonly clock: Clock,
		readonly mirror: ContactMirror | undefined,
		attributeNames: readonly string[],
		readFrom: number,
	) {
		this.changed = new ContactMirror(attributeNames);
		this.readAt = readFrom;
		const now = clock.now();
		this.since = Math.max(0, (client.serverNow ?? now) - (now - readFrom) - MARGIN_MS);
	}

	/** Calls that ask at once share one look. `anew`: what was seen before counts as old. */
	async get(anew = false): Promise<Result<ContactMirror>> {
		if (this.refreshing) return await this.refreshing;
		const at = this.mirror ? this.account.pictureAt : this.readAt;
		const age = this.clock.now() - at;
		if (!anew && age >= 0 && age <= FRESH_MS) return ok(this.mirror ?? this.changed);
		this.refreshing = this.look();
		const seen = await this.refreshing;
		this.refreshing = undefined;
		return seen;
	}

	private async look(): Promise<Result<ContactMirror>> {
		if (this.mirror) {
			const refreshed = await this.account.refresh(this.client, this.mirror);
			// What this run wrote itself is seen only by the look that follows it.
			return refreshed.kind === 'ok' ? ok(this.mirror) : refreshed;
		}
		const began = this.clock.now();
		const tooMany = (): boolean => this.changed.size > MAX_PAGES * CONTACTS_PER_PAGE;
		const swept = await sweepContacts(this.client, (contact) => this.changed.put(contact), {
			modifiedSince: this.since,
			giveUp: tooMany,
		});
		if (swept.kind !== 'ok') return swept;
		if (!swept.value.complete) return TOO_MANY;
		this.readAt = began;
		this.since = Math.max(this.since, swept.value.startedAt - MARGIN_MS);
		return ok(this.changed);
	}
}

const TOO_MANY: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'Too many contacts were changed in Brevo while those of this run were being read',
};
