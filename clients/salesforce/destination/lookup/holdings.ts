import type { Failure } from '../../../../core/result';
import type { HeldContact, Holdings, Identifiers } from '../../../../core/upsert/destination';
import type { FoundRecord } from './findRecords';

/** Which of several records with one address is written; `none`: none of them, and the contact ends as SEVERAL_MATCHES (S4). */
export type SeveralMatches = 'oldest' | 'newest' | 'none';
/** Whether the contact that a converted lead became is written in its place (S7). */
export type ConvertedLeads = 'follow' | 'skip';

export interface HoldingRules {
	readonly severalMatches: SeveralMatches;
	readonly convertedLeads: ConvertedLeads;
	/** Whether no key can be written on a record: that of another object has no field for it. */
	keepsNoKey(held: HeldContact): boolean;
}

/** Ids in a message at most. */
const IDS_SHOWN = 10;

/**
 * What Salesforce holds for a batch. Of several records with an address the first of these counts: one that is no converted lead,
 * one that no other record of the source made, the one of the rule. Records that share an address are each other's `twins`, also
 * where none of them is written: an opt-out is all of theirs.
 */
export function holdingsOf(
	found: readonly FoundRecord[],
	wanted: readonly Identifiers[],
	rules: HoldingRules,
): Holdings {
	const sources = new Set(wanted.map(({ key }) => sourceOf(key)));
	const isMade = ({ keys }: FoundRecord): boolean => keys.some((key) => sources.has(sourceOf(key)));
	const ranked = found.map((record) => ({ record, rank: rankOf(record, isMade(record)) }));
	const ranks = new Map(ranked.map(({ record, rank }) => [record, rank]));
	const sorted = ranked.sort(before(rules.severalMatches)).map(({ record }) => record);
	const groups = groupsOf(sorted, ({ emails }) => emails);
	const byKeys = groupsOf(sorted, ({ keys }) => keys);
	const withTwins = (held: HeldContact | undefined, emails: readonly string[]): HeldContact | undefined => {
		const others = emails.flatMap((email) => groups.get(email) ?? []).flatMap((one) => one.held ?? []);
		const twins = new Map(others.filter(({ id }) => id !== held?.id).map((twin) => [twin.id, twin]));
		return held && twins.size > 0 ? { ...held, twins: [...twins.values()] } : held;
	};
	const first = (group: readonly FoundRecord[] | undefined, address?: string): HeldContact | undefined => {
		const one = group?.find(({ held }) => held !== undefined);
		return one && withTwins(one.held, address === undefined ? one.emails : [...one.emails, address]);
	};
	// Records with the address that a contact has by now are its twins too, also while its own record has another one.
	const addresses = new Map(wanted.map(({ key, emails }) => [key, emails[0]]));
	const adopted = keysToAdopt(wanted, byKeys, groups, rules);
	const withKey = (held: HeldContact | undefined): HeldContact | undefined => {
		const key = held && adopted.get(held.id);
		return held === undefined || key === undefined ? held : { ...held, sourceKey: key };
	};
	return {
		byKey: (key) => first(byKeys.get(key), addresses.get(key)),
		byEmail: (email) => withKey(first(groups.get(email))),
		byPhone: () => undefined,
		refused: refusedOf(wanted, byKeys, groups, ranks, rules),
	};
}

/** The system, account and object of a key. */
const sourceOf = (key: string): string => key.split(':', 3).join(':');

/** The smaller, the sooner. */
const rankOf = ({ convertedLead }: FoundRecord, isMade: boolean): number =>
	(convertedLead === undefined ? 0 : 2) + Number(isMade);

interface Ranked {
	readonly record: FoundRecord;
	readonly rank: number;
}

const before =
	(rule: SeveralMatches) =>
	(a: Ranked, b: Ranked): number => {
		if (a.rank !== b.rank) return a.rank - b.rank;
		const [x = '', y = ''] = [a, b].map(
			({ record: { createdAt, held, convertedLead } }) => `${createdAt} ${held?.id ?? convertedLead ?? ''}`,
		);
		const older = x < y ? -1 : 1;
		return rule === 'newest' ? -older : older;
	};

type Groups = ReadonlyMap<string, readonly FoundRecord[]>;

function groupsOf(found: readonly FoundRecord[], namesOf: (record: FoundRecord) => readonly string[]): Groups {
	const groups = new Map<string, FoundRecord[]>();
	for (const record of found)
		for (const name of namesOf(record)) {
			const group = groups.get(name);
			if (group) group.push(record);
			else groups.set(name, [record]);
		}
	return groups;
}

/** A record that can keep no key counts as carrying that of the contact that finds it by its address. */
function keysToAdopt(
	wanted: readonly Identifiers[],
	byKeys: Groups,
	groups: Groups,
	rules: HoldingRules,
): ReadonlyMap<string, string> {
	const keys = new Map<string, string>();
	for (const { key, emails } of wanted) {
		if (byKeys.has(key)) continue;
		const record = emails.flatMap((email) => groups.get(email)?.[0] ?? [])[0];
		const held = record?.held;
		if (held && rules.keepsNoKey(held) && !keys.has(held.id)) keys.set(held.id, key);
	}
	return keys;
}

function refusedOf(
	wanted: readonly Identifiers[],
	byKeys: Groups,
	groups: Groups,
	ranks: ReadonlyMap<FoundRecord, number>,
	{ severalMatches, convertedLeads }: HoldingRules,
): ReadonlyMap<string, Failure> {
	const refused = new Map<string, Failure>();
	const isUsable = ({ held, convertedLead }: FoundRecord): boolean =>
		held !== undefined && (convertedLead === undefined || convertedLeads === 'follow');
	for (const { key, emails } of wanted) {
		const keyed = byKeys.get(key);
		const group = keyed ?? emails.map((email) => groups.get(email)).find((one) => one !== undefined) ?? [];
		const [record] = group;
		if (!record) continue;
		if (!isUsable(record)) refused.set(key, converted(record.convertedLead ?? ''));
		const ids = keyed ? [] : idsOf(group.filter((one) => isUsable(one) && ranks.get(one) === ranks.get(record)));
		if (severalMatches === 'none' && ids.length > 1) refused.set(key, several(ids));
	}
	return refused;
}

const idsOf = (group: readonly FoundRecord[]): readonly string[] => [
	...new Set(group.flatMap(({ held }) => held?.id ?? [])),
];

const converted = (id: string): Failure => ({
	kind: 'refused',
	code: 'RECORD_CONVERTED',
	reason: `The lead ${id} was converted in Salesforce`,
});

const several = (ids: readonly string[]): Failure => ({
	kind: 'refused',
	code: 'SEVERAL_MATCHES',
	reason: `${ids.length} records of Salesforce have the e-mail address: ${ids.slice(0, IDS_SHOWN).join(', ')}${ids.length > IDS_SHOWN ? ' …' : ''}`,
});
