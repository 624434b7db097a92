import { generatePeople, seededRandom, type Person } from '../../people';
import { AWKWARD } from './awkwardPeople';
import type { HubSpotStore } from '../store';

/** What an account starts with. The same options give the same contacts, ids, lists and times. */
export interface SeedOptions {
	/** Members of the list "Newsletter subscribers". Default 200. */
	readonly members?: number;
	/** Contacts outside that list. Default 10 % of the members, at least 10. */
	readonly extraContacts?: number;
	/** Default 1. */
	readonly seed?: number;
	/** Further empty lists, for paging through lists. Default 0. */
	readonly extraLists?: number;
	/** Further custom property definitions, on top of some 140. Default 0. */
	readonly extraProperties?: number;
	/** Whether the list holds the awkward members of `awkwardPeople.ts`. Default: from 50 members on. */
	readonly awkward?: boolean;
}

/** Lists every seeded account has; the ids never change. */
export const SEEDED_LISTS = {
	newsletter: { id: '101', name: 'Newsletter subscribers' },
	static: { id: '102', name: 'Trade fair Lyon 2025' },
	empty: { id: '103', name: 'Nobody yet' },
} as const;

const CREATED_FROM = Date.UTC(2024, 0, 8, 8, 0, 0);
const JOINED_FROM = Date.UTC(2025, 2, 3, 9, 0, 0);
const MONTH_MS = 30 * 86_400_000;
/** Share of members of each awkward kind. */
const AWKWARD_SHARE = 0.002;

/** Fills an empty store. All times lie in 2024 and 2025. */
export function seedStore(store: HubSpotStore, options: SeedOptions = {}): void {
	const members = options.members ?? 200;
	const extra = options.extraContacts ?? Math.max(10, Math.round(members / 10));
	const seed = options.seed ?? 1;
	const hasAwkward = options.awkward ?? members >= 50;
	const random = seededRandom(seed * 7_919 + 13);
	const people = generatePeople(members + extra, seed);
	const ids = recordIds(members + extra, random);
	const isMember = membersAt(members, extra, random);
	const awkward = hasAwkward ? awkwardPositions(members, random) : new Map<number, number>();

	store.lists.create(SEEDED_LISTS.newsletter.name, 'DYNAMIC', {
		id: 101,
		at: CREATED_FROM,
		filterBranch: NEWSLETTER_FILTER,
	});
	store.lists.create(SEEDED_LISTS.static.name, 'MANUAL', { id: 102, at: CREATED_FROM });
	store.lists.create(SEEDED_LISTS.empty.name, 'SNAPSHOT', { id: 103, at: CREATED_FROM });
	for (let n = 1; n <= (options.extraLists ?? 0); n += 1) {
		store.lists.create(`Segment ${String(n).padStart(3, '0')}`, n % 3 === 0 ? 'MANUAL' : 'DYNAMIC', {
			at: CREATED_FROM + n * 60_000,
		});
	}

	const span = (18 * MONTH_MS) / people.length;
	const listed: number[] = [];
	const others: number[] = [];
	people.forEach((person, index) => {
		const id = ids[index] as number;
		const kind = isMember[index] ? awkward.get(listed.length) : undefined;
		const properties = { ...propertiesOf(person, random), ...(kind === undefined ? {} : AWKWARD[kind]?.apply(person)) };
		const at = Math.floor(CREATED_FROM + index * span);
		const contact = store.contacts.create(properties, undefined, { id, at });
		// A third came with one bulk edit and share its instant; searches sorted by time must cope with that.
		contact.updatedAt = index % 3 === 0 ? Math.max(at, JOINED_FROM) : Math.floor(at + random() * MONTH_MS);
		(isMember[index] ? listed : others).push(id);
	});
	fillLists(store, listed, others, random);
	store.contacts.index.settle();
}

