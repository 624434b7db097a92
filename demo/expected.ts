/**
 * A second reading of the rules, for checking the first: from what HubSpot holds it works out what Brevo should hold. It
 * shares no code with the nodes, on purpose.
 */

/** A contact of the HubSpot list, with the texts HubSpot stores. */
export interface SourceContact {
	readonly id: string;
	readonly properties: Readonly<Record<string, string | null | undefined>>;
	readonly optedOut: boolean;
	/** Records that HubSpot merged into this one, the one that went on first. */
	readonly mergedIds?: readonly string[];
}

/** Somebody who was a member of the HubSpot list and is none any more. */
export interface FormerMember {
	readonly id: string;
	/** The last address that HubSpot knew. */
	readonly email?: string;
	/** `deleted`: in the recycle bin. `merged`: another record took over what it was. */
	readonly how: 'left' | 'deleted' | 'merged';
	/** Had unsubscribed by the time of leaving. What somebody does after that is not followed. */
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

export interface Choice {
	readonly value: string;
	readonly label: string;
}

export type AttributeKind = 'text' | 'date' | 'float' | 'boolean' | 'category' | 'multiple-choice';

/** What to reckon with. */
export interface SyncRules {
	readonly portalId: string;
	/** The HubSpot property per Brevo attribute. */
	readonly mapping: Readonly<Record<string, string>>;
	readonly attributes: Readonly<Record<string, { readonly kind: AttributeKind; readonly choices: readonly Choice[] }>>;
	/** Choices of HubSpot properties that have any. */
	readonly propertyChoices: Readonly<Record<string, readonly Choice[]>>;
	/** Calling code for numbers without one, such as `33`; without it such a number cannot be used. */
	readonly defaultCallingCode?: string;
}

export type ExclusionReason = 'NO_IDENTIFIER' | 'EMAIL_MALFORMED' | 'PHONE_INVALID';

export interface ExpectedContact {
	readonly key: string;
	/** Keys of records that this one took over: a contact that Brevo holds under one of them is this one. */
	readonly formerKeys: readonly string[];
	readonly email?: string;
	readonly phone?: string;
	/** Only the attributes that the sync sets; others stay as they were. */
	readonly attributes: Readonly<Record<string, unknown>>;
	readonly optedOut: boolean;
}

/** A contact that Brevo may hold, because it was synced once, but not on the list. */
export interface ExpectedLeaver {
	readonly key: string;
	readonly email?: string;
	readonly blocked: boolean;
}

export interface Expectation {
	readonly contacts: readonly ExpectedContact[];
	readonly leavers: readonly ExpectedLeaver[];
	/** Reasons by key. */
	readonly excluded: Readonly<Record<string, ExclusionReason>>;
}

/** Longest text of a Brevo attribute (help page 10582214160274). */
const MAX_TEXT = 10_000;

export const keyOf = (portalId: string, id: string): string => `hubspot:${portalId}:contact:${id}`;

export function expectedContacts(
	members: readonly SourceContact[],
	rules: SyncRules,
	former: readonly FormerMember[] = [],
): Expectation {
	const contacts: ExpectedContact[] = [];
	const excluded: Record<string, ExclusionReason> = {};
	for (const member of members) {
		const key = keyOf(rules.portalId, member.id);
		const writtenEmail = textOf(member, rules.mapping.EMAIL).toLowerCase();
		const email = !writtenEmail || isAddress(writtenEmail) ? writtenEmail : undefined;
		const writtenPhone = textOf(member, rules.mapping.SMS);
		const phone = writtenPhone ? phoneDigits(writtenPhone, rules.defaultCallingCode) : '';
		const reason = exclusionOf(email, phone, member.optedOut);
		if (reason) excluded[key] = reason;
		else {
			contacts.push({
				key,
				formerKeys: (member.mergedIds ?? []).map((id) => keyOf(rules.portalId, id)),
				...(email && { email }),
				...(phone && { phone }),
				attributes: attributesOf(member, rules),
				optedOut: member.optedOut,
			});
		}
	}
	const leavers = former.map(({ id, email, how, optedOut }) => ({
		key: keyOf(rules.portalId, id),
		...(email && { email: email.toLowerCase() }),
		// HubSpot tells nothing more of a deleted contact; a merged one lives on in the record that took it over.
		blocked: how === 'left' && optedOut,
	}));
	return { contacts, leavers, excluded };
}

const isAddress = (text: string): boolean =>
	/^(?!.*\.\.)[^\s@<>"(),;:\\]+@[^\s@.<>"(),;:\\]+(\.[^\s@.<>"(),;:\\]+)+$/.test(text);

/** Undefined: there is a value and it cannot be used. */
function exclusionOf(email?: string, phone?: string, optedOut = false): ExclusionReason | undefined {
	// An opt-out is carried whenever there is anything to carry it to, without what cannot be used.
	if (optedOut) return email || phone ? undefined : 'NO_IDENTIFIER';
	if (email === undefined) return 'EMAIL_MALFORMED';
	// HB-25: the whole contact is not reproduced.
	if (phone === undefined) return 'PHONE_INVALID';
	return email || phone ? undefined : 'NO_IDENTIFIER';
}

const textOf = (member: SourceContact, property: string | undefined): string =>
	(property === undefined ? '' : (member.properties[property] ?? '')).trim();

/** Brevo keeps phones as digits with the country code in front. Undefined for a number of fewer than 6 or more than 16 digits. */
function phoneDigits(written: string, callingCode?: string): string | undefined {
	const bare = written.replace(/\s*(ext\.?|x|#)\s*\d+$/i, '').replace(/\(0\)/g, '');
	const all = bare.replace(/\D/g, '');
	if (all.length < 6 || all.length > 16) return undefined;
	if (bare.startsWith('+')) return all;
	if (all.startsWith('00')) return all.slice(2);
	return callingCode === undefined ? undefined : callingCode + all.replace(/^0/, '');
}

function attributesOf(
	member: SourceContact,
	{ mapping, attributes, propertyChoices }: SyncRules,
): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	for (const [name, property] of Object.entries(mapping)) {
		if (name === 'EMAIL' || name === 'SMS') continue;
		const text = textOf(member, property);
		const { kind = 'text', choices = [] } = attributes[name] ?? {};
		// SB-23: an empty value does not clear what Brevo holds.
		const value = text && valueOf(member.properties[property] ?? '', kind, choices, propertyChoices[property] ?? []);
		if (value !== undefined && value !== '') values[name] = value;
	}
	return values;
}

/** Undefined: a value that Brevo cannot take is left out. */
function valueOf(
	text: string,
	kind: AttributeKind,
	choices: readonly Choice[],
	sourceChoices: readonly Choice[],
): unknown {
	const labelOf = (value: string) => sourceChoices.find((choice) => choice.value === value)?.label ?? value;
	const choiceFor = (value: string) => {
		const label = labelOf(value).toLowerCase();
		return choices.find((choice) => choice.label.toLowerCase() === label)?.value;
	};
	switch (kind) {
		case 'float':
			return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
		case 'boolean':
			return { true: true, false: false }[text.trim().toLowerCase()];
		case 'date':
			if (/^\d{10,14}$/.test(text)) return new Date(Number(text)).toISOString().slice(0, 10);
			return /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
		case 'category':
			return choiceFor(text.trim());
		case 'multiple-choice': {
			const known = text.split(';').flatMap((value) => choiceFor(value.trim()) ?? []);
			return known.length > 0 ? known : undefined;
		}
		default: {
			const label = sourceChoices.length > 0 ? text.split(';').map(labelOf).join('; ') : text;
			return [...label].length > MAX_TEXT ? undefined : label;
		}
	}
}
