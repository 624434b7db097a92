import { isEmptyValue, readJsonValue } from './attributes';
import { BrevoError, invalidParameter, missingParameter } from '../brevoError';
import { identifierKinds, type AttributeValue, type Contact, type IdentifierKind } from '../entities';
import { isPhoneKind, normalEmail, normalIdentifier, phoneOnlyEmail } from './identifiers';
import { optionalFlag, optionalIds, optionalObject, optionalText, optionalTexts, type Body } from '../readParameters';
import type { BrevoSettings } from '../settings';
import type { BrevoStore, ContactChange } from '../store';

/** POST, PUT and the old batch update: one contact at a time, with an error at once. */
export class ContactWrites {
	constructor(
		private readonly store: BrevoStore,
		private readonly settings: BrevoSettings,
	) {}

	/** POST /contacts. `created` decides between 201 and 204; `id` is only for the answer where it carries one. */
	createOrUpdate(body: Body): { created: boolean; merged: boolean; id: number } {
		const change = this.readChange(body);
		const email = optionalText(body, 'email');
		const identifiers = { ...change.identifiers };
		if (email !== undefined && email !== '') identifiers.email = validEmail(email);
		const updateEnabled = optionalFlag(body, 'updateEnabled') ?? false;
		if (!updateEnabled && optionalTexts(body, 'smtpBlacklistSender') !== undefined) {
			throw invalidParameter('smtpBlacklistSender is only available if updateEnabled is true');
		}
		const target = this.targetOf(identifiers);
		const clashes = this.clashes(identifiers, target);
		const forceMerge = optionalFlag(body, 'forceMerge') ?? false;

		if (target === undefined && clashes.length === 0) {
			if (identifiers.email === undefined && identifiers.SMS !== undefined) {
				identifiers.email = phoneOnlyEmail(identifiers.SMS);
			}
			return { created: true, merged: false, id: this.store.createContact({ ...change, identifiers }, 'post').id };
		}
		if (forceMerge) {
			const others = clashes.map((kind) => this.store.owner(kind, identifiers[kind] as string) as Contact);
			const survivor = this.merge(target === undefined ? others : [target, ...others]);
			this.store.changeContact(survivor, { ...change, identifiers }, 'post');
			return { created: false, merged: true, id: survivor.id };
		}
		if (target !== undefined && !updateEnabled) throw this.duplicate('create', this.owned(identifiers));
		if (clashes.length > 0) throw this.duplicate(target === undefined ? 'create' : 'update', clashes);
		const contact = target as Contact;
		this.store.changeContact(contact, { ...change, identifiers }, 'post');
		return { created: false, merged: false, id: contact.id };
	}

	/** PUT /contacts/{identifier}, and one row of POST /contacts/batch. */
	update(contact: Contact, body: Body, via: 'put' | 'batch' = 'put'): void {
		const change = this.readChange(body);
		const identifiers = { ...change.identifiers };
		const wanted = optionalObject(body, 'attributes')?.EMAIL;
		if (typeof wanted === 'string' && wanted !== '') identifiers.email = validEmail(wanted);
		const removeFrom = optionalIds(body, 'unlinkListIds') ?? [];
		this.checkLists(removeFrom);

		const clashes = this.clashes(identifiers, contact);
		let survivor = contact;
		if (clashes.length > 0) {
			if (!(optionalFlag(body, 'forceMerge') ?? false)) throw this.duplicate('update', clashes);
			survivor = this.merge([
				contact,
				...clashes.map((kind) => this.store.owner(kind, identifiers[kind] as string) as Contact),
			]);
		}
		const newEmail = identifiers.email !== undefined && identifiers.email !== survivor.identifiers.email;
		const wholeChange: ContactChange = {
			...change,
			identifiers: { ...identifiers, ...this.emptied(body) },
			removeFrom,
		};
		// Documented: changing the address of a blocklisted contact takes the block away. Sending the flag along is the
		// one way known to keep it, and whether that suffices is UNCONFIRMED: hence the setting.
		const lifts = newEmail && (change.emailBlocked !== true || this.settings.emailChangeAlwaysLifts);
		if (lifts) wholeChange.emailBlocked = false;
		this.store.changeContact(
			survivor,
			wholeChange,
			via,
			newEmail && change.emailBlocked !== false ? 'emailChange' : 'flag',
		);
	}

	/** Reads what POST and PUT have in common. Wrong attribute values are dropped; wrong body types are a 400. */
	private readChange(body: Body): ContactChange & { identifiers: Partial<Record<IdentifierKind, string>> } {
		const identifiers: Partial<Record<IdentifierKind, string>> = {};
		const attributes: Record<string, AttributeValue | null> = {};
		const extId = optionalText(body, 'ext_id');
		if (extId !== undefined && extId !== '') identifiers.ext_id = extId;
		for (const [name, raw] of Object.entries(optionalObject(body, 'attributes') ?? {})) {
			if (name === 'EMAIL') continue;
			if (isPhoneKind(name)) this.readPhone(name, raw, identifiers);
			else if (name === 'EXT_ID') {
				if (identifiers.ext_id === undefined && typeof raw === 'string' && raw !== '') identifiers.ext_id = raw;
			} else this.readAttribute(name, raw, attributes);
		}
		optionalTexts(body, 'smtpBlacklistSender')?.forEach(validEmail);
		const addTo = optionalIds(body, 'listIds') ?? [];
		this.checkLists(addTo);
		return {
			identifiers,
			attributes,
			emailBlocked: optionalFlag(body, 'emailBlacklisted'),
			smsBlocked: optionalFlag(body, 'smsBlacklisted'),
			addTo,
		};
	}

