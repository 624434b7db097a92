import type { SandboxClock } from '../engine';
import { ContactStore, type Source } from './contacts/contactStore';
import type { Contact, ContactList, ProcessingStatus, ProcessingType, PropertyDefinition } from './entities';
import { ActiveLists } from './lists/activeLists';
import { ImportStore } from './imports/importStore';
import { ListStore } from './lists/listStore';
import { seedDefinitions } from './contacts/propertyDefinitions';
import { PreferenceStore } from './preferences/preferenceStore';
import { Schedule } from './schedule';
import type { HubSpotSettings } from './settings';

/** Property values by name, as callers may give them. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Everything one HubSpot account holds, with what happens in it besides API calls. Ids may be given as text or number. */
export class HubSpotStore {
	readonly definitions: Map<string, PropertyDefinition>;
	readonly contacts: ContactStore;
	readonly lists: ListStore;
	readonly preferences: PreferenceStore;
	readonly active: ActiveLists;
	readonly imports: ImportStore;
	private readonly schedule: Schedule;

	constructor(
		private readonly clock: SandboxClock,
		private readonly settings: HubSpotSettings,
		extraProperties = 0,
	) {
		const now = () => this.clock.now();
		this.definitions = seedDefinitions(extraProperties);
		this.contacts = new ContactStore(now, settings, this.definitions);
		this.lists = new ListStore(now, settings);
		this.schedule = new Schedule(now);
		this.active = new ActiveLists(now, settings, this.contacts, this.lists, this.schedule);
		this.preferences = new PreferenceStore(now, settings, this.contacts, this.schedule);
		this.imports = new ImportStore(now, settings, this.contacts, this.schedule);
	}

	/** Does what HubSpot has done in the background by now. */
	catchUp(): void {
		this.schedule.catchUp();
	}

	/**
	 * Adds a contact, to the lists as well; returns its id. Property names must exist; values are not checked, only
	 * e-mails are lower-cased as HubSpot does.
	 */
	addContact(properties: Values, lists: ReadonlyArray<string | number> = []): string {
		const values = this.known(properties);
		const { email } = values;
		if (email !== undefined && this.contacts.holderOf(email) !== undefined) throw new Error('The e-mail is taken');
		const targets = lists.map((list) => this.lists.mustHave(Number(list)).id);
		const contact = this.contacts.create(values);
		if (email !== undefined) this.preferences.showOn(email);
		for (const list of targets) this.lists.add(list, [contact.id]);
		return String(contact.id);
	}

	/** Sets values of a contact as a user would; `''` clears. */
	changeContact(id: string | number, properties: Values, source?: Source): void {
		const values = this.known(properties);
		const { email } = values;
		const holder = email === undefined ? undefined : this.contacts.holderOf(email);
		if (holder !== undefined && holder !== Number(id)) throw new Error('The e-mail is taken');
		this.noteOptIn(id, values);
		this.contacts.change(Number(id), values, source);
		if (email) this.preferences.showOn(email);
	}

	/** Sets the same values on many contacts in one instant, as a bulk edit does. */
	bulkChange(ids: ReadonlyArray<string | number>, properties: Values): void {
		const values = this.known(properties);
		const at = this.clock.now();
		for (const id of ids) {
			this.noteOptIn(id, values);
			this.contacts.change(Number(id), values, { sourceType: 'CRM_UI_BULK_ACTION' }, at);
		}
	}

	/** A visit to the website moves `lastmodifieddate` and hidden values only. */
	pageView(id: string | number): void {
		this.contacts.pageView(Number(id));
	}

	addToList(list: string | number, ids: ReadonlyArray<string | number>): void {
		const contactIds = ids.map((id) => this.contacts.mustHave(Number(id)).id);
		this.lists.add(Number(list), contactIds);
	}

	removeFromList(list: string | number, ids: ReadonlyArray<string | number>): void {
		this.lists.remove(Number(list), ids.map(Number));
	}

	/** Archives a contact; it leaves its lists unless `settings.archivedStayInLists`. */
	archive(id: string | number): void {
		this.preferences.remember(this.contact(id));
		const contact = this.contacts.archive(Number(id));
		if (!this.settings.archivedStayInLists) this.leaveLists(contact);
	}

	/** Erases a contact for good, as a request under the GDPR does: no contact can have its addresses again. */
	gdprDelete(id: string | number): void {
		const contact = this.contact(id);
		this.leaveLists(contact);
		this.contacts.erase(contact.id);
	}

	restoreContact(id: string | number): void {
		const { email } = this.contacts.restore(Number(id)).properties;
		if (email !== undefined) this.preferences.showOn(email);
	}

