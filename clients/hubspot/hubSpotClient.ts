import type { z } from 'zod';
import type { Clock, HttpPort, HttpReply, HttpRequest } from '../../core/ports';
import type { CallLimiter } from '../../core/resilience/callLimiter';
import { withRetry } from '../../core/resilience/retry';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { classifyReply, DAILY_RECHECK_MS, isNotFound, onlySearchesPaused } from './classify';
import type { HubSpotLimits } from './limits';
import { HUBSPOT_LIMITS, HUBSPOT_RETRY, LONGEST_WAIT_MS } from './limits';
import type { HubSpotAccount, HubSpotContact, HubSpotList, HubSpotProperty, Member } from './types';
import {
	accountAnswer,
	batchReadAnswer,
	instantOf,
	listSearchAnswer,
	membersAnswer,
	membershipsAnswer,
	propertiesAnswer,
	searchAnswer,
	toContact,
	toList,
	toProperties,
} from './types';

export const HUBSPOT_BASE_URL = 'https://api.hubapi.com';

/** Dated versions appear each March and September and are kept for 18 months. */
const VERSION = '2026-09';
export const LISTS = `/crm/lists/${VERSION}`;
export const CONTACTS = `/crm/objects/${VERSION}/contacts`;
const PROPERTIES = `/crm/properties/${VERSION}/contacts`;
const ACCOUNT = `/account-info/${VERSION}/details`;
/** HubSpot's type id of contacts. */
export const CONTACT_TYPE = '0-1';

/** Slow pages of big lists take seconds; longer means something is stuck. */
const TIMEOUT_MS = 30_000;
/** A request that starts close to the deadline still gets this long. */
const SHORTEST_TIMEOUT_MS = 2_000;

export interface Page<T> {
	readonly items: readonly T[];
	/** Where the next page begins; absent on the last one. */
	readonly next?: string;
}

export interface ListSearch {
	readonly name?: string;
	readonly ids?: readonly string[];
	/** `DYNAMIC`, `MANUAL`, `SNAPSHOT`. */
	readonly processingTypes?: readonly string[];
	readonly offset?: number;
	readonly count?: number;
}

export interface SearchFilter {
	readonly propertyName: string;
	readonly operator: 'GTE' | 'LTE' | 'GT' | 'EQ';
	readonly value: string;
}

export interface ContactSearch {
	/** Groups are alternatives; the filters of one group hold together. */
	readonly filterGroups: readonly { readonly filters: readonly SearchFilter[] }[];
	/** HubSpot takes one sort. */
	readonly sort: { readonly propertyName: string; readonly direction: 'ASCENDING' | 'DESCENDING' };
	readonly properties: readonly string[];
}

export interface CallSettings {
	/** Instant after which no call is started or repeated. */
	readonly deadline?: number;
	readonly random?: () => number;
}

/**
 * HubSpot's endpoints, one method each. Every method only reads, so all of them are repeated while HubSpot answers with
 * something that passes. Answers are checked; one of an unknown form is a failure, never an empty list.
 */
export class HubSpotClient {
	private clockOffsetMs: number | undefined;

	constructor(
		private readonly http: HttpPort,
		private readonly clock: Clock,
		readonly limits: HubSpotLimits,
		private readonly settings: CallSettings = {},
	) {}

	/** HubSpot's own time, as its last answer told (the header Date, full seconds); this machine's before that. */
	serverNow(): number {
		return this.clock.now() + (this.clockOffsetMs ?? 0);
	}

	/** The account the credential belongs to. Needs no scope of its own. */
	async account(): Promise<Result<HubSpotAccount>> {
		const answer = await this.read({ method: 'GET', path: ACCOUNT }, accountAnswer, 'reading the account');
		return answer.kind === 'ok'
			? ok({ portalId: answer.value.portalId, timeZone: answer.value.timeZone ?? undefined })
			: answer;
	}

