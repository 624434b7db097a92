import { seededRandom, type Person } from '../people';
import type { Attribute, AttributeType, AttributeValue } from './entities';
import { normalPhone } from './contacts/identifiers';
import type { BrevoStore, ContactChange } from './store';

export interface BrevoSeed {
	/** The people of the source system; the first `existingShare` of them are already here, with older values. */
	readonly people: readonly Person[];
	/** 0 to 1. */
	readonly existingShare: number;
	/** Contacts that no other system knows. */
	readonly strangers: number;
	readonly seed: number;
	/** An account opened in French calls its names PRENOM and NOM. */
	readonly language: 'en' | 'fr';
	/** Further attributes of every type, `EXTRA_01` and so on. */
	readonly extraAttributes: number;
}

const DAY_MS = 86_400_000;

/** Fills an empty store; the same seed gives the same account. `now` is the instant the history ends a month before. */
export function seedBrevo(store: BrevoStore, seed: BrevoSeed, now: number): void {
	store.attributes.push(...standardAttributes(seed.language), ...extraAttributes(seed.extraAttributes));
	const folder = store.createFolder('Your first folder');
	store.createFolder('Campaigns');
	const newsletter = store.createList('Newsletter', folder.id, now - 700 * DAY_MS);
	const customers = store.createList('Customers', folder.id, now - 690 * DAY_MS);
	store.segments.push({
		id: 1,
		segmentName: 'People in France',
		categoryName: 'Default',
		updatedAt: now - 60 * DAY_MS,
		attribute: 'COUNTRY',
		value: 'France',
	});

	const random = seededRandom(seed.seed);
	const existing = seed.people.slice(0, Math.round(seed.people.length * seed.existingShare));
	const total = existing.length + seed.strangers;
	const createdAt = (index: number) => Math.round(now - 700 * DAY_MS + (index / Math.max(1, total)) * 670 * DAY_MS);
	const names = seed.language === 'fr' ? (['PRENOM', 'NOM'] as const) : (['FIRSTNAME', 'LASTNAME'] as const);

	existing.forEach((person, index) => {
		const change = olderContact(person, names, random);
		change.addTo = random() < 0.6 ? [newsletter.id] : random() < 0.5 ? [customers.id] : [];
		const blocked = index % 7 === 3;
		change.emailBlocked = blocked;
		const at = createdAt(index);
		const contact = store.createContact(change, 'seed', at, at + Math.floor(random() * 20 * DAY_MS));
		if (blocked) contact.unsubscribedAt = contact.modifiedAt;
	});
	for (let index = 0; index < seed.strangers; index += 1) {
		const change: ContactChange = {
			identifiers: { email: `guest${index + 1}@elsewhere.example` },
			attributes: { [names[0]]: 'Guest', [names[1]]: `No. ${index + 1}` },
			addTo: [newsletter.id],
			emailBlocked: index % 10 === 9,
		};
		store.createContact(change, 'seed', createdAt(existing.length + index));
	}
}

/** What a Brevo account may have known of a person for a while: some values older, some missing, sometimes another tool's id. */
function olderContact(person: Person, names: readonly [string, string], random: () => number): ContactChange {
	const attributes: Record<string, AttributeValue> = {
		[names[0]]: person.firstName,
		[names[1]]: random() < 0.2 ? `${person.lastName}-Before` : person.lastName,
	};
	if (random() < 0.5) attributes.JOB_TITLE = random() < 0.5 ? 'Assistant' : person.jobTitle || 'Assistant';
	if (random() < 0.5) attributes.CITY = person.city;
	if (random() < 0.3) attributes.BIRTHDAY = person.birthday;
	if (random() < 0.3) attributes.IS_CUSTOMER = random() < 0.5;
	if (random() < 0.2) attributes.NOTES = 'Met at the trade fair';
	const phone = random() < 0.4 ? normalPhone(person.phone) : undefined;
	return {
		identifiers: {
			email: person.email,
			...(phone === undefined ? {} : { SMS: phone }),
			...(person.n % 25 === 24 ? { ext_id: `webshop:${1_000 + person.n}` } : {}),
		},
		attributes,
	};
}

function standardAttributes(language: 'en' | 'fr'): Attribute[] {
	const normal = (name: string, type: AttributeType = 'text'): Attribute => ({ name, category: 'normal', type });
	const choices = (labels: string[]) => labels.map((label, index) => ({ value: String(index + 1), label }));
	return [
		{ name: 'BLACKLIST', category: 'global', calculatedValue: 'COUNT[BLACKLISTED,BLACKLISTED,<,NOW()]' },
		{ name: 'READERS', category: 'global', calculatedValue: 'COUNT[READERS,READERS,<,NOW()]' },
		{ name: 'CLICKERS', category: 'global', calculatedValue: 'COUNT[CLICKERS,CLICKERS,<,NOW()]' },
		{ name: 'ORDERS_LAST_YEAR', category: 'calculated', calculatedValue: 'COUNT[ORDER_ID,ORDER_DATE,>,NOW(-365)]' },
		...(language === 'fr' ? [normal('NOM'), normal('PRENOM')] : [normal('LASTNAME'), normal('FIRSTNAME')]),
		normal('SMS'),
		normal('EXT_ID'),
		normal('WHATSAPP'),
		normal('LANDLINE_NUMBER'),
		{ name: 'DOUBLE_OPT-IN', category: 'category', enumeration: choices(['Yes', 'No']) },
		normal('JOB_TITLE'),
		normal('COMPANY_NAME'),
		normal('CITY'),
		normal('COUNTRY'),
		normal('BIRTHDAY', 'date'),
		normal('ANNUAL_REVENUE', 'float'),
		normal('IS_CUSTOMER', 'boolean'),
		{
			name: 'LIFECYCLE',
			category: 'category',
			enumeration: choices(['Subscriber', 'Lead', 'Marketing Qualified Lead', 'Sales Qualified Lead', 'Opportunity', 'Customer', 'Evangelist', 'Other']), // prettier-ignore
		},
		{
			name: 'INTERESTS',
			category: 'normal',
			type: 'multiple-choice',
			multiCategoryOptions: ['Coffee', 'Tea', 'Books', 'Garden & “green” things', 'Travel', 'Events', 'Offers'],
		},
		normal('NOTES'),
		{ name: 'ORDER_ID', category: 'transactional', type: 'id' },
		{ name: 'ORDER_DATE', category: 'transactional', type: 'date' },
	];
}

function extraAttributes(count: number): Attribute[] {
	const types: AttributeType[] = ['text', 'date', 'float', 'boolean', 'multiple-choice'];
	return Array.from({ length: count }, (_unused, index): Attribute => {
		const name = `EXTRA_${String(index + 1).padStart(2, '0')}`;
		if (index % 6 === 5) {
			// A category whose values are words: `value` reads 0 for each and `valueStr` tells them apart.
			return { name, category: 'category', enumeration: ['en', 'fr', 'de'].map((value) => ({ value, label: value.toUpperCase() })) }; // prettier-ignore
		}
		const type = types[index % 6] as AttributeType;
		if (type !== 'multiple-choice') return { name, category: 'normal', type };
		return { name, category: 'normal', type, multiCategoryOptions: ['Red', 'Green', 'Blue'] };
	});
}
