import type { Contact, PropertyDefinition, Version } from '../entities';
import { SearchIndex, asIndexed } from './searchIndex';
import type { HubSpotSettings } from '../settings';

/** Where a value came from, as `sourceType` and `sourceId` of its history entry. */
export interface Source {
	readonly sourceType: string;
	readonly sourceId?: string;
}

const BY_USER: Source = { sourceType: 'CRM_UI', sourceId: 'userId:7001' };

/**
 * The contacts of the account: values, their history, e-mail uniqueness. Takes values as they are (HubSpot holds malformed
 * ones from imports); checking what the API accepts is the routes' task. Throws on ids that do not exist.
 */
export class ContactStore {
	readonly contacts = new Map<number, Contact>();
	readonly index: SearchIndex;
	private readonly byEmail = new Map<string, number>();
	private readonly byUniqueValue = new Map<string, number>();
	/** Unique properties created while running. */
	readonly extraUnique: string[] = [];
	/** Addresses of contacts that were erased for good; no contact can have them again. */
	readonly blocked = new Set<string>();
	/** Told of every change of a contact, with its instant. */
	whenChanged: (id: number, at: number) => void = () => undefined;
	private lastId = 0;
	private undo: Array<() => void> | undefined;

	constructor(
		private readonly now: () => number,
		private readonly settings: HubSpotSettings,
		readonly definitions: Map<string, PropertyDefinition>,
	) {
		this.index = new SearchIndex(now, () => this.settings.indexingDelayMs);
	}

	/** Runs `work`; when it throws, every create and change it made is undone. */
	atomically(work: () => void): void {
		this.undo = [];
		try {
			work();
		} catch (error) {
			for (const step of this.undo.reverse()) step();
			throw error;
		} finally {
			this.undo = undefined;
		}
	}

	/** A contact that is not archived, or the one it was merged into when `settings.mergedIds` says so. */
	live(id: number): Contact | undefined {
		const contact = this.contacts.get(id);
		if (contact?.mergedInto !== undefined && this.settings.mergedIds === 'redirect')
			return this.live(contact.mergedInto);
		return contact === undefined || contact.archivedAt !== undefined ? undefined : contact;
	}

	/** Finds by record id, e-mail or a property with unique values; only contacts that are not archived. */
	find(idProperty: string | undefined, value: string): Contact | undefined {
		if (idProperty === undefined || idProperty === 'hs_object_id') {
			return /^\d{1,15}$/.test(value) ? this.live(Number(value)) : undefined;
		}
		if (idProperty === 'email') {
			const email = value.trim().toLowerCase();
			const id = this.byEmail.get(email);
			const contact = id === undefined ? undefined : this.live(id);
			return contact?.properties['email'] === email || this.settings.matchSecondaryEmail ? contact : undefined;
		}
		const id = this.byUniqueValue.get(`${idProperty}\n${value}`);
		return id === undefined ? undefined : this.live(id);
	}

	/** The contact that holds this address as its main or an additional one. */
	holderOf(email: string): number | undefined {
		return this.byEmail.get(email.trim().toLowerCase());
	}

	/** Adds a contact and returns it. `id` and `at` are for seeding. */
	create(
		properties: Readonly<Record<string, string>>,
		source = BY_USER,
		given: { id?: number; at?: number } = {},
	): Contact {
		const at = given.at ?? this.now();
		const id = given.id ?? this.lastId + 51 + (this.lastId % 7) * 50;
		const values = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
		const contact: Contact = { id, createdAt: at, updatedAt: at, properties: values };
		if (source !== BY_USER) {
			contact.history = Object.fromEntries(
				Object.entries(values).map(([name, value]) => [name, [{ value, at, ...source }]]),
			);
		}
		this.contacts.set(id, contact);
		this.lastId = Math.max(this.lastId, id);
		this.claim(contact);
		this.index.changed(contact, undefined);
		this.undo?.push(() => {
			this.release(contact);
			this.contacts.delete(id);
		});
		this.whenChanged(id, this.now());
		return contact;
	}

	/** Sets values (`''` clears) and moves `lastmodifieddate`; equal values make no history entry. */
	change(id: number, values: Readonly<Record<string, string>>, source = BY_USER, at = this.now()): Contact {
		const contact = this.mustHave(id);
		const before = asIndexed(contact);
		const properties: Record<string, string> = { ...contact.properties };
		const { properties: oldProperties, history: oldHistory, updatedAt: oldUpdatedAt } = contact;
		this.undo?.push(() => {
			this.release(contact);
			Object.assign(contact, { properties: oldProperties, history: oldHistory, updatedAt: oldUpdatedAt });
			this.claim(contact);
			this.index.changed(contact, before);
		});
		this.release(contact);
		for (const [name, value] of Object.entries(values)) {
			const old = properties[name];
			if (value === (old ?? '')) continue;
			const earlier: Version[] = contact.history?.[name] ?? [];
			if (earlier.length === 0 && old !== undefined) {
				earlier.push({ value: old, at: contact.createdAt, sourceType: 'IMPORT' });
			}
			contact.history = { ...contact.history, [name]: [{ value, at, ...source }, ...earlier] };
			if (value === '') delete properties[name];
			else properties[name] = value;
		}
		contact.properties = properties;
		contact.updatedAt = at;
		this.claim(contact);
		this.index.changed(contact, before);
		this.whenChanged(id, at);
		return contact;
	}