const NEWSLETTER_FILTER = {
	filterBranchType: 'OR',
	filterBranchOperator: 'OR',
	filters: [],
	filterBranches: [
		{
			filterBranchType: 'AND',
			filterBranchOperator: 'AND',
			filterBranches: [],
			filters: [
				{
					filterType: 'PROPERTY',
					property: 'lifecyclestage',
					operation: {
						operationType: 'ENUMERATION',
						operator: 'IS_ANY_OF',
						values: ['subscriber', 'lead', 'customer'],
						includeObjectsWithNoValueSet: false,
					},
				},
			],
		},
	],
};

/** Members join in an order that is not the order of their ids; now and then several at one instant. */
function fillLists(
	store: HubSpotStore,
	listed: readonly number[],
	others: readonly number[],
	random: () => number,
): void {
	const shuffled = [...listed];
	for (let index = shuffled.length - 1; index > 0; index -= 1) {
		const other = Math.floor(random() * (index + 1));
		[shuffled[index], shuffled[other]] = [shuffled[other] as number, shuffled[index] as number];
	}
	const step = Math.max(1, Math.floor((8 * MONTH_MS) / Math.max(1, shuffled.length)));
	let at = JOINED_FROM;
	shuffled.forEach((id, index) => {
		if (index % 10 !== 3) at += step;
		store.lists.add(101, [id], at);
	});
	const guests = [...others.slice(0, Math.ceil(others.length / 2)), ...listed.filter((_id, index) => index % 5 === 0)];
	guests.forEach((id, index) => store.lists.add(102, [id], JOINED_FROM + index * 1_000));
	for (const list of store.lists.all()) list.listVersion = 1;
}

/** Ascending with gaps, in 9, 10 and 11 digits, as accounts that grew over years have them. */
function recordIds(count: number, random: () => number): number[] {
	const starts = [118_204_051, 7_314_882_001, 24_690_113_551];
	const ids: number[] = [];
	let last = 0;
	for (let index = 0; index < count; index += 1) {
		const start = starts[Math.min(2, Math.floor((index * 3) / count))] as number;
		last = Math.max(last, start) + 1 + Math.floor(random() * 400);
		ids.push(last);
	}
	return ids;
}

/** Which of the contacts are members; the others are spread among them. */
function membersAt(members: number, extra: number, random: () => number): boolean[] {
	const flags: boolean[] = [];
	let left = members;
	for (let total = members + extra; total > 0; total -= 1) {
		const isMember = random() * total < left;
		if (isMember) left -= 1;
		flags.push(isMember);
	}
	return flags;
}

/** Position among the members -> kind of awkwardness. */
function awkwardPositions(members: number, random: () => number): Map<number, number> {
	const positions = new Map<number, number>();
	const each = Math.max(1, Math.round(members * AWKWARD_SHARE));
	const wanted = Math.min(members, each * AWKWARD.length);
	while (positions.size < wanted) {
		const position = Math.floor(random() * members);
		if (!positions.has(position)) positions.set(position, positions.size % AWKWARD.length);
	}
	return positions;
}

const CHANNELS = ['email', 'sms', 'post', 'none'];
const TIERS = ['bronze', 'silver', 'gold'];
const INTERESTS = ['coffee', 'tea', 'books', 'garden', 'travel'];
const STAGES = ['subscriber', 'lead', 'customer'];

function propertiesOf(person: Person, random: () => number): Record<string, string> {
	const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] as string;
	const interests = INTERESTS.filter(() => random() < 0.4).join(';');
	return {
		email: person.email,
		firstname: person.firstName,
		lastname: person.lastName,
		phone: person.phone,
		company: person.company,
		jobtitle: person.jobTitle,
		city: person.city,
		country: person.countryName,
		hs_country_region_code: person.country,
		hs_language: person.locale,
		birthday: person.birthday,
		loyalty_points: String(Math.floor(random() * 5_000)),
		vip: random() < 0.2 ? 'true' : 'false',
		customer_tier: pick(TIERS),
		preferred_channel: pick(CHANNELS),
		interests,
		lifecyclestage: pick(STAGES),
		hs_email_optout: random() < 0.02 ? 'true' : '',
		customer_number: `C-${String(person.n + 1).padStart(7, '0')}`,
		hs_analytics_num_page_views: String(Math.floor(random() * 40)),
	};
}
