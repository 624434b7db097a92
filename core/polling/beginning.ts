import type { SourceIdentity } from './changeSource';
import { sameOrigin } from './changeSource';
import type { PollState, StateOwner } from './pollState';

/** The node that a poll belongs to, and where its contacts go. */
export interface Whereabouts {
	readonly owner?: StateOwner;
	/** Names the destination as set in the nodes after the trigger; changes with it. */
	readonly destination?: string;
}

export interface StoredStates<Cursor> {
	/** Under the name the node has now. */
	readonly own?: PollState<Cursor>;
	/** Under names that no node has, or that other nodes have. */
	readonly others: ReadonlyArray<PollState<Cursor>>;
}

export type Beginning<Cursor> =
	| { readonly kind: 'goesOn'; readonly state: PollState<Cursor>; readonly note?: string }
	| { readonly kind: 'anew'; readonly sequence: number; readonly note?: string };

/**
 * The state to go on from. n8n keeps it under the name of the node, and copies it with a workflow where that is imported with
 * its CLI; so the name alone does not identify the owner.
 *
 * | what was stored                                         | then                                               |
 * | ------------------------------------------------------- | -------------------------------------------------- |
 * | by this node, for the same list, account, destination    | goes on (a restore, too)                           |
 * | the same, but under a name the node had before           | goes on                                            |
 * | by another workflow (a copy)                             | begins anew: nothing of it is at the copy's destination |
 * | for another list, account or destination                 | begins anew                                        |
 * | by this node, and a person asks to sync all again         | begins anew, once: the new state bears a mark      |
 */
export function beginFrom<Cursor>(
	{ own, others }: StoredStates<Cursor>,
	identity: SourceIdentity,
	where: Whereabouts,
	again = false,
): Beginning<Cursor> {
	const mine = others.filter((state) => isByNode(state, where) && sameOrigin(state.identity, identity));
	const renamed = !own || (where.owner && own.owner && !isByNode(own, where)) ? newest(mine) : undefined;
	const saved = renamed ?? own ?? onlyUnsigned(others, identity);
	if (!saved) return { kind: 'anew', sequence: 0 };
	// No number is used twice: a quota takes a batch of the same number for the same contacts delivered again.
	const anew = (note: string): Beginning<Cursor> => ({ kind: 'anew', sequence: saved.sequence + 1, note });
	if (isOfCopy(saved, where)) return anew('The workflow was copied: the sync of the copy begins anew');
	if (!sameOrigin(saved.identity, identity)) {
		return anew('The list or the account was changed: the sync begins anew');
	}
	if (where.destination !== undefined && (saved.destination ?? where.destination) !== where.destination) {
		return anew('The destination was changed: the sync begins anew');
	}
	if (again && saved.begunAgain !== true) return anew("'Sync Everybody Again' is on: the sync begins anew");
	const { begunAgain: _mark, ...stored } = saved;
	const mark = again ? { begunAgain: true } : {};
	const note = saved === own ? {} : { note: 'The node was renamed: the sync goes on from where it was' };
	return { kind: 'goesOn', state: { ...stored, identity, ...where, ...mark }, ...note };
}

/** Whether a state came along with a copy of the workflow it was stored in. */
export const isOfCopy = ({ owner }: Pick<PollState<unknown>, 'owner'>, where: Whereabouts): boolean =>
	owner !== undefined && where.owner !== undefined && owner.workflow !== where.owner.workflow;

const isByNode = ({ owner }: PollState<unknown>, where: Whereabouts): boolean =>
	owner !== undefined && owner.node === where.owner?.node && owner.workflow === where.owner.workflow;

/** States of an older version name no owner: one is taken only where it is the only one that fits. */
function onlyUnsigned<Cursor>(
	others: ReadonlyArray<PollState<Cursor>>,
	identity: SourceIdentity,
): PollState<Cursor> | undefined {
	const fitting = others.filter((state) => !state.owner && sameOrigin(state.identity, identity));
	return fitting.length === 1 ? fitting[0] : undefined;
}

const newest = <Cursor>(states: ReadonlyArray<PollState<Cursor>>): PollState<Cursor> | undefined =>
	states.reduce<PollState<Cursor> | undefined>(
		(best, state) => (best && best.sequence >= state.sequence ? best : state),
		undefined,
	);
