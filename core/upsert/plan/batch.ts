import type { Failure } from '../../result';
import type { Intent } from './collapse';
import type { ContactResult } from '../contactResult';
import type { ContactWrite, Destination, HeldContact, Holdings } from '../destination';
import { keysOf, sameSource } from '../keys';
import { assignContacts, atFormerAddresses, keylessAtOtherAddresses } from './match/matchContacts';
import type { PlanSettings } from './planContact';
import { WorkingState } from './workingState';

/**
 * A write of a round. `own`: the contact itself. `beside`: for its sake; when it fails, so does the contact. `formerOwner`: that of the record
 * whose contact it took over (`FormerOwners`).
 */
export interface Step {
	readonly intent: Intent;
	readonly write: ContactWrite;
	readonly role: 'own' | 'beside' | 'formerOwner';
}

/** The steps of one round. Each held contact is written once at most, so that no two writes of it overtake each other. */
export class Steps {
	readonly all: Step[] = [];
	private readonly busy = new Set<string>();

	/** False, and nothing added, when the contact is written in this round already. */
	add(step: Step): boolean {
		const id = step.write.held?.id;
		if (id !== undefined && this.busy.has(id)) return false;
		if (id !== undefined) this.busy.add(id);
		this.all.push(step);
		return true;
	}
}

/** Which intent of a batch is about which held contact, which intents are still open, and the results of the others. */
export class Batch {
	/** Results that stand, by key. */
	readonly results = new Map<string, ContactResult>();
	/** Contacts without a result, by key. */
	readonly open = new Map<string, Intent>();
	readonly state: WorkingState;
	/** The intent each held contact belongs to, by the contact's id. */
	readonly owners: Map<string, Intent>;
	/** Leavers whose contact belongs to another intent of the batch, with the key of that one. */
	readonly superseded: ReadonlyMap<string, string>;
	/** See `Assignment`. */
	readonly left: ReadonlyMap<string, HeldContact>;
	readonly gone: ReadonlySet<string>;
	/** Keys of records that were merged into others of the batch. */
	readonly mergedAway: ReadonlySet<string>;
	/** Keys of intents that count as opted out because of another one. */
	readonly optedOutToo = new Set<string>();
	private readonly held: Map<string, HeldContact>;
	/** The contact that has, or just had, the new address of an intent when the run begins, by the intent's key. */
	private readonly formerHolders = new Map<string, HeldContact>();
	/**
	 * Keys of intents that a block reaches from elsewhere: that of a merged record, of a former or further address, of a shared contact they
	 * leave, or of a contact that left their new address in an earlier run.
	 */
	private readonly blockedElsewhere = new Set<string>();

	constructor(
		intents: readonly Intent[],
		holdings: Holdings,
		readonly destination: Destination,
		readonly settings: PlanSettings,
	) {
		this.state = new WorkingState(holdings);
		for (const intent of intents) if (!refusalOf(intent, holdings)) this.open.set(intent.key, intent);
		const { held, owners, superseded, left, gone } = assignContacts([...this.open.values()], holdings);
		this.held = new Map(held);
		this.owners = new Map(owners);
		this.superseded = superseded;
		this.left = this.writesBlocksOnly ? NONE_LEFT : left;
		// A contact that is kept on the list has not gone from it.
		this.gone = settings.leavers === 'remove' ? gone : new Set(left.keys());
		this.mergedAway = new Set([...this.open.values()].flatMap(({ formerKeys }) => formerKeys));
		this.noteTakeovers(holdings);
	}

	/** Which intents are held blocked elsewhere, and which contact has the new address of each. */
	private noteTakeovers(holdings: Holdings): void {
		const movedFrom = this.contactsByFormerAddress();
		for (const intent of this.open.values()) {
			const isMergedBlocked = intent.formerKeys.some((former) => holdings.byKey(former)?.optedOut === true);
			const isLeftBlocked = this.left.get(intent.key)?.optedOut === true;
			if (
				isMergedBlocked ||
				isLeftBlocked ||
				this.isBlockedAtFormerAddress(intent, holdings) ||
				this.isBlockedAtOtherAddress(intent, holdings)
			)
				this.blockedElsewhere.add(intent.key);
			const { email } = intent.contact;
			const own = this.heldOf(intent);
			if (intent.leaving || email === undefined || own?.email === email) continue;
			const holder = holdings.byEmail(email) ?? movedFrom.get(email);
			const leftBy = holder ? undefined : holdings.byLeftEmail?.(email);
			if (leftBy && leftBy.id !== own?.id) this.blockedElsewhere.add(intent.key);
			if (holder && holder.id !== own?.id) this.formerHolders.set(intent.key, holder);
		}
	}

