/** The JSON that travels between the nodes (docs/contact-item.md describes it for users). */

/** A value as the source typed it. `null` is an empty value; a list is a multiple choice. */
export type FieldValue = string | number | boolean | null | readonly string[];

export type ChangeKind = 'added' | 'updated' | 'removed' | 'deleted' | 'optedOut';

export const CHANGE_KINDS: readonly ChangeKind[] = ['added', 'updated', 'removed', 'deleted', 'optedOut'];

/** Where a contact lives. `list` is the source list, when one was read. */
export interface ContactSource {
	readonly system: string;
	/** The account's own id, e.g. HubSpot's portal id: the same record id in two accounts is two people. */
	readonly account: string;
	readonly object: string;
	readonly id: string;
	readonly list?: string;
	/** No two records of the object have the same address: one whose address another one has, has lost it. */
	readonly uniqueEmails?: boolean;
	/** Its records carry the keys of those they are kept in sync with (`linkedTo`): a record that is linked need not carry theirs. */
	readonly keepsLinks?: boolean;
}

/** How a contact came: by a trigger's first sync, as a change, or read on demand (`resync`, Read Contacts). */
export type DeliveryPhase = 'firstSync' | 'live' | 'resync';

export const DELIVERY_PHASES: readonly DeliveryPhase[] = ['firstSync', 'live', 'resync'];

export interface Delivery {
	readonly phase: DeliveryPhase;
	/**
	 * Counts the batches of one trigger, from 1. A redelivered batch keeps its number. 0 where no trigger counts: a read on demand, which
	 * is older than a batch of a trigger by its instant alone.
	 */
	readonly sequence: number;
	/** When the trigger had read the batch, or the read on demand began, ISO 8601 in UTC. */
	readonly at?: string;
	/**
	 * True: an earlier run with these contacts failed, or the process that waited for its outcome is gone. What that run began at the
	 * destination (a bulk write) may still be going on.
	 */
	readonly again?: boolean;
	/**
	 * True: the trigger begins without a memory, so it cannot tell which records left since an earlier sync. The destination's own keys of this
	 * source are handed back to it.
	 */
	readonly beginning?: boolean;
	/** True: the trigger saw that *Dry Run* is on after it, so that this delivery does not count as one. */
	readonly dryRun?: boolean;
	/** How many contacts the trigger follows, those of this batch included; absent where it does not know. */
	readonly members?: number;
	/** Of a first sync: how many contacts the source holds in all, by its own count, an estimate. */
	readonly expected?: number;
	/** Of a first sync: about when it ends at its pace so far, ISO 8601 in UTC. */
	readonly endsAbout?: string;
	/** True: with this batch every contact that was there when the sync began has been emitted. Absent where that shows only later. */
	readonly endsFirstSync?: boolean;
}

/** One contact as a trigger hands it on. */
export interface ContactChange {
	/** `system:account:object:id`, the stable key of the person at the source. */
	readonly key: string;
	readonly change: ChangeKind;
	readonly source: ContactSource;
	/** Instant of the change at the source, ISO 8601 in UTC. */
	readonly changedAt: string;
	/** The source's own field names; only the fields that were asked for. */
	readonly fields: Readonly<Record<string, FieldValue>>;
	/** Names whose value changed since the last delivery, where the source can tell. */
	readonly changedFields?: readonly string[];
	/** The address before this change, where the source can tell. */
	readonly previousEmail?: string;
	/** Keys of records that were merged into this one and exist no more, where the source can tell. */
	readonly mergedFrom?: readonly string[];
	/**
	 * Further addresses of the contact (HubSpot), or of the records that were merged into it just now (Salesforce). Where the source has an
	 * address on one record only, a record that was held under one of them was merged into this one, also where `mergedFrom` does not name
	 * it. A contact there whose key another tool has overwritten is that of a merged record.
	 */
	readonly otherEmails?: readonly string[];
	/** Key of the record of another object that this one lives on as, such as the contact a lead was converted to. */
	readonly convertedTo?: string;
	/** Of a contact that left or opted out: the followed lists it unsubscribed from, where the source tells that apart (Brevo). */
	readonly unsubscribedFrom?: readonly string[];
	/** Of a contact that left a list: the other lists of the source it is still in, where the source can tell. */
	readonly stillIn?: readonly string[];
	/**
	 * Keys of the records of other systems that this one is kept in sync with, where it carries such: a destination that holds one of
	 * those very records needs no address to find it.
	 */
	readonly linkedTo?: readonly string[];
	/**
	 * Of a contact that was deleted: addresses of others of the source, one of which may be the one that it had. A record at such an
	 * address is that of the other one by now.
	 */
	readonly emailsTaken?: readonly string[];
	/** True: the contact is none of those that are followed, so that nothing but its opt-out is to be written, where it is held. */
	readonly optOutOnly?: true;
	/** True: unsubscribed from all e-mail. Null: the source does not say. */
	readonly optedOut: boolean | null;
	readonly delivery?: Delivery;
}

