import type { Warning } from '../../contact/contact';
import { ownValue } from '../../contact/ownValues';
import type { OutcomeStatus } from '../../outcome';
import { messageFor } from '../../outcome';
import type { ContactResult } from '../contactResult';
import { warning } from '../contactResult';
import type { ContactWrite, Destination, HeldContact } from '../destination';

/**
 * How a write looks when read back. `dropped`: everything but these values arrived. `incomplete`: the address, the key, the
 * list or the block is not what it should be.
 */
export type Judgement =
	| { readonly kind: 'stored' }
	| { readonly kind: 'dropped'; readonly names: readonly string[] }
	| { readonly kind: 'incomplete' };

/** Compares what a contact is with what the write wanted of it. */
export function judge(write: ContactWrite, held: HeldContact | undefined, destination: Destination): Judgement {
	if (!held) return write.kind === 'leave' || write.kind === 'delete' ? { kind: 'stored' } : { kind: 'incomplete' };
	if (write.kind === 'delete') return { kind: 'incomplete' };
	const essential =
		(write.email === undefined || held.email === write.email) &&
		(write.sourceKey === undefined || held.sourceKey === undefined || held.sourceKey === write.sourceKey) &&
		(!write.joinList || held.onList) &&
		(write.kind !== 'leave' || !held.onList) &&
		(!write.block || held.optedOut);
	if (!essential) return { kind: 'incomplete' };
	const names = Object.entries(write.attributes)
		.filter(([name, wanted]) => {
			const value = ownValue(held.attributes, name);
			return wanted === null ? (value ?? null) !== null : !destination.sameValue(name, value, wanted);
		})
		.map(([name]) => name);
	if (write.phone !== undefined && held.phone !== write.phone) names.push(destination.names.phone);
	// A destination that does not show the key holds the contact all the same.
	const { sourceKey } = destination.names;
	if (write.sourceKey !== undefined && held.sourceKey === undefined && sourceKey !== undefined) names.push(sourceKey);
	const lacksKey = write.otherKeys?.some((key) => !held.otherKeys?.includes(key)) === true;
	if (lacksKey && destination.names.otherKeys !== undefined) names.push(destination.names.otherKeys);
	return names.length === 0 ? { kind: 'stored' } : { kind: 'dropped', names };
}

const STATUS: Readonly<Record<ContactWrite['kind'], OutcomeStatus>> = {
	create: 'created',
	update: 'updated',
	leave: 'removed',
	delete: 'removed',
};

/** The result of a write that arrived, with a warning for each value the destination left out. */
export function written(
	write: ContactWrite,
	seen: HeldContact | undefined,
	dropped: readonly string[] = [],
): ContactResult {
	const changes = Object.fromEntries(Object.entries(write.changes).filter(([name]) => !dropped.includes(name)));
	const isDeleted = write.kind === 'delete';
	const nothingLeft = write.kind !== 'create' && !isDeleted && Object.keys(changes).length === 0;
	const warnings: Warning[] = dropped.map((name) => warning(name, 'VALUE_DROPPED'));
	return {
		outcome: {
			status: nothingLeft ? 'unchanged' : STATUS[write.kind],
			...(isDeleted ? { code: 'RECORD_DELETED', message: messageFor('RECORD_DELETED') } : {}),
			...(seen || write.held ? { destinationId: seen?.id ?? write.held?.id } : {}),
			...(Object.keys(changes).length > 0 ? { changes } : {}),
		},
		warnings: [...write.warnings, ...warnings],
	};
}

/**
 * The write without what puts the contact on the list, when the person is seen to have unsubscribed from it since it was planned:
 * nothing puts them back. A block that was set meanwhile goes along, as with every blocked contact.
 */
export function asSeen(
	write: ContactWrite,
	seen: HeldContact | undefined,
	{ names }: Pick<Destination, 'names'>,
): ContactWrite {
	if (!seen) return write;
	const block = write.block || seen.optedOut;
	if (!write.joinList || seen.unsubscribedFromList !== true || seen.onList)
		return block === write.block ? write : { ...write, block };
	const { [names.list]: _join, ...changes } = write.changes;
	const warnings = [...write.warnings, warning(names.list, 'LIST_UNSUBSCRIBED')];
	return { ...write, block, joinList: false, changes, warnings };
}
