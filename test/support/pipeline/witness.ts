import type { ContactChange, Warning } from '../../../core/contact/contact';
import { OUTCOME_STATUSES, isReasonCode } from '../../../core/outcome';
import type { BrevoStore, RunningBrevo } from '../../../sandbox/brevo';
import type { IdentifierKind } from '../../../sandbox/brevo/entities';
import type { Delivered, ItemOutcome } from './brevo/workflow';
import { contactOfKey, keysOf } from './brevo/world';
import { HandEdits } from './brevo/handEdits';
import { LiftedBlocks } from './brevo/liftedBlocks';
import { readPhone } from './readPhone';

const WRITTEN: ReadonlySet<string> = new Set(['created', 'updated', 'removed', 'unchanged']);
const LEAVING: ReadonlySet<string> = new Set(['removed', 'deleted']);
/** Outcomes that leave a contact as it is because another contact has what it needs. */
const TAKEN: ReadonlySet<string> = new Set(['IDENTIFIER_TAKEN', 'SAME_ADDRESS_TWICE']);

/** Where the numbers stand in HubSpot and in Salesforce. */
const NUMBER_FIELDS: Readonly<Record<string, readonly string[]>> = {
	SMS: ['phone', 'Phone'],
	WHATSAPP: ['mobilephone', 'MobilePhone'],
	LANDLINE_NUMBER: ['fax', 'Fax'],
};

/** What the histories tell the oracle that the two stores do not. Records are named by their keys. */
export interface Memory {
	/** Whether the sync has ever brought this record to Brevo. */
	wasSynced(key: string): boolean;
	/** Whether the record's newest delivery ended as a named outcome that was true when it was given. */
	wasRefused(key: string): boolean;
	/**
	 * What need not be as the record says on its contact: numbers that the newest delivery went without because another contact had
	 * them, and what was changed in Brevo since. Names of identifiers and attributes, and `list`.
	 */
	excused(key: string, contactId: number): ReadonlySet<string>;
	/** Whether the record's contact was deleted in Brevo since its newest delivery. */
	wasDeleted(key: string): boolean;
	/** The record that a contact of another tool stands for, and the other way round, as far as outcomes told. */
	recordOf(contactId: number): string | undefined;
	contactOf(key: string): number | undefined;
	/** Whether nothing leads from its record to this contact any more: another tool overwrote the key, and the address changed. */
	isLost(contactId: number): boolean;
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
	private lostMemory = false;
	private readonly refused = new Map<string, string | undefined>();
	private readonly named = new Map<string, string>();
	/** Numbers that the newest delivery of a record went without. */
	private readonly without = new Map<string, readonly string[]>();
	private readonly edits: HandEdits;
	private anyDeleted = false;
	private readonly lifted: LiftedBlocks;
	/** Keys by contact, as seen in Brevo: a killed run names no outcome. */
	private readonly keysSeen = new Map<number, string>();
	/** Record and Brevo contact, by each other, as the newest outcomes name them. */
	private readonly records = new Map<number, string>();
	private readonly contacts = new Map<string, number>();
	/** Keys of contacts that were deleted in Brevo, until their record is delivered again. */
	private readonly deletedKeys = new Set<string>();
	/** Contacts by our keys that another tool overwrote before the process died that could have told, or before it had read the contact. */
	private readonly lostKeys = new Map<string, number>();
	/** The newest key of ours that was seen on a contact. */
	private readonly ownKeys = new Map<number, string>();
	/** Keys that contacts got with the newest batch: the process has not read these contacts yet. */
	private unread = new Map<number, string>();

