import { addressForm } from '../../../core/contact/email';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Mailable, MarketingContacts, SetReport } from '../../../core/upsert/write/marketingContacts';
import { USUAL_LOOKS } from '../api/firstSyncCost';
import { isNotFound } from '../api/classify';
import type { HubSpotClient } from '../api/hubSpotClient';
import type { HubSpotWriter } from '../api/hubSpotWriter';
import { HUBSPOT_LIMITS } from '../api/limits';
import { BOUNCE_PROPERTIES, EMAIL_PROPERTY, MARKETING_PROPERTY, OPT_OUT_PROPERTY } from '../api/propertyNames';
import type { HubSpotContact } from '../api/types';
import type { AccountMemory } from './accountMemory';
import { inChunks } from './lookUpContacts';

export interface MarketingSettings {
	readonly client: HubSpotClient;
	readonly writer: HubSpotWriter;
	readonly memory: AccountMemory;
	readonly clock: Clock;
}

/** Small imports are over within seconds, large ones within minutes; how long they take is not documented. */
const FIRST_LOOK_MS = 1_000;
const LONGEST_BETWEEN_LOOKS_MS = 10_000;
/** An import that is done may show in its contacts a moment later. */
const SECOND_READ_MS = 2_000;

/** States after which an import changes nothing more. */
const OVER: ReadonlySet<string> = new Set(['DONE', 'FAILED', 'CANCELED', 'REVERTED']);

/**
 * HubSpot's marketing contacts (H20, F18): set by one import a batch, which HubSpot carries out later. What it answers counts for nothing but
 * the wait and the reason: contacts are read afterwards.
 */
export class HubSpotMarketingContacts implements MarketingContacts {
	readonly field = MARKETING_PROPERTY;

	constructor(private readonly settings: MarketingSettings) {}

	async missing(contacts: readonly Mailable[]): Promise<Result<readonly string[]>> {
		const { memory } = this.settings;
		const open = contacts.filter(({ id }) => memory.marketing.get(id) !== true);
		const found = await this.read(open.map(({ id }) => id));
		if (found.kind !== 'ok') return found;
		const mayBeSet = ({ id, email }: Mailable): boolean => {
			const contact = found.value.get(id);
			return contact !== undefined && !isMarketing(contact) && mayBeMailed(contact, email, memory);
		};
		return ok(open.filter(mayBeSet).map(({ id }) => id));
	}

	async set(ids: readonly string[], longestWaitMs: number): Promise<SetReport> {
		const { memory } = this.settings;
		const under = await this.importsUnderWay(ids);
		const open = ids.filter((id) => !under.has(memory.marketingImports.get(id) ?? ''));
		const started = await this.start(open);
		if (started?.kind === 'ok') under.add(started.value);
		let whyNot = started === undefined || started.kind === 'ok' ? undefined : started.reason;
		const patience = { leftMs: longestWaitMs };
		for (const id of under) {
			const ended = await this.end(id, patience);
			whyNot ??= reasonOf(id, ended, longestWaitMs);
		}
		const nothing: ReadonlySet<string> = new Set();
		// Nothing was started: nothing is there to be seen.
		if (under.size === 0) return { stored: nothing, ...(whyNot === undefined ? {} : { whyNot }) };
		const seen = await this.readStored(ids, whyNot === undefined);
		if (seen.kind !== 'ok') return { stored: nothing, whyNot: seen.reason };
		const stored = seen.value;
		if (stored.size === ids.length) return { stored };
		return { stored, whyNot: whyNot ?? (await this.whyFewer([...under][0] ?? '')) };
	}

	estimateCalls(contacts: number): number {
		return 1 + USUAL_LOOKS + 2 * Math.ceil(contacts / HUBSPOT_LIMITS.batchRead);
	}

	/** Imports of earlier runs that name some of these contacts and are not over: no contact is in two at once. */
	private async importsUnderWay(ids: readonly string[]): Promise<Set<string>> {
		const { writer, memory } = this.settings;
		const known = new Set(ids.flatMap((id) => memory.marketingImports.get(id) ?? []));
		for (const id of known) {
			const state = await writer.importState(id);
			const isOver = state.kind === 'ok' ? OVER.has(state.value) : isNotFound(state);
			if (isOver) known.delete(id);
		}
		return known;
	}

