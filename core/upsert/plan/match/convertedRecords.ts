import type { Intent } from '../collapse';
import type { Holdings } from '../../destination';

/**
 * What converted records still have to say. Each key of what they were converted to is left with one contact: where another
 * one carries it already, or gets it in this run, the converted record's contact keeps its own. So a lead may be converted to
 * a contact that was there before, and two leads to one contact. A contact that goes on under the new key already has its
 * values from there: those of the converted record are older. Where another contact on the list has the new key and the address,
 * the one that the converted record leaves has no place on it any more.
 */
export function judgeConverted(intents: readonly Intent[], holdings: Holdings): readonly Intent[] {
	const taken = new Set(intents.flatMap(({ leaving, key }) => (leaving ? [] : [key])));
	/** Whose contact keeps its key, by the key it would have got. */
	const others = new Map<string, Intent[]>();
	const judged = intents.map((intent): Intent => {
		const { convertedTo, ...asItIs } = intent;
		if (convertedTo === undefined) return intent;
		const own = holdings.byKey(intent.key);
		const found = holdings.byKey(convertedTo);
		// One contact may carry both keys: then nothing is in the way of the new one.
		const holder = found?.id === own?.id ? undefined : found;
		const goesOn = holder !== undefined && own === undefined;
		if (goesOn && intent.leaving) return intent;
		if (taken.has(convertedTo) || (holder && !goesOn)) {
			others.set(convertedTo, [...(others.get(convertedTo) ?? []), intent]);
			const isThere = holder?.onList === true && holder.email !== undefined && holder.email === intent.contact.email;
			return isThere ? { ...asItIs, leaving: true } : asItIs;
		}
		taken.add(convertedTo);
		return goesOn ? { ...intent, contact: { attributes: {} } } : intent;
	});
	return judged.map((intent) => asOnePerson(intent, others.get(intent.convertedTo ?? '') ?? []));
}

/** Records that were converted to one are one person: the block of the others, held or told, is theirs too. */
function asOnePerson(intent: Intent, others: readonly Intent[]): Intent {
	if (others.length === 0) return intent;
	return {
		...intent,
		formerKeys: [...intent.formerKeys, ...others.flatMap(({ key, formerKeys }) => [key, ...formerKeys])],
		optedOut: others.some(({ optedOut }) => optedOut === true) ? true : intent.optedOut,
	};
}
