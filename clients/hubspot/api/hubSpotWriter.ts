import { z } from 'zod';
import type { Clock, HttpPort } from '../../../core/ports';
import type { CallSettings, VendorCalls } from '../../../core/calls/vendorCalls';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { classifyWrite, rowRefusals } from './classifyWrite';
import { COMMUNICATION, CONTACT_TYPE, CONTACTS, IMPORTS, LISTS } from './hubSpotClient';
import { hubSpotCalls } from './hubSpotCalls';
import type { HubSpotLimits } from './limits';
import { importAnswer, importErrors, marketingImport } from './marketingImport';
import type { HubSpotContact } from './types';
import { toContact, writtenRecord } from './types';

/** One contact of a batch: a new one has no id. Values as HubSpot takes them; an empty text clears. */
export interface ContactInput {
	/** Names the input within the batch, so that a bad one does not cost the others (https://developers.hubspot.com/docs/api-reference/error-handling). */
	readonly trace: string;
	readonly id?: string;
	readonly properties: Readonly<Record<string, string>>;
}

/** What became of a batch, by trace id. An input of which nothing is said is in neither. */
export interface BatchAnswer {
	readonly stored: ReadonlyMap<string, HubSpotContact>;
	readonly refused: ReadonlyMap<string, Failure>;
}

/** Why an opt-out may be recorded, where the account's data privacy setting asks for it (H23). */
export interface LegalBasis {
	readonly basis: string;
	readonly explanation: string;
}

/** An answer that says nothing of its records is none: they may be stored or not. */
const batchAnswer = z
	.object({
		results: z.array(writtenRecord).nullish(),
		errors: z.array(z.record(z.unknown())).nullish(),
	})
	.refine(({ results, errors }) => results != null || errors != null, { path: ['results'] });

const recordIds = z.array(z.union([z.string(), z.number()]).transform(String)).nullish();

/** Real answers leave out some of the keys, or all of them. */
const membershipAnswer = z
	.object({ recordIdsMissing: recordIds })
	.passthrough()
	.refine((answer) => Object.keys(answer).every((name) => /^records?Ids|^hasNoBody$/.test(name)));

/** Nothing, or what became of it: without `verbose` no address is named, but errors are. */
const optOutAnswer = z.union([
	z.object({ hasNoBody: z.literal(true) }).transform(() => ({ complete: true })),
	z
		.object({ status: z.string(), numErrors: z.number().nullish(), errors: z.array(z.unknown()).nullish() })
		.transform(({ status, numErrors, errors }) => ({
			complete: /^COMPLETE$/i.test(status) && !numErrors && !errors?.length,
		})),
]);

const createdList = z.object({ list: z.object({ listId: z.union([z.string(), z.number()]).transform(String) }) });

const anything = z.object({}).passthrough();

/** HubSpot's writing endpoints, one method each. Batches have the sizes of `HUBSPOT_LIMITS` at most. */
export class HubSpotWriter {
	private readonly calls: VendorCalls;

	constructor(http: HttpPort, clock: Clock, limits: HubSpotLimits, settings: CallSettings = {}) {
		this.calls = hubSpotCalls(http, clock, limits, settings, classifyWrite);
	}

	/** Calls sent so far, repeated ones included. */
	get sent(): number {
		return this.calls.sent;
	}

	/**
	 * Creates contacts, each with an address. May be repeated: what a lost answer created is refused the second time because it has the
	 * address, and planned anew as an update.
	 */
	async create(inputs: readonly ContactInput[]): Promise<Result<BatchAnswer>> {
		const body = { inputs: inputs.map(({ trace, properties }) => ({ objectWriteTraceId: trace, properties })) };
		const request = { method: 'POST', path: `${CONTACTS}/batch/create`, body } as const;
		const answer = asWrite(await this.calls.writeRepeatable(request, batchAnswer, 'creating contacts'));
		return answer.kind === 'ok' ? ok(toBatchAnswer(inputs, answer.value)) : answer;
	}

