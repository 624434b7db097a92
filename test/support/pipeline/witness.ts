import { OUTCOME_STATUSES, isReasonCode } from '../../../core/outcome';
import type { RunningBrevo } from '../../../sandbox/brevo';
import type { Delivered, ItemOutcome } from './brevoPipeline';

const WRITTEN: ReadonlySet<string> = new Set(['created', 'updated', 'removed', 'unchanged']);
/** Outcomes that leave a contact as it is because another contact has what it needs. */
const TAKEN: ReadonlySet<string> = new Set(['IDENTIFIER_TAKEN', 'SAME_ADDRESS_TWICE']);

/** What the histories tell the oracle that the two stores do not. Records are named by their keys. */
export interface Memory {
	/** Whether the sync has ever brought this record to Brevo. */
	wasSynced(key: string): boolean;
	/** Whether the record's newest delivery ended as a named outcome that was true when it was given. */
	wasRefused(key: string): boolean;
	/** Whether the record's newest delivery went without its number, because another contact had it. */
	sharesNumber(key: string): boolean;
	/** The record that a contact of another tool stands for, and the other way round, as far as outcomes told. */
	recordOf(contactId: number): string | undefined;
	contactOf(key: string): number | undefined;
}

/** What the witness has to know of the source. */
export interface SourceView {
	/** Keys of the records that were merged, by the key of what they live on as. */
	merges(): ReadonlyArray<{ readonly into: string; readonly from: readonly string[] }>;
	/** The address a record has now. */
	emailOf(key: string): string | null | undefined;
}

/** What the witness looks on at. */
export interface Stage {
	readonly brevo: RunningBrevo;
	onDelivered: (delivered: Delivered) => void;
}

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
	private readonly synced = new Set<string>();
	/** Survivors of merges that could not be sent: they have not got the block of whom they were merged with. */
	private readonly leftOut = new Set<string>();
	private readonly refused = new Map<string, string | undefined>();
	private readonly named = new Map<string, string>();
	private readonly sharers = new Set<string>();
	/** Record and Brevo contact, by each other, as the newest outcomes name them. */
	private readonly records = new Map<number, string>();
	private readonly contacts = new Map<string, number>();

	constructor(
		private readonly pipeline: Stage,
		private readonly world: SourceView,
	) {
		pipeline.onDelivered = (delivered) => this.take(delivered);
	}

	wasSynced(key: string): boolean {
		const merges = this.world.merges();
		return (
			this.synced.has(key) || merges.some(({ into, from }) => into === key && from.some((one) => this.synced.has(one)))
		);
	}

	wasRefused(key: string): boolean {
		if (!this.refused.has(key)) return false;
		return (this.world.emailOf(key)?.toLowerCase() ?? null) === (this.refused.get(key) ?? null);
	}

	sharesNumber(key: string): boolean {
		return this.sharers.has(key);
	}

	recordOf(contactId: number): string | undefined {
		return this.records.get(contactId);
	}

	contactOf(key: string): number | undefined {
		return this.contacts.get(key);
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
			if (key) this.synced.add(key);
			if (contact.emailBlocked) {
				this.blockedContacts.add(contact.id);
				if (key) this.blockedPeople.add(key);
			} else if (key && this.blockedPeople.has(key))
				this.violations.push(`promise 1: ${key} was blocked and is mailable as Brevo ${contact.id}`);
		}
	}

	/** Status and code of every record's newest outcome; what a dry run tells counts as if it had happened. */
	newest(): ReadonlyMap<string, string> {
		return new Map(this.named);
	}

	/** At the end also: the block of a record that was merged into another one is a block of that one. */
	lookAtMerges(): void {
		for (const { into, from } of this.world.merges()) {
			const survivor = this.pipeline.brevo.store.owner('ext_id', into);
			if (!from.some((key) => this.blockedPeople.has(key)) || this.leftOut.has(into)) continue;
			this.blockedPeople.add(into);
			if (survivor && !survivor.emailBlocked)
				this.violations.push(`promise 1: ${from.join(' and ')} were merged, one was blocked, and ${into} is mailable`);
		}
	}

	private takeItem({ change, outcome, warnings }: ItemOutcome): void {
		const { key } = change;
		const { status, code = '' } = outcome;
		const name = `${status} ${code}`.trim();
		this.outcomes[name] = (this.outcomes[name] ?? 0) + 1;
		this.named.set(key, `${outcome.wouldBe ?? status} ${code}`.trim());
		if (!OUTCOME_STATUSES.includes(status)) this.violations.push(`promise 3: unknown status ${status}`);
		if ((status === 'failed' || status === 'excluded') && !isReasonCode(code))
			this.violations.push(`promise 3: ${status} without a reason`);
		if (outcome.destinationId !== undefined) {
			this.records.set(Number(outcome.destinationId), key);
			this.contacts.set(key, Number(outcome.destinationId));
		}
		if (warnings.some((one) => one.code === 'PHONE_SHARED')) this.sharers.add(key);
		else this.sharers.delete(key);
		if (status === 'excluded' && change.mergedFrom) this.leftOut.add(key);
		this.noteRefusal(key, change.fields.email ?? change.fields.Email, code, status);
		if (change.optedOut === true && WRITTEN.has(status) && outcome.destinationId !== undefined) {
			const contact = this.pipeline.brevo.store.contacts.get(Number(outcome.destinationId));
			if (!contact?.emailBlocked)
				this.violations.push(`promise 1: ${key} opted out and ended as ${name}, but is mailable`);
		}
	}

	/** A refusal only counts when the address really is on another contact of Brevo, or wanted by another item. */
	private noteRefusal(key: string, email: unknown, code: string, status: string): void {
		this.refused.delete(key);
		if (!TAKEN.has(code)) return;
		const address = typeof email === 'string' ? email.toLowerCase() : undefined;
		const holder = address === undefined ? undefined : this.pipeline.brevo.store.owner('email', address);
		const own = this.pipeline.brevo.store.owner('ext_id', key);
		if (address !== undefined && (!holder || holder === own))
			this.violations.push(`promise 2: ${key} ended as ${status} ${code}, but nobody else has the address`);
		this.refused.set(key, address);
	}
}