	constructor(
		private readonly pipeline: Stage,
		private readonly world: SourceView,
	) {
		pipeline.onDelivered = (delivered) => this.take(delivered);
		this.edits = new HandEdits(pipeline.brevo.store);
		this.lifted = new LiftedBlocks(pipeline.brevo.store);
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

	excused(key: string, contactId: number): ReadonlySet<string> {
		return new Set([...(this.without.get(key) ?? []), ...this.edits.fieldsOf(contactId)]);
	}

	wasDeleted(key: string): boolean {
		return this.deletedKeys.has(key) || this.edits.isDeleted(this.contacts.get(key));
	}

	recordOf(contactId: number): string | undefined {
		return this.records.get(contactId);
	}

	contactOf(key: string): number | undefined {
		return this.contacts.get(key);
	}

	isLost(contactId: number): boolean {
		const { store } = this.pipeline.brevo;
		const { email } = store.contacts.get(contactId)?.identifiers ?? {};
		return [...this.lostKeys].some(([key, id]) => id === contactId && this.world.emailOf(key)?.toLowerCase() !== email);
	}

	/** Promise 3: every item of the batch has one outcome, of a known kind and with a reason where it needs one. */
	take(delivered: Delivered): void {
		const { batch, outcomes } = delivered;
		this.noteEdits();
		this.noteUnread();
		if (!outcomes) return;
		if (outcomes.length !== batch.length) this.violations.push(`${batch.length} items, ${outcomes.length} outcomes`);
		for (const item of outcomes) this.takeItem(item, delivered);
		this.look();
	}

	/** Promise 1, by contact and by person: who was blocked once is blocked for good. */
	look(): void {
		const { brevo } = this.pipeline;
		this.noteEdits();
		this.noteLost();
		for (const id of this.lifted.look())
			this.violations.push(`promise 1: Brevo ${id} was on a list while its block was lifted`);
		for (const { contactId, cause } of brevo.store.resubscriptions.splice(0)) {
			if (cause === 'emailChange' && brevo.settings.emailChangeAlwaysLifts) continue;
			// Of a contact that was deleted in Brevo together with its block nothing can be known any more.
			if (cause === 'recreated' && this.anyDeleted) continue;
			this.violations.push(`promise 1: Brevo ${contactId} was made mailable (${cause})`);
		}
		const written = new Set(brevo.store.writes.slice(this.looked).map(({ contactId }) => contactId));
		this.looked = brevo.store.writes.length;
		for (const id of written) this.lookAt(id);
	}

	private lookAt(id: number): void {
		const { brevo } = this.pipeline;
		const contact = brevo.store.contacts.get(id);
		const isOwed = brevo.settings.emailChangeAlwaysLifts && this.lifted.isLifted(id);
		if (this.blockedContacts.has(id) && !contact?.emailBlocked && !isOwed)
			this.violations.push(`promise 1: Brevo ${id} was blocked and is ${contact ? 'mailable' : 'gone'}`);
		if (!contact) return;
		const key = contact.identifiers.ext_id;
		for (const one of keysOf(contact)) this.synced.add(one);
		if (key !== undefined) this.keysSeen.set(id, key);
		if (contact.emailBlocked) {
			this.blockedContacts.add(contact.id);
			if (key) this.blockedPeople.add(key);
		} else if (key && this.blockedPeople.has(key) && !isOwed)
			this.violations.push(`promise 1: ${key} was blocked and is mailable as Brevo ${contact.id}`);
		const own = keysOf(contact).find((one) => one.split(':').length > 3);
		if (own === undefined) return;
		if (!this.ownKeys.has(id)) this.unread.set(id, own);
		this.ownKeys.set(id, own);
	}

	/** Static data was cleared. */
	memoryLost(): void {
		this.lostMemory = true;
		this.processDied();
	}

	/** n8n died, and with it what only its memory told: the keys of ours that another tool overwrote. */
	processDied(): void {
		const { store } = this.pipeline.brevo;
		for (const [id, key] of this.ownKeys) if (!contactOfKey(store, key)) this.lostKeys.set(key, id);
		this.noteLost();
	}

	/** Before a batch its contacts are read; a key that is gone by then was never seen. */
	private noteUnread(): void {
		const { store } = this.pipeline.brevo;
		for (const [id, key] of this.unread) if (!contactOfKey(store, key)) this.lostKeys.set(key, id);
		this.unread = new Map();
	}

	/** A record whose key was lost and whose address changes is found by nothing (docs/decisions/contact-identity.md). */
	private noteLost(): void {
		const { store } = this.pipeline.brevo;
		for (const [key, id] of this.lostKeys) {
			if (contactOfKey(store, key)) this.lostKeys.delete(key);
			else if (this.world.emailOf(key)?.toLowerCase() !== store.contacts.get(id)?.identifiers.email)
				this.forgetBlock(key);
		}
	}

	/** Before a contact may be deleted in the middle of a run: which record it is of. */
	noteKeys(): void {
		for (const { id, identifiers } of this.pipeline.brevo.store.contacts.values())
			if (identifiers.ext_id !== undefined) this.keysSeen.set(id, identifiers.ext_id);
	}

	/** A contact that was deleted in Brevo took its block along. */
	private noteEdits(): void {
		for (const id of this.edits.look()) {
			this.anyDeleted = true;
			this.blockedContacts.delete(id);
			const seen = this.keysSeen.get(id);
			// A run that was under way meanwhile names no contact.
			if (seen !== undefined) this.deletedKeys.add(seen);
			for (const key of [this.records.get(id), this.keysSeen.get(id)]) if (key !== undefined) this.forgetBlock(key);
		}
	}

	/** That of the records it was merged from as well. */
	private forgetBlock(key: string): void {
		this.blockedPeople.delete(key);
		for (const { into, from } of this.world.merges())
			if (into === key) for (const one of from) if (one !== key) this.forgetBlock(one);
	}

	/** Status and code of every record's newest outcome; what a dry run tells counts as if it had happened. */
	newest(): ReadonlyMap<string, string> {
		return new Map(this.named);
	}

	/** At the end: every block that was owed is there again. */
	lookAtBlocks(): void {
		for (const id of this.blockedContacts) {
			const contact = this.pipeline.brevo.store.contacts.get(id);
			if (contact && !contact.emailBlocked)
				this.violations.push(`promise 1: Brevo ${id} was blocked and ends mailable`);
		}
	}

	/** At the end also: the block of a record that was merged into another one is a block of that one. */
	lookAtMerges(): void {
		for (const { into, from } of this.world.merges()) {
			const survivor = this.pipeline.brevo.store.owner('ext_id', into);
			if (!from.some((key) => this.blockedPeople.has(key)) || this.leftOut.has(into)) continue;
			if (this.isLeftAlone(into, from)) continue;
			this.blockedPeople.add(into);
			// What it was merged into in its turn is looked at as well.
			const livesOn = !this.world.merges().some((later) => later.into !== into && later.from.includes(into));
			if (livesOn && survivor && !survivor.emailBlocked)
				this.violations.push(`promise 1: ${from.join(' and ')} were merged, one was blocked, and ${into} is mailable`);
		}
	}

	/**
	 * A sync that lost its memory is not told of records that ended before, where they are too many of those on the list
	 * (docs/hubspot-list-trigger.md, When the memory is lost): their contacts keep their keys.
	 */
	private isLeftAlone(into: string, from: readonly string[]): boolean {
		const isHeld = (key: string): boolean => this.pipeline.brevo.store.owner('ext_id', key) !== undefined;
		return this.lostMemory && from.some((key) => key !== into && this.blockedPeople.has(key) && isHeld(key));
	}

	private takeItem(
		{ change, outcome, warnings }: ItemOutcome,
		{ batch, outcomes = [], writesBefore, failed }: Delivered,
	): void {
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
			if (WRITTEN.has(status)) {
				// A record that left takes its contact off the list and writes no value.
				if (!LEAVING.has(change.change)) this.edits.dealtWith(Number(outcome.destinationId), writesBefore);
				this.deletedKeys.delete(key);
			}
		}
		const isDry = outcomes.some((one) => one.outcome.wouldBe !== undefined);
		const calm = !failed && !isDry && !this.edits.happenedSince(writesBefore);
		this.noteShared(change, warnings, calm ? writesBefore : undefined);
		if (status === 'excluded' && change.mergedFrom) this.leftOut.add(key);
		const isShared = batch.some((one) => one.key !== key && addressOf(one) === addressOf(change));
		this.noteRefusal(key, addressOf(change), `${status} ${code}`, calm && !isShared);
		if (change.optedOut === true && WRITTEN.has(status) && outcome.destinationId !== undefined) {
			const id = Number(outcome.destinationId);
			const { contacts, writes } = this.pipeline.brevo.store;
			// Deleted by hand after it was read.
			const isGone = writes.some(
				({ kind, via, contactId }) => kind === 'deleted' && via === 'control' && contactId === id,
			);
			if (!isGone && contacts.get(id)?.emailBlocked !== true)
				this.violations.push(`promise 1: ${key} opted out and ended as ${name}, but is mailable`);
		}
	}

