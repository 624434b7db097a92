import { chunk } from 'lodash';
import type { FieldValue } from '../../../core/contact/contact';
import type { ContactWrite, WriteCall } from '../../../core/upsert/destination';
import { IMPORT_MAX_BYTES, LIST_CHANGES_PER_CALL } from '../api/limits';
import { carriedSingly, clearedByImport, clearsNumber } from './clearedValues';
import { EXTERNAL_ID, PHONE } from '../api/contactValues';
import type { ContactBody, ImportRow } from '../api/types';

/**
 * How a call goes out. `single`: POST or PUT of one contact. `import`: the bulk upsert, for rows that share the flags.
 * `clear`: an import that only erases values, because a single write cannot. `join`: putting known contacts on the list, which
 * is carried out at once. `leave`: taking contacts off it.
 */
export type BrevoCall = WriteCall & {
	readonly lane: 'single' | 'join' | 'leave' | 'clear' | 'import';
	/** Imports: every row opted out at the source, or is blocked already and has to stay so. */
	readonly block?: boolean;
	/** Imports: empty values erase. */
	readonly clearing?: boolean;
	/** Imports: onto the list that is synced. The others name a list that nothing is sent to, see `TechnicalList`. */
	readonly joins?: boolean;
};

export interface ImportRules {
	/** Number of writes from which an import is used; see `IMPORT_FROM`. */
	readonly importFrom?: number;
	/** False for a write that only a single call carries whole and without touching another contact. */
	readonly mayImport?: (write: ContactWrite) => boolean;
}

/**
 * From this number on an import costs fewer calls than writing one by one: it takes one call for any number of contacts and
 * two or three to see what became of them.
 */
export const IMPORT_FROM = 30;

/** Distributes writes over the lanes. */
export function arrangeBrevoWrites(
	writes: readonly ContactWrite[],
	singly: boolean,
	{ importFrom = IMPORT_FROM, mayImport = () => true }: ImportRules = {},
): BrevoCall[] {
	const isPlainLeaver = ({ kind, block, sourceKey, otherKeys }: ContactWrite): boolean =>
		kind === 'leave' && !block && sourceKey === undefined && otherKeys === undefined;
	const leavers = writes.filter(isPlainLeaver);
	const others = writes.filter((write) => !isPlainLeaver(write));
	const importable = singly ? [] : others.filter((write) => isImportable(write) && mayImport(write));
	const imported = importable.length >= importFrom ? importable : [];
	const inBulk = new Set(imported);
	const joiners = (singly ? others : imported).filter(joinsOnly);
	const single = others.filter((write) => !inBulk.has(write) && !(singly && joinsOnly(write)));

	const calls: BrevoCall[] = single
		.filter(hasSinglePart)
		.map((write) => ({ lane: 'single', writes: [write], bulk: false }));
	for (const joining of chunk(joiners, LIST_CHANGES_PER_CALL))
		calls.push({ lane: 'join', writes: joining, bulk: false });
	for (const leaving of chunk(leavers, LIST_CHANGES_PER_CALL))
		calls.push({ lane: 'leave', writes: leaving, bulk: false });
	const clearOnly = single.filter((write) => clearsAnything(write) && canBeCleared(write));
	for (const rows of chunksBySize(clearOnly, clearRow))
		calls.push({ lane: 'clear', clearing: true, writes: rows, bulk: true });
	const withRows = imported.filter(hasRow);
	const sharesBlock = mayShareBlock(withRows);
	// Blocked ones first: until their import has ended, those that opted out at the source are mailable.
	for (const joins of [false, true]) {
		for (const block of [true, false]) {
			for (const clearing of [false, true]) {
				const rows = withRows.filter(
					(write) =>
						joinsByImport(write, sharesBlock) === joins && write.block === block && clearsAnything(write) === clearing,
				);
				for (const part of chunksBySize(rows, importRow))
					calls.push({ lane: 'import', joins, joinsAfter: !joins, block, clearing, writes: part, bulk: true });
			}
		}
	}
	return calls;
}

/** An import finds a contact by the address as Brevo spells it. */
const heldEmail = ({ held }: ContactWrite): string | undefined => held?.spelledEmail ?? held?.email;

/** A row of an import. The spelling of the external id is undocumented for JSON rows, so both known ones are sent. */
export function importRow(write: ContactWrite): ImportRow {
	const {
		email = heldEmail(write),
		phone = write.held?.email === undefined ? write.held?.phone : undefined,
		sourceKey,
	} = write;
	return {
		...(email === undefined ? {} : { email }),
		...(sourceKey === undefined ? {} : { ext_id: sourceKey }),
		attributes: {
			...withEmptyText(write.attributes),
			...(phone === undefined ? {} : { [PHONE]: phone }),
			...(sourceKey === undefined ? {} : { [EXTERNAL_ID]: sourceKey }),
		},
	};
}

/** The write without what its row in a clearing import does not carry: only by what the row says may it meet another contact. */
export function clearingOnly(write: ContactWrite): ContactWrite {
	const cleared = clearedByImport(write.attributes);
	const phone = write.email === undefined && heldEmail(write) === undefined ? write.phone : undefined;
	return { ...write, attributes: cleared, phone, sourceKey: undefined, otherKeys: undefined };
}