export interface Warning {
	readonly field: string;
	readonly code: string;
	readonly message: string;
}

/** A person in the destination's own names and types. */
export interface MappedFields {
	/** Trimmed and lower-case. */
	readonly email?: string;
	/** International form, `+` and digits only (E.164). */
	readonly phone?: string;
	/** A name that is absent is left alone at the destination; `null` clears it. */
	readonly attributes: Readonly<Record<string, FieldValue>>;
	/** When a value may replace one that is there, by name; absent: always. */
	readonly overwrite?: Readonly<Record<string, Overwrite>>;
	/**
	 * Names of values, the address and the number included, that did not change at the source: they fill what is empty at the destination and replace nothing, for that may be
	 * an edit that has not come back yet. Absent where the source does not tell, or nothing comes back.
	 */
	readonly unchanged?: readonly string[];
	/**
	 * Which field of the source each value comes from, as `name of the field=fingerprint of what it holds`, by name. Absent where nothing
	 * comes back, and of what is read on demand: it is there to tell an edit from the echo of a value that was written a moment ago (`WrittenValues`).
	 */
	readonly origins?: Readonly<Record<string, string>>;
}

/**
 * Who wins where the destination holds a value: `ifEmpty` fills empty ones only, `onCreate` is written with new contacts only
 * (HubSpot's connector: prefer Salesforce unless blank, and its like).
 */
export type Overwrite = 'ifEmpty' | 'onCreate';

export const OVERWRITES: readonly Overwrite[] = ['ifEmpty', 'onCreate'];

/** One contact after Map Contact Fields. */
export interface MappedContact {
	readonly key: string;
	readonly change: ChangeKind;
	readonly source: ContactSource;
	readonly changedAt: string;
	readonly optedOut: boolean | null;
	readonly previousEmail?: string;
	/** See `ContactChange`, as those after it. */
	readonly mergedFrom?: readonly string[];
	readonly otherEmails?: readonly string[];
	readonly convertedTo?: string;
	readonly stillIn?: readonly string[];
	readonly linkedTo?: readonly string[];
	readonly emailsTaken?: readonly string[];
	readonly optOutOnly?: true;
	readonly delivery?: Delivery;
	readonly contact: MappedFields;
	readonly warnings: readonly Warning[];
}

/** The stable key of a source record. */
export function contactKey(source: Pick<ContactSource, 'system' | 'account' | 'object' | 'id'>): string {
	return [source.system, source.account, source.object, source.id].join(':');
}

/** The record's own id, the last part of its key. */
export const recordIdOf = (key: string): string => key.split(':').slice(3).join(':');

/** Whether a key has the form of `contactKey`; other tools give contacts ids of their own. */
export const isContactKey = (key: string): boolean => /^[^:]+:[^:]+:[^:]+:./.test(key);