	private async start(ids: readonly string[]): Promise<Result<string> | undefined> {
		if (ids.length === 0) return undefined;
		const { writer, memory, clock } = this.settings;
		const at = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
		const started = await writer.importMarketingContacts(ids, `Contact Sync, marketing contacts, ${at} UTC`);
		if (started.kind === 'ok') for (const id of ids) memory.marketingImports.set(id, started.value);
		return started;
	}

	/** The state in which the import is left: over, or still running when the patience is used up. */
	private async end(id: string, patience: { leftMs: number }): Promise<Result<string>> {
		const { writer, clock } = this.settings;
		let waitMs = FIRST_LOOK_MS;
		for (;;) {
			const sleepMs = Math.min(waitMs, patience.leftMs);
			await clock.sleep(sleepMs);
			patience.leftMs -= sleepMs;
			const state = await writer.importState(id);
			if (state.kind !== 'ok' || OVER.has(state.value) || patience.leftMs <= 0) return state;
			waitMs = Math.min(waitMs * 2, LONGEST_BETWEEN_LOOKS_MS);
		}
	}

	/** Ids of those that are marketing contacts now. `done`: all of them should be, so that one that is not is looked at once more. */
	private async readStored(ids: readonly string[], done: boolean): Promise<Result<ReadonlySet<string>>> {
		const { memory, clock } = this.settings;
		const stored = new Set<string>();
		for (let left = ids, look = 0; left.length > 0 && look < (done ? 2 : 1); look++) {
			if (look > 0) await clock.sleep(SECOND_READ_MS);
			const found = await this.read(left);
			if (found.kind !== 'ok') return found;
			for (const id of left) if (isMarketing(found.value.get(id))) stored.add(id);
			left = left.filter((id) => !stored.has(id));
		}
		for (const id of stored) memory.marketing.set(id, true);
		return ok(stored);
	}

	/** Why an import that is done set fewer contacts than it named. */
	private async whyFewer(id: string): Promise<string> {
		const errors = await this.settings.writer.importErrors(id);
		const kinds = errors.kind === 'ok' ? errors.value.join(', ') : '';
		const why = kinds === '' ? 'and set fewer contacts than it named' : `and refused rows (${kinds})`;
		return `HubSpot carried out import ${id} ${why}`;
	}

	private async read(ids: readonly string[]): Promise<Result<ReadonlyMap<string, HubSpotContact>>> {
		const { client } = this.settings;
		const found = new Map<string, HubSpotContact>();
		const read = await inChunks(ids, async (chunk) => {
			const answer = await client.contacts(chunk, PROPERTIES);
			if (answer.kind === 'ok') for (const contact of answer.value) found.set(contact.id, contact);
			return answer;
		});
		return read.kind === 'ok' ? ok(found) : read;
	}
}

const PROPERTIES: readonly string[] = [EMAIL_PROPERTY, OPT_OUT_PROPERTY, MARKETING_PROPERTY, ...BOUNCE_PROPERTIES];

const isMarketing = (contact: HubSpotContact | undefined): boolean =>
	contact?.properties[MARKETING_PROPERTY] === 'true';

/**
 * Whether nothing that HubSpot holds speaks against mailing the contact: it mails the first address, so that has to be the one that the
 * source tells of.
 */
function mayBeMailed({ properties }: HubSpotContact, email: string, memory: AccountMemory): boolean {
	const first = addressForm(properties[EMAIL_PROPERTY] ?? '');
	// What is not said counts against mailing.
	const optedOut = properties[OPT_OUT_PROPERTY];
	if (first !== email || optedOut === undefined || optedOut === 'true' || memory.justOptedOut(first)) return false;
	return BOUNCE_PROPERTIES.every((name) => ['', '0', 'false'].includes(properties[name] ?? ''));
}

function reasonOf(id: string, ended: Result<string>, waitedMs: number): string | undefined {
	if (ended.kind !== 'ok') return ended.reason;
	if (ended.value === 'DONE') return undefined;
	if (OVER.has(ended.value)) return `HubSpot ended import ${id} as ${ended.value}`;
	return `HubSpot had not finished import ${id} after ${Math.round(waitedMs / 1_000)} seconds`;
}