	/** A visit to the website: counts up hidden analytics values, and with them `lastmodifieddate`. */
	pageView(id: number): Contact {
		const contact = this.mustHave(id);
		const views = Number(contact.properties['hs_analytics_num_page_views'] ?? '0') + 1;
		const at = this.now();
		return this.change(
			id,
			{ hs_analytics_num_page_views: String(views), hs_analytics_last_timestamp: new Date(at).toISOString() },
			{ sourceType: 'ANALYTICS', sourceId: 'WebAnalyticsPropertyCalculation' },
			at,
		);
	}

	/** Puts a contact into the recycle bin; its address can then be used again. */
	archive(id: number): Contact {
		const contact = this.mustHave(id);
		const before = asIndexed(contact);
		contact.archivedAt = this.now();
		this.release(contact);
		this.index.changed(contact, before);
		return contact;
	}

	/** Erases a contact for good (GDPR) and blocks its addresses. */
	erase(id: number): void {
		const contact = this.archive(id);
		for (const email of emailsOf(contact)) this.blocked.add(email);
		this.contacts.delete(id);
	}

	/** Takes a contact out of the recycle bin. */
	restore(id: number): Contact {
		const contact = this.contacts.get(id);
		if (contact?.archivedAt === undefined || contact.mergedInto !== undefined) throw new Error(`Not archived: ${id}`);
		const before = asIndexed(contact);
		delete contact.archivedAt;
		contact.updatedAt = this.now();
		this.claim(contact);
		this.index.changed(contact, before);
		this.whenChanged(id, contact.updatedAt);
		return contact;
	}

	/**
	 * Merges `loserId` into `primaryId`: values of the primary win, empty ones are filled, the loser's address becomes an
	 * additional one. The result is a record with a new id, unless `settings.mergeKeepsPrimaryId`.
	 */
	merge(primaryId: number, loserId: number): Contact {
		const primary = this.mustHave(primaryId);
		const loser = this.mustHave(loserId);
		const at = this.now();
		const emails = [primary, loser].flatMap(({ properties }) => [
			...(properties['email'] === undefined ? [] : [properties['email']]),
			...(properties['hs_additional_emails']?.split(';') ?? []),
		]);
		const { createdAt } = primary;
		const parts = [primaryId, loserId].map((id) => `${id}:${at}`).join(';');
		const merged: Record<string, string> = { ...loser.properties, ...primary.properties };
		if (!this.settings.mergeKeepsLosersIds && primary.properties['hs_calculated_merged_vids'] === undefined)
			delete merged['hs_calculated_merged_vids'];
		const [email, ...more] = [...new Set(emails)];
		if (email !== undefined) merged['email'] = email;
		if (more.length > 0) merged['hs_additional_emails'] = more.join(';');
		merged['hs_merged_object_ids'] = [
			...[primary, ...(this.settings.mergeKeepsLosersIds ? [loser] : [])].flatMap(
				({ properties }) => properties['hs_merged_object_ids']?.split(';') ?? [],
			),
			primaryId,
			loserId,
		].join(';');
		merged['hs_calculated_merged_vids'] = [primary.properties['hs_calculated_merged_vids'], parts]
			.filter(Boolean)
			.join(';');
		const source: Source = { sourceType: 'MERGE_OBJECTS', sourceId: `${primaryId}:${loserId}` };
		this.archive(loserId);
		if (this.settings.mergeKeepsPrimaryId) {
			loser.mergedInto = primaryId;
			return this.change(primaryId, merged, source, at);
		}
		this.archive(primaryId);
		const id = this.lastId + 101;
		const survivor = this.create({}, source, { id, at: createdAt });
		survivor.history = { ...loser.history, ...primary.history };
		survivor.properties = {};
		this.change(id, merged, source, at);
		loser.mergedInto = id;
		primary.mergedInto = id;
		return survivor;
	}

	/** A contact that is not archived; throws otherwise. */
	mustHave(id: number): Contact {
		const contact = this.contacts.get(id);
		if (contact === undefined || contact.archivedAt !== undefined) throw new Error(`No contact with id ${id}`);
		return contact;
	}

	private claim(contact: Contact): void {
		for (const email of emailsOf(contact)) this.byEmail.set(email, contact.id);
		for (const key of this.uniqueKeys(contact)) this.byUniqueValue.set(key, contact.id);
	}

	private release(contact: Contact): void {
		for (const email of emailsOf(contact)) if (this.byEmail.get(email) === contact.id) this.byEmail.delete(email);
		for (const key of this.uniqueKeys(contact)) this.byUniqueValue.delete(key);
	}

	private uniqueKeys({ properties }: Contact): string[] {
		return ['customer_number', ...this.extraUnique]
			.filter((name) => properties[name] !== undefined)
			.map((name) => `${name}\n${properties[name]}`);
	}
}

function emailsOf({ properties }: Contact): string[] {
	const { email, hs_additional_emails: more } = properties;
	return [...(email === undefined ? [] : [email]), ...(more === undefined ? [] : more.split(';'))].map((text) =>
		text.toLowerCase(),
	);
}
