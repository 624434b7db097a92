import type { Sandbox } from '../../sandbox/startSandbox';

/** A contact of Brevo, and the record of another system that it came from. */
export interface LinkedContact {
	readonly id: number;
	readonly email: string;
	/** Id of the record. */
	readonly record: string;
}

/** Contacts of Brevo that records of one system alone came to, and that may be mailed. */
export function linkedContacts({ brevo }: Pick<Sandbox, 'brevo'>, system: 'hubspot' | 'salesforce'): LinkedContact[] {
	return [...brevo.store.contacts.values()].flatMap(({ id, identifiers, attributes, emailBlocked }) => {
		const { ext_id: key = '', email } = identifiers;
		const hasFurtherKeys = Object.keys(attributes).some((name) => name.startsWith('CONTACT_SYNC_KEY'));
		if (!key.startsWith(`${system}:`) || email === undefined || hasFurtherKeys || emailBlocked) return [];
		return [{ id, email, record: key.split(':').at(-1) ?? '' }];
	});
}
