import type { BoundedMap } from '../boundedMap';
import type { FieldChange } from '../outcome';
import type { FieldValue, Warning } from '../contact/contact';
import type { Failure, Result } from '../result';
import type { MarketingContacts } from './write/marketingContacts';
import type { NewestChanges } from './plan/newestChanges';

/** One contact as the destination holds it, in the forms of `MappedFields`. */
export interface HeldContact {
	readonly id: string;
	readonly email?: string;
	/**
	 * Further addresses of it, where the destination has such: each finds it as well, and none of them is on another contact. Where one is
	 * spelled otherwise than its normal form, both are here.
	 */
	readonly furtherEmails?: readonly string[];
	/** Other contacts that have the same address, where the destination allows that: an opt-out is theirs as well. */
	readonly twins?: readonly HeldContact[];
	/** Not a member of the inclusion segment (IS-09): nothing but an opt-out or a leaving is written. */
	readonly outsideSegment?: boolean;
	/** The address as the destination spells it, where that is not the normal form: what finds the contact there. */
	readonly spelledEmail?: string;
	readonly phone?: string;
	/** The key of the source record this contact was made from, where the destination can keep one. */
	readonly sourceKey?: string;
	/**
	 * Keys of further records this contact stands for, where the destination can keep them: its `sourceKey` is that of another
	 * tool, of another sync, or of a record that has the same address.
	 */
	readonly otherKeys?: readonly string[];
	/** Addresses it left while it was blocked: the block stays with them. */
	readonly leftEmails?: readonly string[];
	/** True: may not be mailed, whatever the reason. */
	readonly optedOut: boolean;
	/** Another channel than e-mail is blocked: a bulk write that changes the number would lose that block, and so would a new contact with it. */
	readonly bulkWriteLosesBlock?: boolean;
	/** On the list this run fills. */
	readonly onList: boolean;
	/** Its own key (`system:account:object:id`), where contacts of other systems may be linked to it. */
	readonly ownKey?: string;
	/** Others may have put it on the list or taken it off since it was read. */
	readonly membershipUncertain?: boolean;
	/** The contact unsubscribed from that list: nothing puts it back. */
	readonly unsubscribedFromList?: boolean;
	/** Differs after every change of the contact; absent where the destination does not tell. */
	readonly version?: string;
	/** At least the attributes the run writes. An absent one is empty. */
	readonly attributes: Readonly<Record<string, FieldValue>>;
}

/** A contact that went over from one record to another, by their keys. */
export interface TakenOver {
	/** As it was read before. */
	readonly held: HeldContact;
	readonly owner: string;
	readonly taker: string;
	readonly listId: string | undefined;
}

/** What a contact may be found by. */
export interface Identifiers {
	readonly key: string;
	/** Keys of records that were merged into this one, or that it was converted to: each may have a contact of its own. */
	readonly otherKeys: readonly string[];
	/** The address, then former ones. */
	readonly emails: readonly string[];
	/** Further addresses the source has for it: a contact there may be that of a record that was merged into this one. */
	readonly otherEmails: readonly string[];
	readonly phone?: string;
	/** Whether the contact has just joined the source list; absent for one that leaves it. */
	readonly joins?: boolean;
	/** True: its trigger came to it for the first time, in a first sync. */
	readonly firstSync?: boolean;
	/** Keys of records it is linked to; one of them may be of this destination (`ContactChange.linkedTo`). */
	readonly linkedTo?: readonly string[];
}

/** What the destination holds for a batch. */
export interface Holdings {
	/** By the key it carries, or by its own one, for contacts that are linked to it. */
	byKey(key: string): HeldContact | undefined;
	byEmail(email: string): HeldContact | undefined;
	byPhone(phone: string): HeldContact | undefined;
	/** The contact that left this address while it was blocked. */
	byLeftEmail?(email: string): HeldContact | undefined;
	/** Contacts that could not be looked up because of what they are named by, by key. */
	readonly refused?: ReadonlyMap<string, Failure>;
}

/** What is to be changed for one contact; what is absent stays as it is. There is no way to express lifting a block. */
export interface ContactWrite {
	/** Names the write within the run: the key of the contact, with a suffix for what is written beside it. */
	readonly key: string;
	/** `delete`: the record itself goes; its opt-out, where it is to have one, is written before. */
	readonly kind: 'create' | 'update' | 'leave' | 'delete';
	/** The contact to update; absent for a new one. */
	readonly held?: HeldContact;
	readonly email?: string;
	readonly phone?: string;
	readonly sourceKey?: string;
	/** All further keys the contact stands for from now on; absent when they stay as they are. */
	readonly otherKeys?: readonly string[];
	/** `null` clears. */
	readonly attributes: Readonly<Record<string, FieldValue>>;
	readonly joinList: boolean;
	/** Carry an opt-out of the source as a block, or keep the block that is there. */
	readonly block: boolean;
	readonly changes: Readonly<Record<string, FieldChange>>;
	readonly warnings: readonly Warning[];
}

