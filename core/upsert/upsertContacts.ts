import type { MappedContact } from '../contact/contact';
import type { Clock } from '../ports';
import type { Failure } from '../result';
import { applyWrites } from './applyWrites';
import type { Intent } from './collapse';
import { collapse } from './collapse';
import type { ContactResult } from './contactResult';
import { failed } from './contactResult';
import type { ContactWrite, Destination } from './destination';
import type { PlanSettings } from './plan';
import { planContacts } from './plan';
import { verifyWrites } from './verifyWrites';

export interface UpsertSettings extends PlanSettings {
	/** Stop after the plan: what would be written ends as `planned`. */
	readonly dryRun: boolean;
	/** How long to wait for writes that the destination carries out later. */
	readonly longestWaitMs: number;
}

/** `results[i]` is about `contacts[i]`. `failure`: something passing or a stop left contacts unsynced. */
export interface UpsertReport {
	readonly results: readonly ContactResult[];
	readonly failure?: Failure;
	/** Dry run: what the real run would take. */
	readonly cost?: { readonly tasks: number; readonly calls: number };
}

/**
 * Brings contacts into one list of a destination: collapse, read, plan, apply, verify. Every contact gets exactly one
 * result, whatever happens; undefined stands for an item that is no contact. Repeating a batch writes nothing new. Contacts
 * that need an address which others of the batch are about to leave come after them, in a round of their own.
 */
export async function upsertContacts(
	contacts: ReadonlyArray<MappedContact | undefined>,
	destination: Destination,
	settings: UpsertSettings,
	clock: Clock,
): Promise<UpsertReport> {
	const { intents, settled } = collapse(contacts);
	const results = new Map<number, ContactResult>(settled);
	const settle = (intent: Intent, result: ContactResult): void => void results.set(intent.position, result);
	const spokenFor = new Set<string>();
	let failure: Failure | undefined;
	let open = intents;
	while (open.length > 0 && !failure) {
		const round = await runRound(open, destination, settings, clock, spokenFor);
		for (const intent of open) {
			const result = round.results.get(intent.key);
			if (result) settle(intent, result);
		}
		failure = round.failure;
		const noProgress = round.waiting.length === open.length;
		open = round.waiting;
		if (noProgress) break;
	}
	for (const intent of open) settle(intent, failed(failure ?? EXCHANGED));
	return { results: contacts.map((_contact, index) => results.get(index) ?? failed(LOST)), failure };
}

/** Contacts that hold each other's new address. */
const EXCHANGED: Failure = {
	kind: 'refused',
	code: 'IDENTIFIER_TAKEN',
	reason: 'The e-mail address is still on a contact that waits for the address of this one',
};

/** Cannot happen: every intent is settled above. A contact without a result would break the count of the run. */
const LOST: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'The contact was not dealt with' };

interface Round {
	readonly results: ReadonlyMap<string, ContactResult>;
	readonly waiting: readonly Intent[];
	readonly failure?: Failure;
}

async function runRound(
	intents: readonly Intent[],
	destination: Destination,
	settings: UpsertSettings,
	clock: Clock,
	spokenFor: Set<string>,
): Promise<Round> {
	const identifiers = intents.map(({ key, contact, previousEmails }) => ({
		key,
		emails: contact.email === undefined ? previousEmails : [contact.email, ...previousEmails],
		phone: contact.phone,
	}));
	const holdings = await destination.read(identifiers);
	if (holdings.kind !== 'ok') {
		return {
			results: new Map(intents.map(({ key }) => [key, failed(holdings)])),
			waiting: [],
			failure: asRunFailure(holdings),
		};
	}
	const plan = planContacts(intents, holdings.value, destination, settings, spokenFor);
	const results = new Map(plan.settled);
	if (settings.dryRun) {
		for (const write of plan.writes) results.set(write.key, planned(write));
		for (const { key } of plan.waiting) results.set(key, { outcome: { status: 'planned' }, warnings: [] });
		return { results, waiting: [] };
	}
	const failure = await carryOut(plan.writes, destination, settings, clock, results);
	for (const { held } of plan.writes) if (held) spokenFor.add(held.id);
	for (const { outcome } of results.values()) if (outcome.destinationId) spokenFor.add(outcome.destinationId);
	return { results, waiting: plan.waiting, failure };
}

/** Applies and verifies; what the bulk path lost is written again, one by one, so that each ends with its own reason. */
async function carryOut(
	writes: readonly ContactWrite[],
	destination: Destination,
	{ longestWaitMs }: UpsertSettings,
	clock: Clock,
	results: Map<string, ContactResult>,
): Promise<Failure | undefined> {
	let failure: Failure | undefined;
	let open = writes;
	for (const singly of [false, true]) {
		if (open.length === 0) break;
		const { applied, halted } = await applyWrites(open, destination, singly);
		failure ??= halted;
		for (const entry of applied) {
			if (entry.kind !== 'failed') continue;
			results.set(entry.write.key, failed(entry.failure, entry.write.warnings, entry.write.held?.id));
			if (entry.failure.kind !== 'refused') failure ??= entry.failure;
		}
		const accepted = applied.flatMap((entry) => (entry.kind === 'accepted' ? [entry] : []));
		open = [];
		if (accepted.length === 0) continue;
		const verified = await verifyWrites(accepted, destination, clock, longestWaitMs);
		for (const [key, result] of verified.results) results.set(key, result);
		failure ??= verified.failure;
		open = verified.again;
	}
	for (const write of open)
		results.set(
			write.key,
			failed(
				{ kind: 'refused', code: 'NOT_STORED', reason: 'The destination did not store the contact' },
				write.warnings,
				write.held?.id,
			),
		);
	return failure;
}

/** A refused read cannot be about one contact: the whole run cannot go on. */
function asRunFailure(failure: Failure): Failure {
	return failure.kind === 'refused' ? { kind: 'stop', code: failure.code, reason: failure.reason } : failure;
}

function planned({ changes, held, warnings }: ContactWrite): ContactResult {
	return {
		outcome: {
			status: 'planned',
			...(held ? { destinationId: held.id } : {}),
			...(Object.keys(changes).length > 0 ? { changes } : {}),
		},
		warnings,
	};
}
