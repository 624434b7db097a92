import { addressForm } from '../../../core/contact/email';
import type { BrevoContact } from './types';

/** Domain of the address that Brevo makes up for a contact without one. */
const STAND_IN_DOMAIN = '@mailin-sms.com';

/** Names Brevo gives what is kept beside the attributes. */
export const EMAIL = 'EMAIL';
export const PHONE = 'SMS';
export const EXTERNAL_ID = 'EXT_ID';

/** The address of a contact in the form that is compared; undefined for the one Brevo makes up. */
export function emailOf(contact: Pick<BrevoContact, 'email'>): string | undefined {
	const email = contact.email?.trim().toLowerCase();
	return email && !email.endsWith(STAND_IN_DOMAIN) ? addressForm(email) || undefined : undefined;
}

/** The address of a contact that was moved aside. Below the domain that RFC 2606 reserves: no mail ever arrives there. */
export const standInFor = (id: string): string => `moved-${id}@example.com`;

export const isStandIn = (email: string): boolean => /^moved-\d+@example\.com$/.test(email);

/** The number for text messages in international form; Brevo tells its digits. */
export function phoneOf({ attributes }: BrevoContact): string | undefined {
	const digits = String(attributes[PHONE] ?? '').replace(/\D/g, '');
	return digits === '' ? undefined : `+${digits}`;
}
