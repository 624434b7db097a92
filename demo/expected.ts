/**
 * A second reading of the rules, for checking the first: from what HubSpot holds and what Brevo held before, it works out
 * what Brevo should hold now. It shares no code with the nodes, on purpose.
 */

/** A contact of the HubSpot list, with the texts HubSpot stores. */
export interface SourceContact {
	readonly id: string;
	readonly properties: Readonly<Record<string, string | null | undefined>>;
	readonly optedOut: boolean;
}

/** A contact as Brevo holds it. */
export interface HeldContact {
	readonly id: number;
	readonly email?: string;
	/** Digits only. */
	readonly phone?: string;
	readonly extId?: string;
	readonly attributes: Readonly<Record<string, unknown>>;
	readonly emailBlocked: boolean;
	readonly smsBlocked: boolean;
	readonly onList: boolean;
}

/** What to reckon with. `mapping` names the HubSpot property per Brevo attribute; `types` the attributes' types in Brevo. */
export interface SyncRules {
	readonly portalId: string;
	readonly mapping: Readonly<Record<string, string>>;
	readonly types: Readonly<Record<string, string>>;
	/** ISO 3166-1 code for numbers without a country code and its calling code; absent: such numbers pass as they are. */
	readonly defaultCallingCode?: string;
}

export type ExclusionReason = 'NO_IDENTIFIER' | 'EMAIL_MALFORMED' | 'PHONE_INVALID';

export interface ExpectedContact {
	readonly key: string;
	readonly email?: string;
	readonly phone?: string;
	/** Only the attributes that the sync sets; others stay as they were. */
	readonly attributes: Readonly<Record<string, unknown>>;
	readonly optedOut: boolean;
}

export interface Expectation {
	readonly contacts: readonly ExpectedContact[];
	readonly excluded: Readonly<Record<string, ExclusionReason>>;
}

export const keyOf = (portalId: string, id: string): string => `hubspot:${portalId}:contact:${id}`;

export function expectedContacts(members: readonly SourceContact[], rules: SyncRules): Expectation {
	const contacts: ExpectedContact[] = [];
	const excluded: Record<string, ExclusionReason> = {};
	for (const member of members) {
		const key = keyOf(rules.portalId, member.id);
		const email = textOf(member, rules.mapping.EMAIL).toLowerCase();
		const phone = textOf(member, rules.mapping.SMS);
		const reason = exclusionOf(email, phone);
		if (reason) excluded[key] = reason;
		else {
			contacts.push({
				key,
				...(email && { email }),
				...(phone && { phone: digitsOf(phone, rules.defaultCallingCode) }),
				attributes: attributesOf(member, rules),
				optedOut: member.optedOut,
			});
		}
	}
	return { contacts, excluded };
}

function exclusionOf(email: string, phone: string): ExclusionReason | undefined {
	if (!email && !phone) return 'NO_IDENTIFIER';
	if (email && !/^[^\s@<>"(),;:\\]+@[^\s@.<>"(),;:\\]+(\.[^\s@.<>"(),;:\\]+)+$/.test(email)) return 'EMAIL_MALFORMED';
	// HB-25: 6 to 16 digits, or the whole contact is not reproduced.
	const digits = phone.replace(/\D/g, '').length;
	if (phone && (digits < 6 || digits > 16)) return 'PHONE_INVALID';
	return undefined;
}

const textOf = (member: SourceContact, property: string | undefined): string =>
	(property === undefined ? '' : (member.properties[property] ?? '')).trim();

/** Brevo keeps phones as digits with the country code in front. */
function digitsOf(phone: string, callingCode?: string): string {
	const digits = phone.replace(/\D/g, '');
	if (phone.startsWith('+')) return digits;
	if (digits.startsWith('00')) return digits.slice(2);
	return callingCode ? callingCode + digits.replace(/^0/, '') : digits;
}

function attributesOf(member: SourceContact, { mapping, types }: SyncRules): Record<string, unknown> {
	const attributes: Record<string, unknown> = {};
	for (const [attribute, property] of Object.entries(mapping)) {
		if (attribute === 'EMAIL' || attribute === 'SMS') continue;
		const text = textOf(member, property);
		// SB-23: an empty value does not clear what Brevo holds.
		if (text) attributes[attribute] = valueOf(text, types[attribute]);
	}
	return attributes;
}

function valueOf(text: string, type: string | undefined): unknown {
	switch (type) {
		case 'float':
			return Number(text);
		case 'boolean':
			return text === 'true';
		case 'date':
			return /^\d+$/.test(text) ? new Date(Number(text)).toISOString().slice(0, 10) : text.slice(0, 10);
		case 'multiple-choice':
			return text.split(';');
		default:
			return text;
	}
}