	/** Updates contacts by record id: by address HubSpot refuses, or does nothing (H5). */
	async update(inputs: readonly ContactInput[]): Promise<Result<BatchAnswer>> {
		const body = {
			inputs: inputs.map(({ trace, id, properties }) => ({ id, objectWriteTraceId: trace, properties })),
		};
		const request = { method: 'POST', path: `${CONTACTS}/batch/update`, body } as const;
		const answer = asWrite(await this.calls.writeRepeatable(request, batchAnswer, 'updating contacts'));
		return answer.kind === 'ok' ? ok(toBatchAnswer(inputs, answer.value)) : answer;
	}

	/** Puts contacts on a static list, by record id (H26). Members stay; the ids HubSpot does not know are returned. */
	async addToList(listId: string, ids: readonly string[]): Promise<Result<readonly string[]>> {
		return await this.changeMembers(listId, 'add', ids, 'putting contacts on the list');
	}

	/** Takes contacts off a static list. Contacts that are not on it are passed over. */
	async removeFromList(listId: string, ids: readonly string[]): Promise<Result<readonly string[]>> {
		return await this.changeMembers(listId, 'remove', ids, 'taking contacts off the list');
	}

	/** Creates a static list; its name must be free. Returns its id. */
	async createList(name: string): Promise<Result<string>> {
		const body = { name, objectTypeId: CONTACT_TYPE, processingType: 'MANUAL' };
		const request = { method: 'POST', path: LISTS, body } as const;
		const answer = await this.calls.writeOnce(request, createdList, 'creating the list');
		return answer.kind === 'ok' ? ok(answer.value.list.listId) : answer;
	}

	/** Unsubscribes an address from all e-mail, for good (H22), whether or not a contact has it. */
	async optOut(email: string, legalBasis: LegalBasis | undefined): Promise<Result<unknown>> {
		const path = `${COMMUNICATION}/statuses/${encodeURIComponent(email)}/unsubscribe-all`;
		const request = { method: 'POST', path, query: { channel: 'EMAIL' }, body: legalFields(legalBasis) } as const;
		const doing = 'unsubscribing a contact';
		const answer = asWrite(await this.calls.writeRepeatable(request, optOutAnswer, doing));
		return answer.kind !== 'ok' || answer.value.complete ? answer : notCarriedOut(doing);
	}

	/**
	 * The same for many addresses: only with Marketing Hub Enterprise, and with a scope of its own. Answers whether all of them are
	 * unsubscribed: a good answer may tell of errors.
	 */
	async optOutMany(emails: readonly string[]): Promise<Result<boolean>> {
		const path = `${COMMUNICATION}/statuses/batch/unsubscribe-all`;
		const request = { method: 'POST', path, query: { channel: 'EMAIL' }, body: { inputs: emails } } as const;
		const answer = asWrite(await this.calls.writeRepeatable(request, optOutAnswer, 'unsubscribing contacts'));
		return answer.kind === 'ok' ? ok(answer.value.complete) : answer;
	}

	/** Starts an import that sets contacts as marketing contacts; its id. Sent twice it sets them once, and HubSpot bills them once. */
	async importMarketingContacts(ids: readonly string[], name: string): Promise<Result<string>> {
		const request = { method: 'POST', path: IMPORTS, ...marketingImport(ids, name) } as const;
		const answer = await this.calls.writeRepeatable(request, importAnswer, 'setting marketing contacts');
		return answer.kind === 'ok' ? ok(answer.value.id) : answer;
	}

	/** See `importAnswer`. */
	async importState(id: string): Promise<Result<string>> {
		const request = { method: 'GET', path: `${IMPORTS}/${encodeURIComponent(id)}` } as const;
		const answer = await this.calls.read(request, importAnswer, 'looking at an import');
		return answer.kind === 'ok' ? ok(answer.value.state) : answer;
	}

