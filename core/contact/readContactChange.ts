import type { ChangeKind, ContactChange, ContactSource, Delivery, FieldValue } from './contact';
import { CHANGE_KINDS, contactKey, DELIVERY_PHASES } from './contact';
import { readOptedOut } from './optedOut';
import { instantOf } from '../instant';
import { relationsOf } from './relations';
import { idTextOf, isRecord } from '../json';

export type ContactReading =
	| { readonly kind: 'contact'; readonly contact: ContactChange }
	| { readonly kind: 'notAContact'; readonly reason: string };

/**
 * Reads an item as a contact change. Only `fields` and a `source` (or a `key` that spells it) are needed: without
 * `change` the contact counts as updated, without `changedAt` as changed at `now` (ms since 1970), without `optedOut` as
 * unknown. Of a contact that opted out or leaves, the source is enough: nothing may keep it from being passed on.
 */
export function readContactChange(json: Readonly<Record<string, unknown>>, now: number): ContactReading {
	const source = readSource(json.source) ?? sourceOfKey(json.key);
	const optedOut = readOptedOut(json.optedOut);
	const missing = [
		...(isRecord(json.fields) ? [] : ["'fields' (an object of field names and values)"]),
		...(source ? [] : ["'source' (with system, account, object and id) or 'key'"]),
		...(json.change === undefined || isChangeKind(json.change)
			? []
			: [`a 'change' that is one of ${CHANGE_KINDS.join(', ')}`]),
		...(json.changedAt === undefined || isInstant(json.changedAt) ? [] : ["a 'changedAt' that is an ISO 8601 instant"]),
		...(optedOut === undefined ? ["an 'optedOut' that is true, false or null"] : []),
	];
	const leaves = json.change === 'removed' || json.change === 'deleted';
	if (!source || (missing.length > 0 && optedOut !== true && !leaves)) {
		return { kind: 'notAContact', reason: `The item is not a contact: it lacks ${missing.join(' and ')}` };
	}
	return {
		kind: 'contact',
		contact: {
			key: typeof json.key === 'string' && json.key !== '' ? json.key : contactKey(source),
			change: isChangeKind(json.change) ? json.change : 'updated',
			source,
			changedAt: isInstant(json.changedAt) ? json.changedAt : new Date(now).toISOString(),
			fields: isRecord(json.fields) ? (json.fields as Readonly<Record<string, FieldValue>>) : {},
			optedOut: optedOut ?? null,
			...(typeof json.previousEmail === 'string' ? { previousEmail: json.previousEmail } : {}),
			...relationsOf(json),
			...(isDelivery(json.delivery) ? { delivery: json.delivery } : {}),
		},
	};
}

function readSource(value: unknown): ContactSource | undefined {
	if (!isRecord(value)) return undefined;
	const [system, account, object, id] = ['system', 'account', 'object', 'id'].map((part) => idTextOf(value[part]));
	if (!system || !account || !object || !id) return undefined;
	const list = idTextOf(value.list);
	return {
		system,
		account,
		object,
		id,
		...(list ? { list } : {}),
		...(value.uniqueEmails === true ? { uniqueEmails: true } : {}),
		...(value.keepsLinks === true ? { keepsLinks: true } : {}),
	};
}

/** The inverse of `contactKey`; an id may hold colons, the other parts may not. */
function sourceOfKey(key: unknown): ContactSource | undefined {
	if (typeof key !== 'string') return undefined;
	const [system, account, object, ...id] = key.split(':');
	return system && account && object && id.join(':') !== '' ? { system, account, object, id: id.join(':') } : undefined;
}

const isChangeKind = (value: unknown): value is ChangeKind => (CHANGE_KINDS as readonly unknown[]).includes(value);

const isInstant = (value: unknown): value is string => typeof value === 'string' && instantOf(value) !== undefined;

export const isDelivery = (value: unknown): value is Delivery =>
	isRecord(value) &&
	(DELIVERY_PHASES as readonly unknown[]).includes(value.phase) &&
	typeof value.sequence === 'number';