/** Writes that travel together. Vendors add what they need to send it. */
export interface WriteCall {
	readonly writes: readonly ContactWrite[];
	/** True: sent one after the other, and after all that are not. False: several at once. */
	readonly bulk: boolean;
	/**
	 * True: it leaves the list out. Those of its contacts that are to join it are put on it by a write of their own, once they
	 * were seen to be stored with their keys: a contact on the list that carries no key could never be taken off it.
	 */
	readonly joinsAfter?: boolean;
}

export interface SentCall {
	/** True: accepted and carried out later; the read-back tells. */
	readonly pending: boolean;
	/** Writes of the call that were refused, by key. The others were accepted. */
	readonly refused?: ReadonlyMap<string, Failure>;
	/** What happened on the way, by key. */
	readonly warnings?: ReadonlyMap<string, readonly Warning[]>;
	/** Contacts as the answer itself shows them, by the key of the write: they need no read-back. */
	readonly shown?: ReadonlyMap<string, HeldContact>;
	/** Writes that went out in another form, because the contact was another one by then, by key. */
	readonly sent?: ReadonlyMap<string, ContactWrite>;
}

/** Details of a refusal with IDENTIFIER_TAKEN: `email`, `key`, `phone` or the name of an attribute. */
export interface TakenDetails {
	readonly taken: readonly string[];
}

/** Details of a refusal with DESTINATION_REFUSED that is about single values: `phone` or the name of an attribute. */
export interface RefusedValues {
	readonly values: readonly string[];
}

/** What is known about a batch before anything is read for it. */
export interface BatchOrigin {
	/** A contact of it was delivered before, and the run that began to write it did not end well. */
	readonly again: boolean;
	/** How long to wait for bulk writes of earlier runs that may still be going on, in ms. */
	readonly longestWaitMs: number;
	/** What an earlier look showed is in doubt: nothing counts but what is read now. */
	readonly anew?: boolean;
}

/** The destination's own names, for `changes` and warnings. */
export interface DestinationNames {
	readonly email: string;
	readonly phone: string;
	/** Absent where no contact can carry a key: an address change is then found by the former address alone. */
	readonly sourceKey?: string;
	/** Absent where a contact can carry one key only. */
	readonly otherKeys?: string;
	readonly list: string;
	readonly optedOut: string;
}

/** Contacts by each identifier; of several with one identifier the first counts. */
export function indexContacts(contacts: Iterable<HeldContact>): Holdings {
	const keys = new Map<string, HeldContact>();
	const emails = new Map<string, HeldContact>();
	const phones = new Map<string, HeldContact>();
	const otherKeys = new Map<string, HeldContact>();
	const ownKeys = new Map<string, HeldContact>();
	const leftEmails = new Map<string, HeldContact>();
	const furtherEmails = new Map<string, HeldContact>();
	const add = (index: Map<string, HeldContact>, name: string | undefined, held: HeldContact): void => {
		if (name !== undefined && !index.has(name)) index.set(name, held);
	};
	for (const held of contacts) {
		add(keys, held.sourceKey, held);
		add(ownKeys, held.ownKey, held);
		add(emails, held.email, held);
		for (const email of held.furtherEmails ?? []) add(furtherEmails, email, held);
		add(phones, held.phone, held);
		for (const key of held.otherKeys ?? []) add(otherKeys, key, held);
		for (const email of held.leftEmails ?? []) add(leftEmails, email, held);
	}
	return {
		byKey: (key) => keys.get(key) ?? otherKeys.get(key) ?? ownKeys.get(key),
		byEmail: (email) => emails.get(email) ?? furtherEmails.get(email),
		byPhone: (phone) => phones.get(phone),
		byLeftEmail: (email) => leftEmails.get(email),
	};
}

/** Bulk writes that are carried out after their call was answered (`SentCall.pending`). */
export interface AsynchronousWrites {
	/** How long to wait before looking at pending writes for the `look`-th time (from 0), in ms. */
	waitBeforeLook(look: number, writes: number): number;
	/** Whether everything pending has ended; `gaveUp`: some of it without having been carried out. `unknown` when it cannot be told now. */
	finished(): Promise<Result<'yes' | 'no' | 'gaveUp' | 'unknown'>>;
	/** Told once everything pending was seen to have been carried out. */
	confirmed(): Promise<void>;
}

/** What is known about values that bulk writes drop. */
export interface DroppedInBulk {
	/** Which of the dropped values a single write may store. */
	worthSingly(write: ContactWrite, dropped: readonly string[]): readonly string[];
	/** Takes over what became of such values, so that the next ones go the right way from the start. */
	learn(stored: readonly string[], dropped: readonly string[]): void;
}