	/**
	 * Going without a number only counts when another contact has it, or had it when the run began. `writesBefore`: entries of the log of
	 * writes by then; undefined where it cannot be told.
	 */
	private noteShared(
		{ key, fields }: ContactChange,
		warnings: readonly Warning[],
		writesBefore: number | undefined,
	): void {
		const { store } = this.pipeline.brevo;
		const names = warnings.flatMap(({ code, field }) => (code === 'PHONE_SHARED' ? [field] : []));
		this.without.set(key, names);
		for (const name of writesBefore === undefined ? [] : names) {
			const number = NUMBER_FIELDS[name]?.map((field) => fields[field]).find((value) => typeof value === 'string');
			const { digits = '' } = readPhone(typeof number === 'string' ? number : '');
			const holder = store.owner(name as IdentifierKind, digits);
			if (store.writes.slice(writesBefore).some((write) => isTakenOff(write, name))) continue;
			if (!holder || holder === contactOfKey(store, key))
				this.violations.push(`promise 2: ${key} went without its ${name}, but nobody else has it`);
		}
	}

	/** A refusal only counts when the address really is on another contact of Brevo, or wanted by another item. */
	private noteRefusal(key: string, address: string | undefined, told: string, isToBeTrue: boolean): void {
		this.refused.delete(key);
		if (!TAKEN.has(told.split(' ')[1] ?? '')) return;
		const holder = address === undefined ? undefined : this.pipeline.brevo.store.owner('email', address);
		const own = this.pipeline.brevo.store.owner('ext_id', key);
		// Of a contact with an opt-out a malformed address is passed over: then it is the number that another one has.
		const isAboutAddress = address?.includes('@') === true;
		if (isToBeTrue && isAboutAddress && (!holder || holder === own))
			this.violations.push(`promise 2: ${key} ended as ${told}, but nobody else has the address`);
		this.refused.set(key, address);
	}
}

/** Whether a contact that was there before may have given up such a number. */
const isTakenOff = ({ kind, changedFields }: BrevoStore['writes'][number], name: string): boolean =>
	kind !== 'created' && changedFields.includes(name);

/** In HubSpot and in Salesforce. */
function addressOf({ fields }: ContactChange): string | undefined {
	const email = fields.email ?? fields.Email;
	return typeof email === 'string' ? email.toLowerCase() : undefined;
}