	private readPhone(
		kind: 'SMS' | 'WHATSAPP' | 'LANDLINE_NUMBER',
		raw: unknown,
		identifiers: Partial<Record<IdentifierKind, string>>,
	): void {
		if (isEmptyValue(raw) && this.settings.emptyNumbers !== 'refused') return;
		const phone = typeof raw === 'string' || typeof raw === 'number' ? normalIdentifier(kind, String(raw)) : undefined;
		if (phone === undefined) {
			// The wording is UNCONFIRMED; the status and code are documented.
			throw invalidParameter(kind === 'SMS' ? 'Invalid phone number' : `Invalid ${kind} number`);
		}
		identifiers[kind] = phone;
	}

	/** The numbers that a PUT empties. */
	private emptied(body: Body): Partial<Record<IdentifierKind, null>> {
		if (this.settings.emptyNumbers !== 'cleared') return {};
		const sent = Object.entries(optionalObject(body, 'attributes') ?? {});
		return Object.fromEntries(
			sent.filter(([name, raw]) => isPhoneKind(name) && isEmptyValue(raw)).map(([name]) => [name, null]),
		);
	}

	private readAttribute(name: string, raw: unknown, attributes: Record<string, AttributeValue | null>): void {
		const attribute = this.store.attribute(name);
		if (attribute === undefined) {
			if (this.settings.unknownAttributes === 'error') throw invalidParameter(`Attribute ${name} not found`);
			this.store.noteDropped(name, 'unknown attribute');
			return;
		}
		if (isEmptyValue(raw)) {
			if (this.settings.emptyClears && attribute.category !== 'calculated' && attribute.category !== 'global') {
				attributes[name] = null;
			}
			return;
		}
		const read = readJsonValue(attribute, raw, this.settings);
		if ('value' in read) attributes[name] = read.value;
		else this.store.noteDropped(name, read.dropped);
	}

	/** The e-mail decides when there is one; else the external id, else a phone. */
	private targetOf(identifiers: Partial<Record<IdentifierKind, string>>): Contact | undefined {
		if (identifierKinds.every((kind) => identifiers[kind] === undefined)) {
			throw missingParameter('One of email, ext_id or attributes.SMS is required');
		}
		const kinds: readonly IdentifierKind[] = identifiers.email === undefined ? identifierKinds : ['email'];
		for (const kind of kinds) {
			const value = identifiers[kind];
			const owner = value === undefined ? undefined : this.store.owner(kind, value);
			if (owner !== undefined) return owner;
		}
		return undefined;
	}

	/** Identifiers that belong to some other contact than `self`. */
	private clashes(identifiers: Partial<Record<IdentifierKind, string>>, self: Contact | undefined): IdentifierKind[] {
		return this.owned(identifiers).filter((kind) => this.store.owner(kind, identifiers[kind] as string) !== self);
	}

	private owned(identifiers: Partial<Record<IdentifierKind, string>>): IdentifierKind[] {
		return identifierKinds.filter((kind) => {
			const value = identifiers[kind];
			return value !== undefined && this.store.owner(kind, value) !== undefined;
		});
	}

	private duplicate(action: 'create' | 'update', kinds: IdentifierKind[]): BrevoError {
		const verb = kinds.length === 1 ? 'is' : 'are';
		const message = `Unable to ${action} contact, ${kinds.join(', ')} ${verb} already associated with another Contact`;
		return new BrevoError(400, this.settings.duplicateCode, message, { duplicate_identifiers: kinds });
	}

	/** `forceMerge`: the contact modified last stays, the others are deleted; a block of any of them is kept. */
	private merge(contacts: Contact[]): Contact {
		const [survivor, ...others] = [...new Set(contacts)].sort((a, b) => b.modifiedAt - a.modifiedAt || b.id - a.id);
		for (const other of others) {
			const block: ContactChange = { addTo: [...other.listIds] };
			if (other.emailBlocked) block.emailBlocked = true;
			this.store.deleteContact(other, 'merge');
			this.store.changeContact(survivor as Contact, block, 'merge');
		}
		return survivor as Contact;
	}

	private checkLists(ids: readonly number[]): void {
		// Status and code are UNCONFIRMED for a list that does not exist.
		if (ids.some((id) => !this.store.lists.has(id))) throw invalidParameter('List ID does not exist');
	}
}

function validEmail(raw: string): string {
	const email = normalEmail(raw);
	if (email === undefined) throw invalidParameter('Invalid email address');
	return email;
}
