import { sameValue } from './contacts/attributes';
import {
	identifierKinds,
	type Attribute,
	type AttributeValue,
	type Contact,
	type ContactList,
	type DroppedValue,
	type Folder,
	type IdentifierKind,
	type Resubscription,
	type Segment,
	type Write,
	type WriteSource,
} from './entities';
import type { BrevoSettings } from './settings';

/** What a write wants of a contact. Absent = leave as it is; `null` = take away. Identifiers are in their normal form. */
export interface ContactChange {
	identifiers?: Partial<Record<IdentifierKind, string | null>>;
	attributes?: Record<string, AttributeValue | null>;
	emailBlocked?: boolean;
	smsBlocked?: boolean;
	addTo?: readonly number[];
	removeFrom?: readonly number[];
}

/** Entries kept in each of the logs below. */
const MAX_LOG = 500_000;

/** Everything one Brevo account holds, and a log of what writes did to it. Knows no HTTP and refuses nothing. */
export class BrevoStore {
	attributes: Attribute[] = [];
	readonly contacts = new Map<number, Contact>();
	readonly lists = new Map<number, ContactList>();
	readonly folders = new Map<number, Folder>();
	readonly segments: Segment[] = [];

	/** Real changes, in order. A call that changes nothing leaves no entry. */
	readonly writes: Write[] = [];
	/** Every step from blocked to mailable that an API client caused. Writes of the control API are not in it. */
	readonly resubscriptions: Resubscription[] = [];
	/** Values left out silently. */
	readonly dropped: DroppedValue[] = [];

	/** All contacts in the order of their creation, until one is deleted. */
	private ordered: Contact[] | undefined;
	private readonly owners = new Map<IdentifierKind, Map<string, number>>();
	/** Addresses of contacts deleted while blocked: creating one of them anew loses the unsubscribe. */
	private readonly blockedWhenDeleted = new Set<string>();
	private nextId = { contact: 1, list: 1, folder: 1 };

	constructor(
		private readonly now: () => number,
		private readonly settings: Pick<BrevoSettings, 'touchUnchanged' | 'touchOnListChange' | 'touchOnBlock'>,
	) {
		this.clear();
	}

	clear(): void {
		this.attributes = [];
		for (const map of [this.contacts, this.lists, this.folders]) map.clear();
		this.ordered = undefined;
		for (const log of [this.writes, this.resubscriptions, this.dropped, this.segments]) log.length = 0;
		this.blockedWhenDeleted.clear();
		for (const kind of identifierKinds) this.owners.set(kind, new Map());
		this.nextId = { contact: 1, list: 1, folder: 1 };
	}

	/** All contacts in the order of their creation: made once, because an account may hold millions and be asked for page after page. */
	inOrder(): readonly Contact[] {
		return (this.ordered ??= [...this.contacts.values()]);
	}

	/** Forgets the logs, not the data; tests call it between two phases. */
	clearLogs(): void {
		for (const log of [this.writes, this.resubscriptions, this.dropped]) log.length = 0;
	}

	attribute(name: string): Attribute | undefined {
		return this.attributes.find((attribute) => attribute.name === name);
	}

	/** The contact an identifier in its normal form belongs to. */
	owner(kind: IdentifierKind, value: string): Contact | undefined {
		const id = this.owners.get(kind)?.get(value);
		return id === undefined ? undefined : this.contacts.get(id);
	}

	/** `at` and `modifiedAt` are for the seed, which writes history. */
	createContact(change: ContactChange, via: WriteSource, at = this.now(), modifiedAt = at): Contact {
		const contact: Contact = {
			id: this.nextId.contact++,
			identifiers: {},
			attributes: {},
			emailBlocked: false,
			smsBlocked: false,
			createdAt: at,
			modifiedAt,
			listIds: new Set(),
			listsLeft: new Set(),
		};
		this.contacts.set(contact.id, contact);
		this.ordered?.push(contact);
		const changedFields = this.apply(contact, change);
		if (via === 'seed') return contact;
		this.log({ at, kind: 'created', via, contactId: contact.id, changedFields });
		const { email } = contact.identifiers;
		if (email !== undefined && this.blockedWhenDeleted.delete(email) && !contact.emailBlocked && via !== 'control') {
			keep(this.resubscriptions, { at, contactId: contact.id, via, channel: 'email', cause: 'recreated' });
		}
		return contact;
	}

	/** Returns the fields that changed. `cause` is what a lifted block is put down to. */
	changeContact(
		contact: Contact,
		change: ContactChange,
		via: WriteSource,
		cause: Resubscription['cause'] = 'flag',
	): string[] {
		const at = this.now();
		const wasBlocked = { email: contact.emailBlocked, sms: contact.smsBlocked };
		const backOnList = (change.addTo ?? []).some((listId) => contact.listsLeft.delete(listId));
		const changedFields = this.apply(contact, change);
		const onlyLists = changedFields.length > 0 && changedFields.every((field) => /^[+-]list:/.test(field));
		const onlyBlock =
			changedFields.length > 0 && changedFields.every((field) => /^(email|sms)Blacklisted$/.test(field));
		const touches =
			changedFields.length === 0
				? this.settings.touchUnchanged
				: onlyLists
					? this.settings.touchOnListChange
					: !onlyBlock || this.settings.touchOnBlock;
		if (touches) {
			if (contact.modifiedAt < at) contact.modifiedBefore = contact.modifiedAt;
			contact.modifiedAt = at;
		}
		if (backOnList && via !== 'control')
			keep(this.resubscriptions, { at, contactId: contact.id, via, channel: 'email', cause: 'backOnList' });
		if (changedFields.length === 0) return changedFields;
		this.log({ at, kind: 'updated', via, contactId: contact.id, changedFields });
		if (via !== 'control') {
			const entry = { at, contactId: contact.id, via, cause };
			if (wasBlocked.email && !contact.emailBlocked) keep(this.resubscriptions, { ...entry, channel: 'email' });
			if (wasBlocked.sms && !contact.smsBlocked) keep(this.resubscriptions, { ...entry, channel: 'sms' });
		}
		return changedFields;
	}