/** Opt-outs of addresses that no contact has: a contact that gets one of them later is not mailable from its first moment. */
export interface AddressOptOuts {
	/** True: an import brings them, or has brought them, so that none is sent. */
	readonly imported: boolean;
	/** Whether the address was opted out so recently that it need not be sent again. */
	isDone(email: string): boolean;
	/** Sends them; the answer has those that failed, by address. */
	send(emails: readonly string[]): Promise<Result<ReadonlyMap<string, Failure>>>;
}

/** A field of the destination by its name and as people see it. */
export interface RequiredField {
	readonly name: string;
	readonly label: string;
}

/** See `Destination.fit`. */
export interface FittedValues {
	readonly attributes: Readonly<Record<string, FieldValue>>;
	readonly warnings: readonly Warning[];
}

/** One list of a destination. Each vendor supplies this; the order of steps is the same for all (`upsertContacts`). */
export interface Destination {
	readonly names: DestinationNames;
	/** As shown in `changes`; absent while the list does not exist yet (dry run). */
	readonly listId?: string;
	/** What was written to this account before, where that is remembered. */
	readonly newest?: NewestChanges;
	/** Contacts taken over in runs that failed (`FormerOwners`), by list and former owner; kept beyond the run. */
	readonly takenOver?: BoundedMap<TakenOver>;
	/** True: no list is filled, so that no contact joins one or leaves one. */
	readonly withoutList?: boolean;
	/** True: several contacts may have one address, so that no contact has to wait until an address is free. */
	readonly sharesEmails?: boolean;
	/** True: no contact is found by a phone number, which is a value like any other there. */
	readonly withoutPhones?: boolean;
	/** Fields that no contact may be without: a new one needs them (S25), and none is ever emptied (SB-21). */
	readonly required?: readonly RequiredField[];
	/** Absent where nothing but a contact can be opted out. */
	readonly addressOptOuts?: AddressOptOuts;
	/** Present where contacts are to be set as marketing contacts, after everything else of the batch. */
	readonly marketing?: MarketingContacts;
	/** Calls a second that the account allows, where that is known. */
	readonly callsPerSecond?: number;
	/** What becomes of a contact that would be new, where only members of an inclusion segment are filled; absent: no segment. */
	readonly newOutsideSegment?: 'emailOnly' | 'hold';
	/** True: it takes no further key for a contact that carries one already, and what follows from that is worth a warning. */
	readonly refusesOtherKeys?: boolean;
	/**
	 * The values as they fit together for this contact, with a warning for each that does not, such as a state without its country;
	 * absent where every value stands for itself.
	 */
	fit?(attributes: Readonly<Record<string, FieldValue>>, held: HeldContact | undefined): FittedValues;
	/**
	 * Why the record of this contact cannot be deleted, in a sentence without its full stop; undefined when it can. The whole is absent
	 * where no record is ever deleted.
	 */
	whyNotDeleted?(held: HeldContact): string | undefined;
	/** Whether a held value is what a wanted one becomes when it is stored. */
	sameValue(attribute: string, held: FieldValue | undefined, wanted: FieldValue): boolean;
	/**
	 * What is held for these contacts, in the cheapest way for their number. Nothing is told while a bulk write of an earlier run
	 * may still change it: that is waited for, and ends as a failure that passes.
	 */
	read(wanted: readonly Identifiers[], origin?: BatchOrigin): Promise<Result<Holdings>>;
	/** Distributes writes over calls, within the vendor's sizes. `singly`: one per call, with an answer at once. */
	arrange(writes: readonly ContactWrite[], singly: boolean): readonly WriteCall[];
	/** Sends a call that `arrange` made, or one with some of its writes. */
	send(call: WriteCall): Promise<Result<SentCall>>;
	/**
	 * The contacts of these writes as they are now, by key; one that does not exist is absent. `thorough`: the writes have
	 * been carried out, so what still looks unchanged is worth reading by itself.
	 */
	readBack(writes: readonly ContactWrite[], thorough: boolean): Promise<Result<ReadonlyMap<string, HeldContact>>>;
	/** Of a destination that accepts bulk writes and carries them out later; absent where every call is carried out at once. */
	readonly asynchronous?: AsynchronousWrites;
	/** Of a destination whose bulk writes drop values that a single write stores; absent where there are none. */
	readonly droppedInBulk?: DroppedInBulk;
	/** Calls this run has made so far. */
	callsMade(): number;
	/** Calls it takes to write these contacts and to read them back, as long as nothing goes wrong. */
	estimateCalls(writes: readonly ContactWrite[]): number;
	/** How many of those calls opt out one address each, and may be fewer where the account can send many at once. */
	estimateOptOuts?(writes: readonly ContactWrite[]): number;
	/**
	 * An address no contact has and no mail arrives at, for a contact whose address another one needs before its own new one is
	 * free. Absent where contacts cannot be moved aside.
	 */
	standInEmail?(held: HeldContact): string;
}