	/** Merges two contacts; the surviving record takes over all memberships if `settings.mergeKeepsLists`. Returns its id. */
	merge(primaryId: string | number, loserId: string | number): string {
		const losers = [Number(primaryId), Number(loserId)];
		if (losers[0] === losers[1]) throw new Error('A contact cannot be merged with itself');
		const memberOf = [...this.lists.lists.values()].filter(({ members }) => losers.some((id) => members.has(id)));
		for (const id of losers) this.preferences.remember(this.contact(id));
		const survivor = this.contacts.merge(losers[0] as number, losers[1] as number);
		const at = this.clock.now();
		for (const list of memberOf) {
			for (const id of losers) if (id !== survivor.id) list.members.remove(id, at);
			if (this.settings.mergeKeepsLists) list.members.add(survivor.id, at);
			else list.members.remove(survivor.id, at);
		}
		this.active.contactChanged(survivor.id, at);
		return String(survivor.id);
	}

	/** The contact unsubscribed from all e-mail, or subscribed again, which no API call can do. */
	optOut(id: string | number, optedOut = true): void {
		if (!optedOut) this.preferences.lift(this.contact(id));
		this.contacts.change(
			Number(id),
			{ hs_email_optout: optedOut ? 'true' : '' },
			{ sourceType: 'EMAIL', sourceId: 'EmailSubscriptionManager' },
		);
	}

	/** Gives a contact a further address, as HubSpot's page of a contact can. */
	addSecondaryEmail(id: string | number, email: string): void {
		const address = email.trim().toLowerCase();
		if (this.contacts.holderOf(address) !== undefined) throw new Error('The e-mail is taken');
		const more = this.contact(id).properties['hs_additional_emails'];
		this.contacts.change(Number(id), { hs_additional_emails: [...(more?.split(';') ?? []), address].join(';') });
	}

	deleteList(list: string | number): void {
		this.lists.delete(Number(list));
	}

	createList(name: string, processingType: ProcessingType = 'MANUAL'): string {
		return String(this.lists.create(name, processingType).id);
	}

	/**
	 * Makes a list from filters: an active one whose members follow from now on, or a snapshot. Throws on filters that
	 * are not taken. Returns its id.
	 */
	createFilteredList(name: string, filterBranch: unknown, processingType: 'DYNAMIC' | 'SNAPSHOT' = 'DYNAMIC'): string {
		const test = this.active.testOf(filterBranch);
		const list = this.lists.create(name, processingType, { filterBranch });
		this.active.follow(list, test);
		return String(list.id);
	}

	/**
	 * The filters of a list were edited. With `filterBranch` its members follow from these filters; without, they stay and
	 * `status` is shown.
	 */
	editFilters(list: string | number, filterBranch?: unknown, status?: ProcessingStatus): void {
		const edited = this.lists.mustHave(Number(list));
		const test = filterBranch === undefined ? undefined : this.active.testOf(filterBranch);
		this.lists.editFilters(edited.id, filterBranch, status);
		if (test !== undefined) this.active.follow(edited, test);
	}

	restoreList(list: string | number): void {
		this.lists.restore(Number(list));
		this.active.restored(this.lists.mustHave(Number(list)));
	}

	setProcessingStatus(list: string | number, status: ProcessingStatus): void {
		this.lists.mustHave(Number(list)).processingStatus = status;
	}

	/** Takes a property definition away, as archiving it in the settings does. */
	archiveProperty(name: string): void {
		const definition = this.definitions.get(name);
		if (definition === undefined) throw new Error(`No property ${name}`);
		definition.archivedAt = this.clock.now();
	}

	/** A list that is not deleted; throws otherwise. */
	list(id: string | number): ContactList {
		return this.lists.mustHave(Number(id));
	}

	/** A contact that is not archived; throws otherwise. */
	contact(id: string | number): Contact {
		return this.contacts.mustHave(Number(id));
	}

	private noteOptIn(id: string | number, { hs_email_optout: optedOut }: Readonly<Record<string, string>>): void {
		if (optedOut === '' || optedOut === 'false') this.preferences.lift(this.contact(id));
	}

	private leaveLists({ id }: Contact): void {
		for (const { members } of this.lists.lists.values()) members.remove(id, this.clock.now());
	}

	private known(properties: Values): Record<string, string> {
		const values: Record<string, string> = {};
		for (const [name, value] of Object.entries(properties)) {
			if (!this.definitions.has(name)) throw new Error(`No property ${name}`);
			const text = value === null ? '' : String(value);
			values[name] = name === 'email' ? text.trim().toLowerCase() : text;
		}
		return values;
	}
}