	/** Kinds of errors of the rows of an import, from the first page. */
	async importErrors(id: string): Promise<Result<readonly string[]>> {
		const path = `${IMPORTS}/${encodeURIComponent(id)}/errors`;
		const request = { method: 'GET', path, query: { limit: 100 } } as const;
		const answer = await this.calls.read(request, importErrors, 'looking at an import');
		if (answer.kind !== 'ok') return answer;
		return ok([...new Set(answer.value.results.flatMap(({ errorType }) => errorType ?? []))]);
	}

	/** Whether the key may import, by a look at the imports of the account. */
	async mayImport(): Promise<Result<unknown>> {
		const request = { method: 'GET', path: IMPORTS, query: { limit: 1 } } as const;
		return onlyForbidden(await this.calls.read(request, anything, 'setting marketing contacts'));
	}

	/** Whether the key may write contacts, by a batch of none. */
	async mayWriteContacts(): Promise<Result<unknown>> {
		const request = { method: 'POST', path: `${CONTACTS}/batch/update`, body: { inputs: [] } } as const;
		return onlyForbidden(await this.calls.writeRepeatable(request, anything, 'updating contacts'));
	}

	/** Whether the key may unsubscribe addresses, by a call that names neither an address nor a subscription. */
	async mayOptOut(): Promise<Result<unknown>> {
		const request = { method: 'POST', path: `${COMMUNICATION}/statuses/none`, body: {} } as const;
		return onlyForbidden(await this.calls.writeRepeatable(request, anything, 'unsubscribing a contact'));
	}

	private async changeMembers(
		listId: string,
		kind: 'add' | 'remove',
		ids: readonly string[],
		doing: string,
	): Promise<Result<readonly string[]>> {
		const path = `${LISTS}/${encodeURIComponent(listId)}/memberships/${kind}`;
		const request = { method: 'PUT', path, body: ids } as const;
		const answer = asWrite(await this.calls.writeRepeatable(request, membershipAnswer, doing));
		return answer.kind === 'ok' ? ok(answer.value.recordIdsMissing ?? []) : answer;
	}
}

/** An answer of an unknown form refuses no contact: what was sent may be stored, and the next delivery finds out. */
function asWrite<T>(answer: Result<T>): Result<T> {
	if (answer.kind !== 'refused' || answer.code !== 'UNEXPECTED_ANSWER') return answer;
	return { kind: 'retry', code: answer.code, reason: answer.reason };
}

const notCarriedOut = (doing: string): Failure => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: `HubSpot answered that it did not carry out all of it while ${doing}`,
});

/** A call that names nothing is refused for that; only what the key may not do, or a fault, counts. */
const onlyForbidden = (answer: Result<unknown>): Result<unknown> =>
	answer.kind === 'refused' ? ok(undefined) : answer;

const legalFields = (legal: LegalBasis | undefined): object =>
	legal ? { legalBasis: legal.basis, legalBasisExplanation: legal.explanation } : {};

/**
 * Answers come in any order and name the trace id, the record id or at least the address (lower-case): each result goes to the input
 * that it fits.
 */
function toBatchAnswer(inputs: readonly ContactInput[], answer: z.output<typeof batchAnswer>): BatchAnswer {
	const byId = new Map(inputs.flatMap(({ id, trace }) => (id === undefined ? [] : [[id, trace] as const])));
	const byEmail = new Map(
		inputs.flatMap(({ properties: { email }, trace }) =>
			email === undefined ? [] : [[email.toLowerCase(), trace] as const],
		),
	);
	const stored = new Map<string, HubSpotContact>();
	for (const record of answer.results ?? []) {
		const email = record.properties.email?.toLowerCase();
		const trace = record.objectWriteTraceId ?? byId.get(record.id) ?? (email ? byEmail.get(email) : undefined);
		if (trace !== undefined) stored.set(trace, toContact(record));
	}
	return { stored, refused: rowRefusals(answer.errors ?? []) };
}
