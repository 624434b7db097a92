import { OUTCOME_STATUSES, isReasonCode } from '../../../core/outcome';
import type { Memory } from './oracle';
import type { Delivered, ItemOutcome, Pipeline } from './pipeline';
import type { World } from './world';
import { keyOf } from './world';

const WRITTEN: ReadonlySet<string> = new Set(['created', 'updated', 'removed', 'unchanged']);
/** Outcomes that leave a contact as it is because another contact has what it needs. */
const TAKEN: ReadonlySet<string> = new Set(['IDENTIFIER_TAKEN', 'SAME_ADDRESS_TWICE']);

/**
 * Looks on while a history is played, and holds the sync to its promises after every batch. `violations` stays empty
 * when all is well.
 */
export class Witness implements Memory {
	readonly violations: string[] = [];
	/** Outcomes by status and code. */
	readonly outcomes: Record<string, number> = {};
	/** Entries of Brevo's log of writes that were looked at. */
	private looked = 0;
	private readonly blockedContacts = new Set<number>();
	private readonly blockedPeople = new Set<string>();
	private readonly synced = new Set<number>();
	private readonly refused = new Map<number, string | undefined>();
	private readonly named = new Map<number, string>();
	private readonly sharers = new Set<number>();
	/** Record and Brevo contact, by each other, as the newest outcomes name them. */
	private readonly records = new Map<number, number>();
	private readonly contacts = new Map<number, number>();

	constructor(
		private readonly pipeline: Pipeline,
		private readonly world: World,
	) {
		pipeline.onDelivered = (delivered) => this.take(delivered);
	}

	wasSynced(id: number): boolean {
		return (
			this.synced.has(id) ||
			this.world.merges.some(({ into, from }) => into === id && from.some((one) => this.synced.has(one)))
		);
	}

	wasRefused(id: number): boolean {
		if (!this.refused.has(id)) return false;
		return (this.pipeline.hubspot.store.contact(id).properties.email ?? null) === (this.refused.get(id) ?? null);
	}

	sharesNumber(id: number): boolean {
		return this.sharers.has(id);
	}

	recordOf(contactId: number): number | undefined {
		return this.records.get(contactId);
	}

	contactOf(id: number): number | undefined {
		return this.contacts.get(id);
	}

	/** Promise 3: every item of the batch has one outcome, of a known kind and with a reason where it needs one. */
	take({ batch, outcomes }: Delivered): void {
		if (!outcomes) return;
		if (outcomes.length !== batch.length) this.violations.push(`${batch.length} items, ${outcomes.length} outcomes`);
		for (const item of outcomes) this.takeItem(item);
		this.look();
	}

	/** Promise 1, by contact and by person: who was blocked once is blocked for good. */
	look(): void {
		const { brevo } = this.pipeline;
		for (const { contactId, cause } of brevo.store.resubscriptions.splice(0))
			this.violations.push(`promise 1: Brevo ${contactId} was made mailable (${cause})`);
		const written = new Set(brevo.store.writes.slice(this.looked).map(({ contactId }) => contactId));
		this.looked = brevo.store.writes.length;
		for (const id of written) {
			const contact = brevo.store.contacts.get(id);
			if (this.blockedContacts.has(id) && !contact?.emailBlocked)
				this.violations.push(`promise 1: Brevo ${id} was blocked and is ${contact ? 'mailable' : 'gone'}`);
			if (!contact) continue;
			const key = contact.identifiers.ext_id;
			if (key) this.synced.add(Number(key.split(':').at(-1)));
			if (contact.emailBlocked) {
				this.blockedContacts.add(contact.id);
				if (key) this.blockedPeople.add(key);
			} else if (key && this.blockedPeople.has(key))
				this.violations.push(`promise 1: ${key} was blocked and is mailable as Brevo ${contact.id}`);
		}
	}

	/** Status and code of every record's newest outcome; what a dry run tells counts as if it had happened. */
	newest(): ReadonlyMap<number, string> {
		return new Map(this.named);
	}

	/** At the end also: the block of a record that was merged into another one is a block of that one. */
	lookAtMerges(): void {
		for (const { into, from } of this.world.merges) {
			const key = keyOf(this.pipeline, into);
			const survivor = this.pipeline.brevo.store.owner('ext_id', key);
			if (!from.some((id) => this.blockedPeople.has(keyOf(this.pipeline, id)))) continue;
			this.blockedPeople.add(key);
			if (survivor && !survivor.emailBlocked)
				this.violations.push(`promise 1: ${from.join(' and ')} were merged, one was blocked, and ${into} is mailable`);
		}
	}

	private takeItem({ change, outcome, warnings }: ItemOutcome): void {
		const { status, code = '' } = outcome;
		const name = `${status} ${code}`.trim();
		this.outcomes[name] = (this.outcomes[name] ?? 0) + 1;
		this.named.set(Number(change.source.id), `${outcome.wouldBe ?? status} ${code}`.trim());
		if (!OUTCOME_STATUSES.includes(status)) this.violations.push(`promise 3: unknown status ${status}`);
		if ((status === 'failed' || status === 'excluded') && !isReasonCode(code))
			this.violations.push(`promise 3: ${status} without a reason`);
		const id = Number(change.source.id);
		if (outcome.destinationId !== undefined) {
			this.records.set(Number(outcome.destinationId), id);
			this.contacts.set(id, Number(outcome.destinationId));
		}
		if (warnings.some((one) => one.code === 'PHONE_SHARED')) this.sharers.add(id);
		else this.sharers.delete(id);
		this.noteRefusal(id, change.fields.email, code, status);
		if (change.optedOut === true && WRITTEN.has(status) && outcome.destinationId !== undefined) {
			const contact = this.pipeline.brevo.store.contacts.get(Number(outcome.destinationId));
			if (!contact?.emailBlocked)
				this.violations.push(`promise 1: ${id} opted out and ended as ${name}, but is mailable`);
		}
	}

	/** A refusal only counts when the address really is on another contact of Brevo, or wanted by another item. */
	private noteRefusal(id: number, email: unknown, code: string, status: string): void {
		this.refused.delete(id);
		if (!TAKEN.has(code)) return;
		const address = typeof email === 'string' ? email.toLowerCase() : undefined;
		const holder = address === undefined ? undefined : this.pipeline.brevo.store.owner('email', address);
		const own = this.pipeline.brevo.store.owner('ext_id', keyOf(this.pipeline, id));
		if (address !== undefined && (!holder || holder === own))
			this.violations.push(`promise 2: ${id} ended as ${status} ${code}, but nobody else has the address`);
		this.refused.set(id, address);
	}
}
