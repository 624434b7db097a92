import type { ContactResult } from '../contactResult';
import { failed, result } from '../contactResult';
import type { Destination, Holdings } from '../destination';
import type { Intent } from '../plan/collapse';
import { candidatesOf } from '../plan/match/matchContacts';
import type { Failure } from '../../result';

/** What became of opt-outs of addresses that no contact has. Those of contacts are in none of it. */
export interface AddressReport {
	/** By the key of the intent. */
	readonly results: ReadonlyMap<string, ContactResult>;
	/** None: no address of another contact is wanted. */
	readonly refused: ReadonlySet<string>;
	readonly tasks: number;
	/** Calls that a dry run left out. */
	readonly estimate: number;
	readonly optOutCalls: number;
	/** Something passing, or a stop: nothing else may be written. */
	readonly failure?: Failure;
}

interface Surroundings {
	readonly destination: Pick<Destination, 'addressOptOuts' | 'names'>;
	readonly settings: { readonly dryRun: boolean };
}

/**
 * Opts out the addresses of contacts that opted out at the source and that the destination does not hold. None is created for it. What an
 * address had before cannot be read in bulk (HubSpot: Enterprise only), so each is sent unless it was sent just now.
 */
export async function optOutAddresses(
	intents: readonly Intent[],
	holdings: Holdings,
	{ destination: { addressOptOuts, names }, settings }: Surroundings,
): Promise<AddressReport> {
	const results = new Map<string, ContactResult>();
	const none = { results, refused: new Set<string>(), tasks: 0, estimate: 0, optOutCalls: 0 };
	if (!addressOptOuts) return none;
	const keys = new Map<string, string[]>();
	for (const intent of intents) {
		const { email } = intent.contact;
		if (intent.optedOut !== true || email === undefined || isHeld(intent, email, holdings)) continue;
		keys.set(email, [...(keys.get(email) ?? []), intent.key]);
	}
	const settle = (email: string, told: ContactResult): void => {
		for (const key of keys.get(email) ?? []) results.set(key, told);
	};
	const open: string[] = [];
	for (const email of keys.keys()) {
		if (addressOptOuts.imported) settle(email, result('unchanged', 'OPT_OUT_IMPORTED'));
		else if (addressOptOuts.isDone(email)) settle(email, result('unchanged', 'ADDRESS_OPTED_OUT'));
		else open.push(email);
	}
	const changes = { [names.optedOut]: { from: null, to: true } };
	const { outcome, warnings } = result('updated', 'ADDRESS_OPTED_OUT');
	const optedOut: ContactResult = { outcome: { ...outcome, changes }, warnings };
	if (settings.dryRun || open.length === 0) {
		for (const email of open) settle(email, optedOut);
		return { ...none, tasks: open.length, estimate: open.length, optOutCalls: open.length };
	}
	const answer = await addressOptOuts.send(open);
	if (answer.kind !== 'ok') {
		for (const email of open) settle(email, failed(answer));
		return { ...none, failure: answer };
	}
	for (const email of open) {
		const failure = answer.value.get(email);
		settle(email, failure ? failed(failure) : optedOut);
	}
	const passing = [...answer.value.values()].find(({ kind }) => kind !== 'refused');
	return { ...none, tasks: open.length - answer.value.size, ...(passing ? { failure: passing } : {}) };
}

const isHeld = (intent: Intent, email: string, holdings: Holdings): boolean =>
	holdings.byEmail(email) !== undefined ||
	candidatesOf(intent, holdings).length > 0 ||
	holdings.refused?.has(intent.key) === true;