	deleteContact(contact: Contact, via: WriteSource): void {
		for (const kind of identifierKinds) this.setIdentifier(contact, kind, null);
		for (const listId of contact.listIds) {
			const list = this.lists.get(listId);
			list?.members.delete(contact.id);
			if (list) this.noteSize(list);
		}
		this.contacts.delete(contact.id);
		this.ordered = undefined;
		this.log({ at: this.now(), kind: 'deleted', via, contactId: contact.id, changedFields: [] });
	}

	/**
	 * Makes one contact of two: the survivor joins the lists of the other, which is deleted with its block and history. A
	 * blocked contact that lives on in one that is not blocked is mailable again.
	 */
	swallow(survivor: Contact, other: Contact, via: WriteSource): void {
		const { emailBlocked, listIds } = other;
		this.deleteContact(other, via);
		this.changeContact(survivor, { addTo: [...listIds] }, via);
		if (!emailBlocked || survivor.emailBlocked) return;
		const entry = { at: this.now(), contactId: survivor.id, via, channel: 'email', cause: 'merged' } as const;
		keep(this.resubscriptions, entry);
	}

	createFolder(name: string): Folder {
		const folder = { id: this.nextId.folder++, name };
		this.folders.set(folder.id, folder);
		return folder;
	}

	/** Takes every list inside with it. */
	deleteFolder(folder: Folder): void {
		for (const list of [...this.lists.values()]) if (list.folderId === folder.id) this.deleteList(list);
		this.folders.delete(folder.id);
	}

	createList(name: string, folderId: number, createdAt = this.now()): ContactList {
		const list: ContactList = { id: this.nextId.list++, name, folderId, createdAt, members: new Set(), sizes: [] };
		this.lists.set(list.id, list);
		return list;
	}

	/** The contacts stay. */
	deleteList(list: ContactList): void {
		for (const contactId of list.members) this.contacts.get(contactId)?.listIds.delete(list.id);
		this.lists.delete(list.id);
	}

	/** Removes the attribute and every value of it. */
	deleteAttribute(name: string): void {
		this.attributes = this.attributes.filter((attribute) => attribute.name !== name);
		for (const contact of this.contacts.values()) delete contact.attributes[name];
	}

	noteDropped(name: string, why: DroppedValue['why'], contactId?: number): void {
		keep(this.dropped, { at: this.now(), contactId, name, why });
	}

	private apply(contact: Contact, change: ContactChange): string[] {
		const changed: string[] = [];
		for (const kind of identifierKinds) {
			const value = change.identifiers?.[kind];
			if (value !== undefined && this.setIdentifier(contact, kind, value)) changed.push(kind);
		}
		for (const [name, value] of Object.entries(change.attributes ?? {})) {
			if (sameValue(contact.attributes[name], value ?? undefined)) continue;
			if (value === null) delete contact.attributes[name];
			else contact.attributes[name] = value;
			changed.push(name);
		}
		if (change.emailBlocked !== undefined && change.emailBlocked !== contact.emailBlocked) {
			contact.emailBlocked = change.emailBlocked;
			changed.push('emailBlacklisted');
		}
		if (change.smsBlocked !== undefined && change.smsBlocked !== contact.smsBlocked) {
			contact.smsBlocked = change.smsBlocked;
			changed.push('smsBlacklisted');
		}
		for (const listId of change.addTo ?? []) {
			const list = this.lists.get(listId);
			if (list === undefined || contact.listIds.has(listId)) continue;
			list.members.add(contact.id);
			this.noteSize(list);
			contact.listIds.add(listId);
			changed.push(`+list:${listId}`);
		}
		for (const listId of change.removeFrom ?? []) {
			if (!contact.listIds.delete(listId)) continue;
			const list = this.lists.get(listId);
			list?.members.delete(contact.id);
			if (list) this.noteSize(list);
			changed.push(`-list:${listId}`);
		}
		return changed;
	}

	/** The sizes of the last while, for counters that lag behind. */
	private noteSize({ sizes, members }: ContactList): void {
		sizes.push({ at: this.now(), size: members.size });
		if (sizes.length > 1_000) sizes.splice(0, 500);
	}

	private setIdentifier(contact: Contact, kind: IdentifierKind, value: string | null): boolean {
		const before = contact.identifiers[kind];
		if (before === (value ?? undefined)) return false;
		const owners = this.owners.get(kind);
		if (before !== undefined) {
			owners?.delete(before);
			if (kind === 'email' && value === null && contact.emailBlocked) this.blockedWhenDeleted.add(before);
		}
		if (value === null) {
			delete contact.identifiers[kind];
		} else {
			contact.identifiers[kind] = value;
			owners?.set(value, contact.id);
		}
		return true;
	}

	private log(write: Write): void {
		keep(this.writes, write);
	}
}

function keep<T>(log: T[], entry: T): void {
	if (log.length >= MAX_LOG) log.splice(0, MAX_LOG / 2);
	log.push(entry);
}
