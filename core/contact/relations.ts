/** Longest list of merged records that is read; HubSpot refuses merges beyond 250 identities. */
const MAX_MERGED = 250;
/** Longest list of further addresses that is read: each may cost a call. */
const MAX_EMAILS = 20;
/** Longest list of lists that is read. */
const MAX_LISTS = 1_000;
/** Longest list of linked records that is read: one of each object of each system. */
const MAX_LINKS = 20;

export interface Relations {
	readonly mergedFrom?: readonly string[];
	readonly otherEmails?: readonly string[];
	readonly convertedTo?: string;
	readonly stillIn?: readonly string[];
	readonly linkedTo?: readonly string[];
	readonly emailsTaken?: readonly string[];
	readonly optOutOnly?: true;
}

/** What an item tells of other records, addresses and lists, as parts of a contact; anything that is no text or list of texts is left out. */
export function relationsOf(json: Readonly<Record<string, unknown>>): Relations {
	const { mergedFrom, otherEmails, convertedTo, stillIn, linkedTo, emailsTaken, optOutOnly } = json;
	const merged = textsIn(mergedFrom, MAX_MERGED);
	const emails = textsIn(otherEmails, MAX_EMAILS);
	const lists = textsIn(stillIn, MAX_LISTS);
	const links = textsIn(isText(linkedTo) ? [linkedTo] : linkedTo, MAX_LINKS);
	const taken = textsIn(emailsTaken, MAX_EMAILS);
	return {
		...(merged.length > 0 ? { mergedFrom: merged } : {}),
		...(emails.length > 0 ? { otherEmails: emails } : {}),
		...(isText(convertedTo) ? { convertedTo } : {}),
		...(lists.length > 0 ? { stillIn: lists } : {}),
		...(links.length > 0 ? { linkedTo: links } : {}),
		...(taken.length > 0 ? { emailsTaken: taken } : {}),
		...(optOutOnly === true ? { optOutOnly } : {}),
	};
}

function textsIn(value: unknown, most: number): string[] {
	return Array.isArray(value) ? [...new Set(value.slice(0, most).filter(isText))] : [];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
