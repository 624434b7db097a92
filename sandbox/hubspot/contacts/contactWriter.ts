import type { Account } from '../api';
import type { Contact } from '../entities';
import { HubSpotError, validationError } from '../errors';
import type { Source } from './contactStore';
import { checkValues, invalidValues, type SentValues } from './propertyValues';
import type { ValidationRule } from './validationRules';

const BY_API: Source = { sourceType: 'INTEGRATION', sourceId: 'sandbox-app' };
const MORE_EMAILS = 'hs_additional_emails';

/** Creates and updates contacts as calls do: what is not taken throws HubSpot's error. */
export class ContactWriter {
	/** `rules`: the account's validation rules, if the path keeps to them. */
	constructor(
		private readonly account: Account,
		private readonly rules: readonly ValidationRule[],
	) {}

	create(properties: SentValues): Contact {
		const { contacts, preferences } = this.account.store;
		const values = this.checked(properties);
		this.refuseTaken(values, undefined);
		const contact = contacts.create(values, BY_API);
		const { email } = contact.properties;
		// The address may have been opted out before any contact had it.
		if (email !== undefined) preferences.showOn(email);
		return contact;
	}

	update(contact: Contact, properties: SentValues): Contact {
		if (Object.keys(properties).length === 0) {
			throw validationError('No properties found to update, please provide at least one.');
		}
		const values = this.checked(properties);
		this.refuseTaken(values, contact);
		if (this.isBackwards(contact, values['lifecyclestage'])) delete values['lifecyclestage'];
		return this.account.store.contacts.change(contact.id, { ...values, ...this.ofNewAddress(contact, values) }, BY_API);
	}

	/** Values by which an update also clears every property it does not name, as HubSpot may do in an upsert by e-mail. */
	clearingOthers(contact: Contact, properties: SentValues): SentValues {
		const others = Object.keys(contact.properties).filter((name) => {
			const definition = this.account.store.definitions.get(name);
			return name !== 'email' && definition?.readOnlyValue === false && definition.archivedAt === undefined;
		});
		return { ...Object.fromEntries(others.map((name) => [name, ''])), ...properties };
	}

	private checked(properties: SentValues): Record<string, string> {
		const { store, settings } = this.account;
		const values = checkValues(store.definitions, properties, settings, this.rules);
		if (values instanceof HubSpotError) throw values;
		return values;
	}

	private refuseTaken(values: Readonly<Record<string, string>>, own: Contact | undefined): void {
		const { store, settings } = this.account;
		const { email } = values;
		if (email && store.contacts.blocked.has(email)) {
			const message = `Email address ${email} has been GDPR blacklisted`;
			throw invalidValues([{ name: 'email', error: 'INVALID_EMAIL', message }], settings.portalId);
		}
		const holder = email ? store.contacts.holderOf(email) : undefined;
		if (email && holder !== undefined && holder !== own?.id) {
			throw own === undefined || settings.takenEmailOnUpdate === 'conflict'
				? this.conflict(holder)
				: this.alreadyHas('email', email, own, holder);
		}
		for (const [name, value] of Object.entries(values)) {
			if (name === 'email' || value === '' || store.definitions.get(name)?.hasUniqueValue !== true) continue;
			const other = store.contacts.find(name, value);
			if (other !== undefined && other.id !== own?.id) throw this.alreadyHas(name, value, own, other.id);
		}
	}

	private alreadyHas(name: string, value: string, own: Contact | undefined, holder: number): HubSpotError {
		const { portalId } = this.account.settings;
		const coordinates = `{portalId=${portalId}, objectTypeId=0-1, propertyName=${name}, value=${value}}`;
		const message = `Cannot set PropertyValueCoordinates${coordinates} on ${own?.id ?? 'a new contact'}. ${holder} already has that value.`;
		return invalidValues([{ name, error: 'CONFLICTING_UNIQUE_VALUE', message }], portalId);
	}

	private conflict(holder: number): HubSpotError {
		const { conflictBody } = this.account.settings;
		const isLegacy = conflictBody !== 'message';
		const message = conflictBody === 'identityProfile' ? '' : `. Existing ID: ${holder}`;
		return new HubSpotError(409, {
			message: `Contact already exists${message}`,
			...(isLegacy ? { error: 'CONTACT_EXISTS', identityProfile: this.identityOf(holder) } : { category: 'CONFLICT' }),
		});
	}

	private identityOf(id: number): Record<string, unknown> {
		const { properties, createdAt } = this.account.store.contact(id);
		const more = properties[MORE_EMAILS]?.split(';') ?? [];
		const emails = [...(properties['email'] === undefined ? [] : [properties['email']]), ...more];
		return {
			vid: id,
			identity: emails.map((value) => ({
				value,
				type: 'EMAIL',
				timestamp: createdAt,
				isPrimary: value === properties['email'],
			})),
			linkedVid: [],
			isContact: true,
		};
	}

	/** A lifecycle stage only moves on; an earlier one has no effect, unless the property was cleared before. */
	private isBackwards({ properties }: Contact, wanted: string | undefined): boolean {
		const stages = this.account.store.definitions.get('lifecyclestage')?.options.map(({ value }) => value) ?? [];
		const current = properties['lifecyclestage'];
		return Boolean(wanted) && current !== undefined && stages.indexOf(wanted as string) < stages.indexOf(current);
	}

	/** What else changes with the address of a contact: its additional addresses, and what it shows of opt-outs. */
	private ofNewAddress(contact: Contact, { email }: Readonly<Record<string, string>>): Record<string, string> {
		const { store, settings } = this.account;
		const old = contact.properties['email'];
		if (email === undefined || email === (old ?? '')) return {};
		const more = contact.properties[MORE_EMAILS]?.split(';') ?? [];
		const keepsOld = email !== '' && (settings.emailChangeKeepsOld || more.includes(email));
		const rest = [...more.filter((address) => address !== email), ...(keepsOld && old !== undefined ? [old] : [])];
		store.preferences.remember(contact);
		return {
			[MORE_EMAILS]: rest.join(';'),
			...(settings.optOutFollowsAddress && store.preferences.valuesFor(email)),
		};
	}
}