/** A row that only erases. It comes after the single write of the contact, so it is found by the new address. */
export function clearRow(write: ContactWrite): ImportRow {
	const { email = heldEmail(write), phone = write.held?.phone } = write;
	return {
		...(email === undefined ? {} : { email }),
		attributes: {
			...withEmptyText(clearedByImport(write.attributes)),
			...(email === undefined && phone !== undefined ? { [PHONE]: phone } : {}),
		},
	};
}

/** What POST and PUT share. Most empty values are left to the clearing import; nothing here can lift a block. */
export function contactBody(write: ContactWrite, listId: number | undefined): ContactBody {
	const attributes = carriedSingly(write.attributes);
	if (write.phone !== undefined) attributes[PHONE] = write.phone;
	return {
		attributes,
		...(write.sourceKey === undefined ? {} : { ext_id: write.sourceKey }),
		...(write.joinList && listId !== undefined ? { listIds: [listId] } : {}),
		...(write.kind === 'leave' && listId !== undefined ? { unlinkListIds: [listId] } : {}),
		...(write.block ? { emailBlacklisted: true as const } : {}),
	};
}

/**
 * Whether an import can carry the write: it finds a contact by its address, so it cannot change one, and it clears no number. The
 * number of a contact whose text messages are blocked is changed on the single path, which reads the block back.
 */
function isImportable({ kind, held, email, phone, sourceKey, attributes }: ContactWrite): boolean {
	if (clearsNumber(attributes)) return false;
	if (kind === 'create') return email !== undefined || phone !== undefined;
	if (kind === 'leave' || !held || email !== undefined) return false;
	if (sourceKey !== undefined && held.sourceKey !== undefined) return false;
	if (held.email === undefined) return held.phone !== undefined && phone === undefined;
	return phone === undefined || held.bulkWriteLosesBlock !== true;
}

/**
 * Whether the import that carries the write names the list: only where the contact is new, or is blocked by that very import and so
 * may not be on the list before. A known contact could unsubscribe while the import is under way, and would be back when it ends.
 * `sharesBlock`: there is an import of blocked contacts that leaves the list out. All blocked ones go along and are put on the list
 * after it, because Brevo may carry out one import after the other.
 */
const joinsByImport = ({ held, joinList, block }: ContactWrite, sharesBlock: boolean): boolean =>
	joinList && !(block && sharesBlock) && (held === undefined || (block && !held.optedOut));

/** Most contacts that would go by an import of their own onto the list: putting them there afterwards takes two calls for each 150. */
const MOST_SHARED = 2 * LIST_CHANGES_PER_CALL;

function mayShareBlock(writes: readonly ContactWrite[]): boolean {
	const blocked = writes.filter(({ block }) => block);
	const joining = blocked.filter((write) => joinsByImport(write, false)).length;
	return joining < blocked.length && joining <= MOST_SHARED;
}

/** A known contact that needs nothing but to be put on the list. */
const joinsOnly = (write: ContactWrite): boolean =>
	write.kind === 'update' && write.joinList && !hasRow(write) && write.email === undefined;

/** False for a known contact that only joins the list. */
const hasRow = ({ held, attributes, phone, sourceKey, otherKeys, block }: ContactWrite): boolean =>
	held === undefined ||
	Object.keys(attributes).length > 0 ||
	phone !== undefined ||
	sourceKey !== undefined ||
	otherKeys !== undefined ||
	(block && !held.optedOut);

/** Whether it takes an import to clear a value of the write. */
const clearsAnything = ({ attributes }: ContactWrite): boolean => Object.keys(clearedByImport(attributes)).length > 0;

/** Only an import clears values, and it finds a contact by its address or number; without one they stay. */
const canBeCleared = ({ email, phone, held }: ContactWrite): boolean =>
	email !== undefined || phone !== undefined || held?.email !== undefined || held?.phone !== undefined;

/** False for an update that only clears values: the clearing import does it all. */
function hasSinglePart(write: ContactWrite): boolean {
	const { kind, email, phone, sourceKey, otherKeys, attributes, joinList, block } = write;
	if (kind !== 'update' || !canBeCleared(write)) return true;
	return (
		email !== undefined ||
		phone !== undefined ||
		sourceKey !== undefined ||
		otherKeys !== undefined ||
		joinList ||
		block ||
		Object.keys(carriedSingly(attributes)).length > 0
	);
}

function withEmptyText(attributes: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> {
	return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value ?? '']));
}

/** Leaves room for the frame of the body and the commas. */
const FRAME_BYTES = 1_000;

function chunksBySize(writes: readonly ContactWrite[], rowOf: (write: ContactWrite) => ImportRow): ContactWrite[][] {
	const chunks: ContactWrite[][] = [];
	let bytes = Infinity;
	for (const write of writes) {
		const size = Buffer.byteLength(JSON.stringify(rowOf(write))) + 1;
		const last = chunks[chunks.length - 1];
		if (!last || bytes + size > IMPORT_MAX_BYTES - FRAME_BYTES) {
			chunks.push([write]);
			bytes = size;
		} else {
			last.push(write);
			bytes += size;
		}
	}
	return chunks;
}
