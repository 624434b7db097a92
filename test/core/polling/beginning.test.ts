import { beginFrom } from '../../../core/polling/beginning';
import { comparedWithHeld, emptyMemory, remembering, withHeld } from '../../../core/polling/memory/memberMemory';
import { idsOf } from '../../../core/polling/memory/packedIds';
import type { PollState } from '../../../core/polling/pollState';

const IDENTITY = { account: 'a', scope: 'list', credential: 'c' };
const WHERE = { owner: { workflow: 'w', node: 'n' }, destination: '7' };
const state = (more: Partial<PollState<number>> = {}): PollState<number> => ({
	version: 1,
	identity: IDENTITY,
	cursor: 5,
	sequence: 3,
	...WHERE,
	...more,
});
const begin = (own: PollState<number> | undefined, others: Array<PollState<number>> = []) =>
	beginFrom({ own, others }, IDENTITY, WHERE);

describe('the state that a trigger goes on from', () => {
	it('is its own, also of an older version that names no owner', () => {
		expect(begin(state())).toMatchObject({ kind: 'goesOn', state: { cursor: 5 } });
		const older = begin(state({ owner: undefined, destination: undefined }));
		expect(older).toMatchObject({ kind: 'goesOn', state: { cursor: 5, ...WHERE } });
	});

	it('is found under the name that the node had before it was renamed', () => {
		expect(begin(undefined, [state()])).toMatchObject({ kind: 'goesOn', state: { cursor: 5 } });
		const other = state({ owner: { workflow: 'w', node: 'another' }, cursor: 9 });
		expect(begin(undefined, [other])).toMatchObject({ kind: 'anew' });
		expect(begin(undefined, [other, state()])).toMatchObject({ kind: 'goesOn', state: { cursor: 5 } });
	});

	it('is its own when two nodes swapped their names', () => {
		const other = state({ owner: { workflow: 'w', node: 'another' }, cursor: 9 });
		expect(begin(other, [state()])).toMatchObject({ kind: 'goesOn', state: { cursor: 5 } });
	});

	it('of an older version is found after renaming where only one can be meant', () => {
		const unsigned = state({ owner: undefined });
		expect(begin(undefined, [unsigned])).toMatchObject({ kind: 'goesOn', state: { cursor: 5, ...WHERE } });
		expect(begin(undefined, [unsigned, unsigned])).toMatchObject({ kind: 'anew' });
	});

	it.each([
		['a copied workflow', { owner: { workflow: 'copied from', node: 'n' } }],
		['another destination', { destination: '8' }],
		['another list', { identity: { ...IDENTITY, scope: 'other' } }],
	])('is none in %s: every contact is delivered, with a number that no batch had before', (_name, more) => {
		expect(begin(state(more))).toMatchObject({ kind: 'anew', sequence: 4 });
	});
});

describe('a beginning without a memory', () => {
	const members = Array.from({ length: 100 }, (_, n) => `${n + 1}`);
	const memory = remembering(emptyMemory(true), { joined: members });

	it('makes contacts pending that are at the destination and no members', () => {
		const compared = comparedWithHeld(withHeld(memory, [...members, '500', '501']));
		expect(idsOf(compared.memory.pending)).toEqual(['500', '501']);
		expect(compared.memory.held).toBeUndefined();
		expect(compared.unexplained).toBe(0);
	});

	it('leaves the contacts of another sync alone, which are too many to have left unseen', () => {
		const theirs = Array.from({ length: 60 }, (_, n) => `${n + 1_000}`);
		const compared = comparedWithHeld(withHeld(memory, [...members, ...theirs]));
		expect(compared.memory.pending.count).toBe(0);
		expect(compared.unexplained).toBe(60);
	});

	it('takes off none of a few contacts that another sync brought before this one began', () => {
		const few = remembering(emptyMemory(true), { joined: ['1', '2'] });
		expect(comparedWithHeld(withHeld(few, ['7', '8', '9'])).unexplained).toBe(3);
		expect(comparedWithHeld(withHeld(few, ['1', '2', '9'])).unexplained).toBe(0);
	});
});