	/** Lists by name or id, with size and the instants of the last addition and removal; at most 500 a page. */
	async searchLists(search: ListSearch): Promise<Result<Page<HubSpotList>>> {
		const body = {
			query: search.name ?? '',
			...(search.ids ? { listIds: search.ids } : {}),
			...(search.processingTypes ? { processingTypes: search.processingTypes } : {}),
			offset: search.offset ?? 0,
			count: Math.min(search.count ?? HUBSPOT_LIMITS.listsPage, HUBSPOT_LIMITS.listsPage),
			additionalProperties: ['hs_list_size', 'hs_last_record_added_at', 'hs_last_record_removed_at'],
		};
		const answer = await this.read(
			{ method: 'POST', path: `${LISTS}/search`, body },
			listSearchAnswer,
			'reading the lists',
		);
		if (answer.kind !== 'ok') return answer;
		const { lists, hasMore, offset } = answer.value;
		const present = lists.filter((list) => instantOf(list.deletedAt) === undefined).map(toList);
		return ok({ items: present, next: hasMore && typeof offset === 'number' ? String(offset) : undefined });
	}

	/** A page of the membership log in the order of joining. Which end comes first is not documented. */
	async membersByJoinOrder(
		listId: string,
		after: string | undefined,
		limit: number = HUBSPOT_LIMITS.membersPage,
	): Promise<Result<Page<Member>>> {
		const path = `${LISTS}/${encodeURIComponent(listId)}/memberships/join-order`;
		const query = { limit: Math.min(limit, HUBSPOT_LIMITS.membersPage), ...(after === undefined ? {} : { after }) };
		const answer = await this.read({ method: 'GET', path, query }, membersAnswer, 'reading the members of the list');
		if (answer.kind !== 'ok') return isNotFound(answer) ? listNotFound(listId) : answer;
		const items = answer.value.results.map(({ recordId, membershipTimestamp }) => ({
			id: recordId,
			at: membershipTimestamp,
		}));
		return ok({ items, next: answer.value.paging });
	}