	/**
	 * Whether an intent that is found by its new address alone is held, blocked, at a former one as well. One that is not found at all
	 * may have lost its contact there to a record that took the address over in an earlier run, and the block with it.
	 */
	private isBlockedAtFormerAddress(intent: Intent, holdings: Holdings): boolean {
		const own = this.heldOf(intent);
		if (!own && !intent.leaving)
			return intent.previousEmails.some((former) => holdings.byEmail(former)?.optedOut === true);
		if (intent.leaving || !own || keysOf(own).includes(intent.key)) return false;
		return atFormerAddresses(intent, holdings).some(({ id, optedOut }) => optedOut && !this.owners.has(id));
	}

	/** Whether the contact of a record that was merged into this one, unnamed, is held blocked under a further address of this one. */
	private isBlockedAtOtherAddress(intent: Intent, holdings: Holdings): boolean {
		const { key } = intent;
		const isAlive = (other: string): boolean => this.open.get(other)?.leaving === false;
		const isMerged = (other: string): boolean => other !== key && sameSource(other, key) && !isAlive(other);
		const keyless = keylessAtOtherAddresses(intent, (email) => holdings.byEmail(email));
		const merged = intent.otherEmails.flatMap((email) => holdings.byEmail(email) ?? []);
		return [...keyless, ...merged.filter((held) => keysOf(held).some(isMerged))].some(({ optedOut }) => optedOut);
	}

	/** Contacts by the address they had before: a run that ended too early may have written only that they left it. */
	private contactsByFormerAddress(): ReadonlyMap<string, HeldContact> {
		const contacts = new Map<string, HeldContact>();
		for (const intent of this.open.values()) {
			const held = this.heldOf(intent);
			if (held) for (const former of intent.previousEmails) contacts.set(former, held);
		}
		return contacts;
	}

	/** Nothing but opt-outs is written in this run. */
	get writesBlocksOnly(): boolean {
		return this.settings.mode === 'optOutsOnly';
	}

	/** The contact of an intent as it was read. */
	heldOf({ key }: Intent): HeldContact | undefined {
		return this.held.get(key);
	}

	/** The contact of an intent as it is now. */
	currentOf(intent: Intent): HeldContact | undefined {
		const held = this.heldOf(intent);
		return held && this.state.current(held);
	}

	/** Adds an intent without address and number whose contact was found by its key. */
	admit(intent: Intent, held: HeldContact): void {
		this.open.set(intent.key, intent);
		this.held.set(intent.key, held);
		this.owners.set(held.id, intent);
	}

	settle(intent: Intent, told: ContactResult): void {
		this.open.delete(intent.key);
		this.results.set(intent.key, told);
	}

	/** Whose contact it is, unless that one is done with. */
	openOwnerOf({ id }: HeldContact): Intent | undefined {
		const owner = this.owners.get(id);
		return owner && this.open.get(owner.key);
	}

	/** The opt-out always wins: an opt-out of the source is carried, and nothing here ever lifts a block. */
	wantsBlock({ key, optedOut }: Intent): boolean {
		return this.settings.optOuts !== 'ignore' && (optedOut === true || this.optedOutToo.has(key));
	}

	/** Whether a block reaches the intent that does not hang on its new address. */
	isBlockedElsewhere({ key }: Intent): boolean {
		return this.blockedElsewhere.has(key);
	}

	/**
	 * True when the new address was that of a blocked or opted-out contact, when the intent is held blocked under a merged record or
	 * a former address, or when a contact left the address blocked in an earlier run: the block stays with the address and with
	 * the person.
	 */
	takesBlocked(intent: Intent): boolean {
		if (this.isBlockedElsewhere(intent)) return true;
		const holder = this.formerHolders.get(intent.key);
		if (!holder) return false;
		const owner = this.owners.get(holder.id);
		return holder.optedOut || (owner !== undefined && owner !== intent && this.wantsBlock(owner));
	}
}

const NONE_LEFT: ReadonlyMap<string, HeldContact> = new Map();

/** Why a contact could not be looked up. A leaver that is found by its key needs no address. */
export const refusalOf = ({ key, leaving }: Intent, holdings: Holdings): Failure | undefined =>
	leaving && holdings.byKey(key) ? undefined : holdings.refused?.get(key);
