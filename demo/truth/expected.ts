/**
 * A second reading of the rules, for checking the first: from what the source holds it works out what Brevo should hold. It
 * shares no code with the nodes, on purpose.
 */

/** A contact of the source, with the texts it stores. */
export interface SourceContact {
	readonly id: string;
	readonly properties: Readonly<Record<string, string | null | undefined>>;
	readonly optedOut: boolean;
	/** Records that the source merged into this one, the one that went on first. */
	readonly mergedIds?: readonly string[];
	/** When it changed last, ms since 1970: of two with one address the newer one goes on. Absent: no two have the same. */
	readonly changedAt?: number;
}

/** A contact that was a member of the source list and is none any more. */
export interface FormerMember {
	readonly id: string;
	/** The last address that the source knew. */
	readonly email?: string;
	/** `deleted`: in the recycle bin. `merged`: another record took over what it was. `converted`: a lead, into a contact. */
	readonly how: 'left' | 'deleted' | 'merged' | 'converted';
	/** Had unsubscribed by the time of leaving. What the contact does after that is not followed. */
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
	/** The key that the sync gives a record of the source. */
	readonly keyOf: (id: string) => string;
	/** The source field per Brevo attribute. */
	readonly mapping: Readonly<Record<string, string>>;
	readonly attributes: Readonly<Record<string, { readonly kind: AttributeKind; readonly choices: readonly Choice[] }>>;
	/** Choices of source fields that have any. */
	readonly fieldChoices: Readonly<Record<string, readonly Choice[]>>;
	/** Calling code for numbers without one, such as `33`; without it such a number cannot be used. */
	readonly defaultCallingCode?: string;
	/** HB-25: a number that cannot be used keeps its contact out. Otherwise the number is left out, and so is a contact without an address. */
	readonly badPhoneExcludes?: boolean;
}

export type ExclusionReason = 'NO_IDENTIFIER' | 'EMAIL_MALFORMED' | 'PHONE_INVALID' | 'SAME_ADDRESS_TWICE';

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

export const hubSpotKey = (portalId: string, id: string): string => `hubspot:${portalId}:contact:${id}`;

export const salesforceKey = (organisation: string, object: string, id: string): string =>
	`salesforce:${organisation}:${object}:${id}`;

export function expectedContacts(
	members: readonly SourceContact[],
	rules: SyncRules,
	former: readonly FormerMember[] = [],
): Expectation {
	const contacts: ExpectedContact[] = [];
	const excluded: Record<string, ExclusionReason> = {};
	const doubles = olderDoubles(members, rules.mapping);
	// The opt-out goes with the address.
	const optedOutToo = new Set([...doubles].flatMap(([older, newest]) => (older.optedOut ? [newest.id] : [])));
	for (const member of members) {
		const key = rules.keyOf(member.id);
		const writtenEmail = textOf(member, rules.mapping.EMAIL).toLowerCase();
		const email = !writtenEmail || isAddress(writtenEmail) ? writtenEmail : undefined;
		const writtenPhone = textOf(member, rules.mapping.SMS);
		const phone = writtenPhone ? phoneDigits(writtenPhone, rules.defaultCallingCode) : '';
		const reason =
			exclusionOf(rules, email, phone, member.optedOut) ?? (doubles.has(member) ? 'SAME_ADDRESS_TWICE' : undefined);
		if (reason) excluded[key] = reason;
		else {
			contacts.push({
				key,
				formerKeys: (member.mergedIds ?? []).map((id) => rules.keyOf(id)),
				...(email && { email }),
				...(phone && { phone }),
				attributes: attributesOf(member, rules),
				optedOut: member.optedOut || optedOutToo.has(member.id),
			});
		}
	}
	const leavers = former.map(({ id, email, how, optedOut }) => ({
		key: rules.keyOf(id),
		...(email && { email: email.toLowerCase() }),
		// Nothing more is told of a deleted contact; a merged or converted one lives on in the record that took it over.
		blocked: how === 'left' && optedOut,
	}));
	return { contacts, leavers, excluded };
}

/** Whom the newest record of the same address keeps out, with that one: in Brevo an address is one contact's only. */
function olderDoubles(
	members: readonly SourceContact[],
	mapping: SyncRules['mapping'],
): ReadonlyMap<SourceContact, SourceContact> {
	const sharing = new Map<string, SourceContact[]>();
	for (const member of members) {
		const email = textOf(member, mapping.EMAIL).toLowerCase();
		if (email === '' || member.changedAt === undefined) continue;
		const known = sharing.get(email);
		if (known) known.push(member);
		else sharing.set(email, [member]);
	}
	const older = new Map<SourceContact, SourceContact>();
	for (const group of sharing.values()) {
		const newest = group.reduce((a, b) => (Number(a.changedAt) <= Number(b.changedAt) ? b : a));
		for (const member of group) if (member !== newest) older.set(member, newest);
	}
	return older;
}

const isAddress = (text: string): boolean =>
	/^(?!.*\.\.)[^\s@<>"(),;:\\]+@[^\s@.<>"(),;:\\]+(\.[^\s@.<>"(),;:\\]+)+$/.test(text);

/** Undefined: there is a value and it cannot be used. */
function exclusionOf(
	{ badPhoneExcludes = false }: SyncRules,
	email?: string,
	phone?: string,
	optedOut = false,
): ExclusionReason | undefined {
	// An opt-out is carried whenever there is anything to carry it to, without what cannot be used.
	if (optedOut) return email || phone ? undefined : 'NO_IDENTIFIER';
	if (email === undefined) return 'EMAIL_MALFORMED';
	if (phone === undefined && (badPhoneExcludes || email === '')) return 'PHONE_INVALID';
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
	{ mapping, attributes, fieldChoices }: SyncRules,
): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	for (const [name, property] of Object.entries(mapping)) {
		if (name === 'EMAIL' || name === 'SMS') continue;
		const text = textOf(member, property);
		const { kind = 'text', choices = [] } = attributes[name] ?? {};
		// SB-23: an empty value does not clear what Brevo holds.
		const value = text && valueOf(member.properties[property] ?? '', kind, choices, fieldChoices[property] ?? []);
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