	/** Which of these contacts are members of the list now. */
	async membersAmong(listId: string, ids: readonly string[]): Promise<Result<ReadonlySet<string>>> {
		const members = new Set<string>();
		const waiting = chunksOf(ids, HUBSPOT_LIMITS.membershipsRead);
		for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
			const body = { inputs: chunk.map((recordId) => ({ objectTypeId: CONTACT_TYPE, recordId })) };
			const answer = await this.read(
				{ method: 'POST', path: `${LISTS}/records/memberships/batch/read`, body },
				membershipsAnswer,
				'reading the lists of the changed contacts',
			);
			if (answer.kind === 'refused' && (answer.status === 400 || answer.status === 413) && chunk.length > 1) {
				// The most records a call may name is not documented; a refusal halves it.
				waiting.unshift(...chunksOf(chunk, Math.ceil(chunk.length / 2)));
				continue;
			}
			if (answer.kind !== 'ok') return answer;
			for (const { recordId, recordListMemberships } of answer.value.results) {
				if (recordListMemberships?.some((membership) => membership.listId === listId)) members.add(recordId);
			}
		}
		return ok(members);
	}

	/** Contacts by record id, at most 100 (50 with history). Ids that no longer exist are absent from the answer. */
	async contacts(
		ids: readonly string[],
		properties: readonly string[],
		withHistory: readonly string[] = [],
	): Promise<Result<readonly HubSpotContact[]>> {
		const body = {
			inputs: ids.map((id) => ({ id })),
			properties,
			...(withHistory.length > 0 ? { propertiesWithHistory: withHistory } : {}),
		};
		const answer = await this.read(
			{ method: 'POST', path: `${CONTACTS}/batch/read`, query: { archived: false }, body },
			batchReadAnswer,
			'reading contacts',
		);
		return answer.kind === 'ok'
			? ok(answer.value.results.filter((contact) => contact.archived !== true).map(toContact))
			: answer;
	}

	/** One page of 200 hits at most. Searches lag behind changes and have their own limit of 5 a second. */
	async searchContacts(search: ContactSearch): Promise<Result<Page<HubSpotContact>>> {
		const body = {
			filterGroups: search.filterGroups,
			sorts: [search.sort],
			properties: search.properties,
			limit: HUBSPOT_LIMITS.searchPage,
		};
		const answer = await this.read(
			{ method: 'POST', path: `${CONTACTS}/search`, body },
			searchAnswer,
			'searching changed contacts',
			this.limits.searches,
		);
		return answer.kind === 'ok'
			? ok({ items: answer.value.results.map(toContact), next: answer.value.paging })
			: answer;
	}

	/** All contact properties that exist, in one call. */
	async contactProperties(): Promise<Result<readonly HubSpotProperty[]>> {
		const answer = await this.read(
			{ method: 'GET', path: PROPERTIES, query: { archived: false } },
			propertiesAnswer,
			'reading the contact properties',
		);
		return answer.kind === 'ok' ? ok(toProperties(answer.value)) : answer;
	}

	private async read<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		schema: Schema,
		doing: string,
		extra?: CallLimiter,
	): Promise<Result<z.output<Schema>>> {
		const left = this.timeLeftMs();
		const policy = { ...HUBSPOT_RETRY, maxDelayMs: Math.min(HUBSPOT_RETRY.maxDelayMs, Math.max(0, left)) };
		let last: Result<z.output<Schema>> | undefined;
		return await withRetry(
			async () => {
				if (last && this.timeLeftMs() <= 0) return last;
				last = await this.once(request, schema, doing, extra);
				return last;
			},
			policy,
			this.clock,
			this.settings.random,
		);
	}

	private async once<Schema extends z.ZodTypeAny>(
		request: HttpRequest,
		schema: Schema,
		doing: string,
		extra: CallLimiter | undefined,
	): Promise<Result<z.output<Schema>>> {
		const wait = Math.max(this.limits.burst.waitMs(), extra?.waitMs() ?? 0);
		if (wait > Math.min(LONGEST_WAIT_MS, this.timeLeftMs())) {
			const code = wait > DAILY_RECHECK_MS / 2 ? 'DAILY_LIMIT_REACHED' : 'RATE_LIMITED';
			return {
				kind: 'retry',
				code,
				reason: `HubSpot's limits leave no call in time (${doing})`,
				afterMs: wait,
			};
		}
		const send = async (): Promise<HttpReply> => {
			const timeoutMs = Math.max(SHORTEST_TIMEOUT_MS, Math.min(TIMEOUT_MS, this.timeLeftMs()));
			return await this.http.send({ ...request, timeoutMs });
		};
		const reply = await (extra
			? extra.run(async () => await this.limits.burst.run(send))
			: this.limits.burst.run(send));
		if (reply.kind === 'reply') this.learn(reply.headers);
		const classified = classifyReply(reply, doing);
		if (
			classified.kind === 'retry' &&
			classified.afterMs !== undefined &&
			reply.kind === 'reply' &&
			reply.status === 429
		) {
			this.limits.pause(classified.afterMs, onlySearchesPaused(classified));
		}
		if (classified.kind !== 'ok') return classified;
		const checked = schema.safeParse(classified.value) as z.SafeParseReturnType<unknown, z.output<Schema>>;
		if (checked.success) return ok(checked.data);
		const where = checked.error.issues[0]?.path.join('.') || 'the body';
		return {
			kind: 'refused',
			code: 'UNEXPECTED_ANSWER',
			reason: `HubSpot's answer while ${doing} has an unknown form at ${where}`,
		};
	}

	private learn(headers: Readonly<Record<string, string>>): void {
		this.limits.learn(headers);
		const date = Date.parse(headers.date ?? '');
		if (Number.isFinite(date)) this.clockOffsetMs = date - this.clock.now();
	}

	private timeLeftMs(): number {
		return this.settings.deadline === undefined ? Infinity : this.settings.deadline - this.clock.now();
	}
}

/** The list does not exist (any more), or is of another account. */
export const listNotFound = (listId: string) =>
	({ kind: 'stop', code: 'LIST_NOT_FOUND', reason: `HubSpot has no list ${listId} in this account` }) as const;

function chunksOf<T>(items: readonly T[], size: number): T[][] {
	const chunks: T[][] = [];
	for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
	return chunks;
}
