import type { ContactStore, Source } from '../contacts/contactStore';
import type { Contact } from '../entities';
import type { Schedule } from '../schedule';
import type { HubSpotSettings } from '../settings';
import { SUBSCRIPTION_TYPES } from './subscriptionTypes';

export const STATUSES = ['SUBSCRIBED', 'UNSUBSCRIBED', 'NOT_SPECIFIED'] as const;
export type Status = (typeof STATUSES)[number];

export const LEGAL_BASES = [
	'LEGITIMATE_INTEREST_PQL',
	'LEGITIMATE_INTEREST_CLIENT',
	'PERFORMANCE_OF_CONTRACT',
	'CONSENT_WITH_NOTICE',
	'NON_GDPR',
	'PROCESS_AND_STORE',
	'LEGITIMATE_INTEREST_OTHER',
] as const;

/** One status of an address; `at` is ms since 1970. `isWide`: it follows from an opt-out of all e-mail. */
export interface Preference {
	readonly status: Status;
	readonly at: number;
	readonly isWide?: boolean;
	readonly legalBasis?: string;
	readonly legalBasisExplanation?: string;
}

/** What setting a status did, or `REFUSED`: the address has unsubscribed. */
export type SetOutcome = 'RESUBSCRIBE_OCCURRED' | 'NO_STATUS_CHANGE' | 'REQUESTED_CHANGE_OCCURRED' | 'REFUSED';

const OPT_OUT = 'hs_email_optout';
const BY_PREFERENCES: Source = { sourceType: 'EMAIL', sourceId: 'CommunicationPreferencesApi' };

/**
 * Subscriptions of e-mail addresses. They hang on the address, not on the contact: an address can be opted out before a
 * contact has it, and stays so when the contact is deleted (https://legacydocs.hubspot.com/docs/methods/email/update_status).
 * The contact that has the address shows them as properties, `settings.optOutDelayMs` later.
 */
export class PreferenceStore {
	private readonly optOuts = new Map<string, number>();
	private readonly statuses = new Map<string, Map<number, Preference>>();

	constructor(
		private readonly now: () => number,
		private readonly settings: HubSpotSettings,
		private readonly contacts: ContactStore,
		private readonly schedule: Schedule,
	) {}

	/** Addresses that are opted out of all e-mail, whether a contact has them or not. */
	optedOut(): string[] {
		const held = [...this.contacts.contacts.values()].flatMap(({ properties, archivedAt }) =>
			archivedAt === undefined && properties[OPT_OUT] === 'true' && properties['email'] ? [properties['email']] : [],
		);
		return [...new Set([...this.optOuts.keys(), ...held])].sort();
	}

	/** When the address was opted out of all e-mail; undefined = it was not. */
	optedOutAt(address: string): number | undefined {
		const contact = this.primaryHolder(address);
		return this.optOuts.get(address) ?? (contact?.properties[OPT_OUT] === 'true' ? since(contact, OPT_OUT) : undefined);
	}

	statusOf(address: string, typeId: number): Preference {
		const optedOutAt = this.optedOutAt(address);
		if (optedOutAt !== undefined) return { status: 'UNSUBSCRIBED', at: optedOutAt, isWide: true };
		const set = this.statuses.get(address)?.get(typeId);
		if (set !== undefined) return set;
		const contact = this.primaryHolder(address);
		const name = propertyOf(typeId);
		return contact?.properties[name] === 'true'
			? { status: 'UNSUBSCRIBED', at: since(contact, name) }
			: { status: 'NOT_SPECIFIED', at: contact?.createdAt ?? this.now() };
	}

	/** Opts an address out of all e-mail; false when it was before. */
	unsubscribeAll(address: string): boolean {
		const isNew = this.optedOutAt(address) === undefined;
		if (!this.optOuts.has(address)) this.optOuts.set(address, this.optedOutAt(address) ?? this.now());
		this.show(address, { [OPT_OUT]: 'true' });
		return isNew;
	}

	/** Sets the status for one type of e-mail. An unsubscribed address stays so, unless `settings.resubscribing` allows more. */
	set(address: string, typeId: number, wanted: Omit<Preference, 'at' | 'isWide'>): SetOutcome {
		const { status } = this.statusOf(address, typeId);
		if (status === wanted.status) return 'NO_STATUS_CHANGE';
		const lifts = status === 'UNSUBSCRIBED';
		if (lifts && this.settings.resubscribing === 'refused') return 'REFUSED';
		const all = this.statuses.get(address) ?? new Map<number, Preference>();
		this.statuses.set(address, all.set(typeId, { ...wanted, at: this.now() }));
		if (lifts) this.optOuts.delete(address);
		this.show(address, {
			[propertyOf(typeId)]: wanted.status === 'UNSUBSCRIBED' ? 'true' : '',
			...(lifts && { [OPT_OUT]: '' }),
		});
		return lifts ? 'RESUBSCRIBE_OCCURRED' : 'REQUESTED_CHANGE_OCCURRED';
	}

	/** Notes what a contact's properties say of its address, before the contact is deleted or gets another one. */
	remember(contact: Contact): void {
		const address = contact.properties['email'];
		if (address !== undefined && contact.properties[OPT_OUT] === 'true' && !this.optOuts.has(address))
			this.optOuts.set(address, since(contact, OPT_OUT));
	}

	/** A user or the contact's owner lifted the opt-out of all e-mail, which no call can. */
	lift(contact: Contact): void {
		const address = contact.properties['email'];
		if (address !== undefined) this.optOuts.delete(address);
	}

	/** What a contact that gets this address has to show; `''` = not opted out. */
	valuesFor(address: string): Record<string, string> {
		const types = SUBSCRIPTION_TYPES.map(({ id }): [string, string] => [
			propertyOf(id),
			this.statuses.get(address)?.get(id)?.status === 'UNSUBSCRIBED' ? 'true' : '',
		]);
		return { [OPT_OUT]: this.optOuts.has(address) ? 'true' : '', ...Object.fromEntries(types) };
	}

	/** Lets a new contact show what is known of its address. */
	showOn(address: string): void {
		const set = Object.entries(this.valuesFor(address)).filter(([, value]) => value !== '');
		if (set.length > 0) this.show(address, Object.fromEntries(set));
	}

	private show(address: string, values: Readonly<Record<string, string>>): void {
		this.schedule.at(this.now() + this.settings.optOutDelayMs, (at) => {
			const contact =
				this.settings.optOutOfSecondaryAddress === 'contact' ? this.holder(address) : this.primaryHolder(address);
			if (contact !== undefined) this.contacts.change(contact.id, values, BY_PREFERENCES, at);
		});
	}

	private holder(address: string): Contact | undefined {
		const id = this.contacts.holderOf(address);
		return id === undefined ? undefined : this.contacts.live(id);
	}

	private primaryHolder(address: string): Contact | undefined {
		const contact = this.holder(address);
		return contact?.properties['email'] === address ? contact : undefined;
	}
}

function propertyOf(typeId: number): string {
	return `${OPT_OUT}_${typeId}`;
}

function since(contact: Contact, name: string): number {
	return contact.history?.[name]?.[0]?.at ?? contact.createdAt;
}
