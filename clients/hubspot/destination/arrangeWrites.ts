import type { ContactWrite, WriteCall } from '../../../core/upsert/destination';
import { chunksOf } from '../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../api/limits';

/** One step of writes, as `CallSender` sends it. */
export interface HubSpotCall extends WriteCall {
	readonly step: Step;
}

/**
 * - `optOut`: unsubscribes the addresses, before anything else of these contacts is written
 * - `create`, `update`: values, address and key, without the list
 * - `join`, `leave`: the static list, by record id
 */
export type Step = 'optOut' | 'create' | 'update' | 'join' | 'leave';

export interface ArrangeRules {
	/** Opt-outs go many in a call (Enterprise); else one contact each. */
	readonly batchOptOuts: boolean;
	/** Contacts of one call that HubSpot answers for; absent: as many as it takes. */
	readonly values?: number;
	readonly members?: number;
}

/**
 * Distributes writes over calls. A write may need several steps; they are sent in this order, so that no contact is mailable with an
 * address that opted out, not even for a moment: an opt-out hangs on the address, which need not be a contact's yet.
 */
export function arrangeHubSpotWrites(
	writes: readonly ContactWrite[],
	singly: boolean,
	{ batchOptOuts, values = HUBSPOT_LIMITS.batchWrite, members = HUBSPOT_LIMITS.membershipsWrite }: ArrangeRules,
): readonly HubSpotCall[] {
	const size = singly ? 1 : values;
	const creates = writes.filter(({ held }) => !held);
	const updates = writes.filter((write) => write.held && hasValues(write));
	const joins = writes.filter((write) => write.held && write.joinList && !hasValues(write));
	const leaves = writes.filter(({ kind }) => kind === 'leave');
	const optOuts = writes.filter(optsOut);
	const many = batchOptOuts && optOuts.length > 1;
	return [
		...calls('optOut', optOuts, many ? HUBSPOT_LIMITS.optOutsWrite : 1, many),
		...calls('create', creates, size),
		...calls('update', inRecordOrder(updates), size),
		...calls('join', joins, members),
		...calls('leave', leaves, members),
	];
}

const calls = (step: Step, writes: readonly ContactWrite[], size: number, bulk = true): HubSpotCall[] =>
	chunksOf(writes, size).map((some) => ({
		step,
		writes: some,
		bulk,
		// A new contact has no record id yet, and a known one joins once its values are stored.
		...(step === 'create' || step === 'update' ? { joinsAfter: some.some(({ joinList }) => joinList) } : {}),
	}));

/** Oldest records first: batches that run beside one another then lock in the same order. */
const inRecordOrder = (writes: readonly ContactWrite[]): readonly ContactWrite[] =>
	[...writes].sort((a, b) => Number(a.held?.id ?? 0) - Number(b.held?.id ?? 0));

/** Whether anything of the write is a property of the contact. */
export const hasValues = ({ email, sourceKey, attributes }: ContactWrite): boolean =>
	email !== undefined || sourceKey !== undefined || Object.keys(attributes).length > 0;

/** Whether an address has to be unsubscribed: the contact is not opted out yet, or gets another address. */
export const optsOut = (write: ContactWrite): boolean =>
	write.block && addressesToOptOut(write).length > 0 && (write.held?.optedOut !== true || write.email !== undefined);

/**
 * The addresses by which the contact may be mailed, now or after the write. An opt-out hangs on the address as it is spelled, so where
 * HubSpot spells one otherwise, both spellings are meant. The first address of a contact comes last, as HubSpot has it: once that one is
 * out, the contact shows as opted out, and the next run would pass over what failed in between.
 */
export const addressesToOptOut = ({ email, held }: ContactWrite): readonly string[] => {
	if (held?.optedOut === true) return email === undefined ? [] : [email];
	const known = [...(held?.furtherEmails ?? []), email, ...(held?.spelledEmail === undefined ? [] : [held.email]), held?.spelledEmail ?? held?.email]; // prettier-ignore
	return [...new Set(known.filter((address): address is string => address !== undefined))];
};

/** Addresses that these writes opt out. */
export const estimateOptOuts = (writes: readonly ContactWrite[]): number =>
	writes.filter(optsOut).flatMap(addressesToOptOut).length;

/**
 * Calls that these writes take: opt-outs one each unless many go at once, values, lists, and a look at those written in more than one
 * step.
 */
export function estimateHubSpotCalls(writes: readonly ContactWrite[], rules: ArrangeRules, withList: boolean): number {
	const arranged = arrangeHubSpotWrites(writes, false, rules);
	const joinsLater = writes.filter((write) => write.joinList && (!write.held || hasValues(write))).length;
	const steps = new Map<string, number>();
	for (const call of arranged) for (const { key } of call.writes) steps.set(key, (steps.get(key) ?? 0) + 1);
	const looked = [...steps.values()].filter((count) => count > 1).length;
	const looks = Math.ceil(looked / HUBSPOT_LIMITS.batchRead) * (withList ? 2 : 1);
	const optOuts = arranged.filter(({ step }) => step === 'optOut');
	const singleOptOuts = rules.batchOptOuts ? optOuts.length : estimateOptOuts(writes);
	return (
		arranged.length - optOuts.length + singleOptOuts + Math.ceil(joinsLater / HUBSPOT_LIMITS.membershipsWrite) + looks
	);
}
