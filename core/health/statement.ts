import type { ReasonCode } from '../outcome';
import { isReasonCode } from '../outcome';
import { instantOf } from '../instant';
import { isRecord, textOf } from '../json';
import { relationsOf } from '../contact/relations';

/**
 * Why a contact is not in sync. `excluded`: a rule or a setting leaves it out. `failing`: a person has to change something first.
 * `waiting`: nothing is wrong with the contact; it goes on once a quota renews or the destination answers again.
 */
export type TroubleKind = 'excluded' | 'failing' | 'waiting';

export const TROUBLE_KINDS: readonly TroubleKind[] = ['excluded', 'failing', 'waiting'];

/** What a batch says of a contact. */
export interface Statement {
	readonly key: string;
	/** Undefined: in sync, or no contact of the sync any more. */
	readonly trouble?: ToldTrouble;
	/** Keys of records that went into this one and exist no more. */
	readonly mergedFrom: readonly string[];
	/** Contacts created, updated or taken off the list: 0 or 1. */
	readonly writes: number;
}

export interface ToldTrouble {
	readonly kind: TroubleKind;
	readonly code: ReasonCode;
	/** When it is tried again by itself, in ms since 1970, where that is known. */
	readonly until?: number;
	/** The contact left the source; only taking it off the list is left to do. */
	readonly left?: true;
	readonly address?: string;
	/** What happened and what to do, as the node said it. May hold values of the contact. */
	readonly message?: string;
	/** The contact in the destination's names, where it was mapped. */
	readonly values?: Readonly<Record<string, unknown>>;
}

/** Where an item came in: behind a node that synced it or tried to, or among contacts that were left out before. */
export type CameBy = 'upsert' | 'leftOut';

/** They say nothing about how the contact stands: another item of it does, or did. */
const SAYS_NOTHING: ReadonlySet<string> = new Set<ReasonCode>(['SUPERSEDED', 'OLDER_CHANGE', 'STALE_DELIVERY']);

/** The source has the contact no longer, so that it cannot be in trouble. */
const GONE: ReadonlySet<string> = new Set<ReasonCode>(['CONTACT_NOT_FOUND']);

/**
 * What an item says of its contact; undefined where it says nothing.
 *
 * | the item | says |
 * | --- | --- |
 * | `created`, `updated`, `unchanged`, `removed` | in sync |
 * | left the source, and was excluded | no contact of the sync any more |
 * | `excluded` | excluded |
 * | `failed`, and the same contact may succeed later | waiting |
 * | `failed` | failing |
 * | held by Quota Guard | waiting |
 * | came in as left out, without an outcome | excluded |
 * | no key, `planned` (dry run), or another item of the contact counts | nothing |
 */
export function readStatement(json: Readonly<Record<string, unknown>>, cameBy: CameBy): Statement | undefined {
	const key = textOf(json.key).trim();
	if (key === '') return undefined;
	const { mergedFrom = [] } = relationsOf(json);
	const outcome = isRecord(json.outcome) ? json.outcome : undefined;
	const { status, code } = outcome ?? {};
	if (status === 'planned' || (typeof code === 'string' && SAYS_NOTHING.has(code))) return undefined;
	const left = json.change === 'removed' || json.change === 'deleted';
	const trouble = troubleOf(json, outcome, cameBy, left);
	if (trouble === undefined) return undefined;
	const told = trouble === 'none' ? {} : { trouble: { ...trouble, ...detailsOf(json, outcome) } };
	return { key, ...told, mergedFrom, writes: WRITES.has(status) ? 1 : 0 };
}

const WRITES: ReadonlySet<unknown> = new Set(['created', 'updated', 'removed']);

/** Undefined: the item says nothing. */
function troubleOf(
	json: Readonly<Record<string, unknown>>,
	outcome: Readonly<Record<string, unknown>> | undefined,
	cameBy: CameBy,
	left: boolean,
): ToldTrouble | 'none' | undefined {
	const quota = isRecord(json.quota) ? json.quota : undefined;
	// Of a contact that the quota held, an earlier outcome is not the last word.
	if (quota?.code === 'QUOTA_USED_UP') return { kind: 'waiting', code: 'QUOTA_USED_UP', ...untilOf(quota.renewsAt) };
	const code = isReasonCode(outcome?.code) ? outcome.code : undefined;
	switch (outcome?.status) {
		case 'created':
		case 'updated':
		case 'unchanged':
		case 'removed':
			return 'none';
		case 'excluded':
			if (left || (code !== undefined && GONE.has(code))) return 'none';
			return { kind: 'excluded', code: code ?? 'LEFT_OUT' };
		case 'failed':
			if (code !== undefined && GONE.has(code)) return 'none';
			return {
				kind: outcome.retryable === true ? 'waiting' : 'failing',
				code: code ?? 'DESTINATION_REFUSED',
				...(left ? { left } : {}),
			};
		default:
			if (cameBy === 'upsert') return undefined;
			return left ? 'none' : { kind: 'excluded', code: 'LEFT_OUT' };
	}
}

function untilOf(value: unknown): { until?: number } {
	const until = instantOf(value);
	return until === undefined ? {} : { until };
}

/** `email` of HubSpot, `Email` of Salesforce, `EMAIL` of Brevo, `Email Address` of export files. */
const ADDRESS_FIELD = /^e-?mail(?:[ _-]?address)?$/i;

function detailsOf(
	json: Readonly<Record<string, unknown>>,
	outcome: Readonly<Record<string, unknown>> | undefined,
): Pick<ToldTrouble, 'address' | 'message' | 'values'> {
	const contact = isRecord(json.contact) ? json.contact : {};
	const fields = isRecord(json.fields) ? json.fields : {};
	const inSource = Object.keys(fields).filter((name) => ADDRESS_FIELD.test(name));
	const address = [contact.email, ...inSource.map((name) => fields[name])]
		.map(textOf)
		.find((text) => text.trim() !== '');
	const message = textOf(outcome?.message ?? (isRecord(json.quota) ? json.quota.message : undefined));
	return {
		...(address === undefined ? {} : { address }),
		...(message === '' ? {} : { message }),
		...(isRecord(json.contact) ? { values: json.contact } : {}),
	};
}
