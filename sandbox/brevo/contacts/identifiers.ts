import type { IdentifierKind } from '../entities';

/** Domain of the stand-in address of a contact that has only a phone. */
const PHONE_ONLY_DOMAIN = 'mailin-sms.com';

const EMAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+$/u;
const DOMAIN_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/** The address in lower case, or undefined when it is malformed. */
export function normalEmail(raw: string): string | undefined {
	const email = raw.trim().toLowerCase();
	if (email.length > 254 || !EMAIL.test(email)) return undefined;
	const at = email.lastIndexOf('@');
	const local = email.slice(0, at);
	if (local.length > 64 || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
	const labels = email.slice(at + 1).split('.');
	return labels.length >= 2 && labels.every((label) => DOMAIN_LABEL.test(label)) ? email : undefined;
}

/**
 * Digits without plus, or undefined when malformed. Accepted are 91…, +91… and 0091…, digits only after the prefix
 * (description of POST /contacts); 6 to 16 digits.
 */
export function normalPhone(raw: string): string | undefined {
	const match = /^(?:\+|00)?([1-9]\d{5,15})$/.exec(raw.trim());
	return match?.[1];
}

export function phoneOnlyEmail(digits: string): string {
	return `${digits}@${PHONE_ONLY_DOMAIN}`;
}

export function isPhoneKind(kind: string): kind is 'SMS' | 'WHATSAPP' | 'LANDLINE_NUMBER' {
	return kind === 'SMS' || kind === 'WHATSAPP' || kind === 'LANDLINE_NUMBER';
}

/** The form in which an identifier is stored and compared; undefined when it is malformed. */
export function normalIdentifier(kind: IdentifierKind, raw: string): string | undefined {
	if (kind === 'email') return normalEmail(raw);
	if (kind === 'ext_id') return raw === '' ? undefined : raw;
	return normalPhone(raw);
}
