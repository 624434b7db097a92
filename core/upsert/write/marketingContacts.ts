import { addressForm } from '../../contact/email';
import type { MappedContact, Warning } from '../../contact/contact';
import { withAdvice } from '../../outcome';
import type { Result } from '../../result';
import type { ContactResult } from '../contactResult';
import type { Intent } from '../plan/collapse';

/** A contact of the destination, and the address by which its source says that it may be mailed. */
export interface Mailable {
	readonly id: string;
	readonly email: string;
}

/** What became of a step that sets marketing contacts. */
export interface SetReport {
	/** Ids of those that were seen to be marketing contacts afterwards. */
	readonly stored: ReadonlySet<string>;
	/** Why the others are none, a sentence without its full stop. */
	readonly whyNot?: string;
}

/**
 * Contacts that the destination bills because they may be mailed (HubSpot's marketing contacts). A destination has this only where a person
 * asked for it, because it costs money at once (H20, F18).
 */
export interface MarketingContacts {
	/** The field that shows it, for warnings. */
	readonly field: string;
	/** Ids of those that are none yet and may be mailed by all that the destination holds of them now. */
	missing(contacts: readonly Mailable[]): Promise<Result<readonly string[]>>;
	/** Sets them, waits for that no longer than `longestWaitMs`, and reads what was stored. */
	set(ids: readonly string[], longestWaitMs: number): Promise<SetReport>;
	/** Calls that setting so many takes, those of `missing` included. */
	estimateCalls(contacts: number): number;
}

export interface MarketingReport {
	/** Set in this run; of a dry run: would be. */
	readonly set: number;
	/** Asked for, and not stored. */
	readonly notSet: number;
	/** Calls that a dry run left out. */
	readonly estimate: number;
}

/** What the step looks at, once everything else of the batch is written. */
export interface WrittenBatch {
	readonly contacts: ReadonlyArray<MappedContact | undefined>;
	readonly intents: readonly Intent[];
	/** By position in the batch. Contacts that were not stored get a warning here; their outcomes stay. */
	readonly results: Map<number, ContactResult>;
	readonly settings: { readonly dryRun: boolean; readonly longestWaitMs: number };
}

const CODE = 'MARKETING_NOT_SET';

/**
 * Sets as marketing contacts what this batch wrote, or found as it should be, and what may be mailed by all that is known: its source says
 * that it is not opted out, no contact of the batch with the same address says otherwise or nothing, and the destination holds nothing
 * against it. Whatever goes wrong is told as a warning, so that no outcome of the batch is lost for it.
 */
export async function setMarketingContacts(
	marketing: MarketingContacts,
	batch: WrittenBatch,
): Promise<MarketingReport> {
	const { results, settings } = batch;
	const wanted = mailableOf(batch);
	const held = wanted.flatMap(({ id, email, position }) => (id === undefined ? [] : [{ id, email, position }]));
	const missing = held.length > 0 ? await marketing.missing(held) : undefined;
	const ids = missing?.kind === 'ok' ? missing.value : [];
	if (settings.dryRun) {
		const set = ids.length + wanted.length - held.length;
		return { set, notSet: 0, estimate: set > 0 ? marketing.estimateCalls(set) : 0 };
	}
	const told = missing === undefined || missing.kind === 'ok' ? await setIds(marketing, ids, settings) : undefined;
	const stored = told?.stored ?? new Set<string>();
	const reason = told ? told.whyNot : missing?.kind === 'ok' ? undefined : missing?.reason;
	const asked = new Set(told ? ids : held.map(({ id }) => id));
	const failed = held.filter(({ id }) => asked.has(id) && !stored.has(id));
	for (const { position } of failed) warn(results, position, notSet(marketing.field, reason));
	return { set: stored.size, notSet: failed.length, estimate: 0 };
}

const setIds = async (
	marketing: MarketingContacts,
	ids: readonly string[],
	{ longestWaitMs }: WrittenBatch['settings'],
): Promise<SetReport> => (ids.length === 0 ? { stored: new Set<string>() } : await marketing.set(ids, longestWaitMs));

/** An outcome with a reason is that of a contact that was held back, or of which nothing but its opt-out was written. */
function mailableOf({
	contacts,
	intents,
	results,
}: WrittenBatch): Array<Partial<Mailable> & { email: string; position: number }> {
	const doubtful = new Set(
		contacts.flatMap((one) =>
			one && one.optedOut !== false && one.contact.email ? [addressForm(one.contact.email)] : [],
		),
	);
	return intents.flatMap(({ position, leaving, optedOut, contact: { email } }) => {
		const result = results.get(position);
		if (!result || leaving || optedOut !== false || email === undefined || doubtful.has(email)) return [];
		const { status, wouldBe = status, code, destinationId } = result.outcome;
		if (code !== undefined || !SYNCED.has(wouldBe)) return [];
		if (result.warnings.some((one) => HELD_BACK.has(one.code))) return [];
		return [{ ...(destinationId === undefined ? {} : { id: destinationId }), email, position }];
	});
}

const SYNCED: ReadonlySet<string> = new Set(['created', 'updated', 'unchanged']);

/** Warnings of contacts of which not all was written, or that were blocked for another one. */
const HELD_BACK: ReadonlySet<string> = new Set([
	'OUTSIDE_SEGMENT',
	'ADDRESS_BLOCKED',
	'OPT_OUT_CARRIED',
	'OPT_OUT_NOT_CARRIED',
]);

function warn(results: Map<number, ContactResult>, position: number, warning: Warning): void {
	const result = results.get(position);
	if (result) results.set(position, { ...result, warnings: [...result.warnings, warning] });
}

const notSet = (field: string, reason = 'The destination did not set it'): Warning => ({
	field,
	code: CODE,
	message: withAdvice(reason, CODE),
});
