import type { Clock } from '../../core/ports';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { BrevoClient } from './brevoClient';
import { recentAttributes } from './definitions';
import { ensureOwnAttribute, OWN_ATTRIBUTE_PREFIX } from './ownAttributes';
import type { AttributeValue, BrevoContact } from './types';

/** Notes of this package on a contact, each in attributes of our own. One attribute holds one value, so that `equals` finds it. */
type NoteKind = 'keys' | 'left' | 'block';

const slots = (name: string, count: number): readonly string[] =>
	Array.from({ length: count }, (_none, index) => `${OWN_ATTRIBUTE_PREFIX}${name}${index === 0 ? '' : `_${index + 1}`}`);

/**
 * `keys`: further source records the contact stands for, where `ext_id` is another tool's or another record's. `left`: addresses
 * it left while it was blocked, the newest first. `block`: the blocks a change of address may have lifted.
 */
const SLOTS: Readonly<Record<NoteKind, readonly string[]>> = {
	keys: slots('KEY', 5),
	left: slots('LEFT', 3),
	block: slots('BLOCK', 1),
};

/** Brevo cannot empty an attribute with a single write (`brevo` drops "" and null), so a note that is over is struck out. */
const STRUCK_OUT = '-';

/** Keys kept beside `ext_id`. */
export const keyNotes = ({ attributes }: Pick<BrevoContact, 'attributes'>): string[] => read('keys', attributes);

/** Addresses the contact left while it was blocked. */
export const leftNotes = ({ attributes }: Pick<BrevoContact, 'attributes'>): string[] => read('left', attributes);

/** Which blocks are owed as long as they are not seen. */
export function blockNote({ attributes }: Pick<BrevoContact, 'attributes'>): { email: boolean; sms: boolean } {
	const [text = ''] = read('block', attributes);
	return { email: text.includes('email'), sms: text.includes('sms') };
}

/** The attributes that say which keys are kept; those of keys that are gone are struck out. `existing`: see `OwnNotes`. */
export const writeKeys = (keys: readonly string[], existing: readonly string[]): Record<string, string> =>
	write('keys', keys, existing);

export const writeLeft = (emails: readonly string[], existing: readonly string[]): Record<string, string> =>
	write('left', emails, existing);

export const writeBlock = (blocks: { readonly email: boolean; readonly sms: boolean } | undefined) =>
	write('block', blocks ? [[blocks.email && 'email', blocks.sms && 'sms'].filter(Boolean).join(' ')] : [], SLOTS.block);

export const MOST_KEYS = SLOTS.keys.length;
export const MOST_LEFT = SLOTS.left.length;

/** The attributes for notes that an account has. Made for one run. */
export class OwnNotes {
	constructor(
		private readonly client: BrevoClient,
		private readonly account: string,
		private readonly clock: Clock,
	) {}

	/** Attributes there are for notes of a kind; each costs a call to look a contact up by. */
	async existing(kind: NoteKind): Promise<Result<readonly string[]>> {
		const known = await recentAttributes(this.client, this.account, this.clock);
		if (known.kind !== 'ok') return known;
		const names = new Set(known.value.map(({ name }) => name));
		return ok(SLOTS[kind].filter((name) => names.has(name)));
	}

	/** Whether the account was seen to take no attribute at all for notes of a kind. */
	isRefused(kind: NoteKind): boolean {
		return SLOTS[kind][0] !== undefined && refusals.get(this.account)?.has(SLOTS[kind][0]) === true;
	}

	/**
	 * Makes sure that `count` notes of a kind have a place. The names there are afterwards; fewer where the account takes no
	 * more attributes. No call where the places are known to exist.
	 */
	async ensure(kind: NoteKind, count = 1): Promise<Result<readonly string[]>> {
		for (const name of SLOTS[kind].slice(0, count)) {
			if (refusals.get(this.account)?.has(name)) break;
			const there = await ensureOwnAttribute(this.client, this.account, this.clock, { name, type: 'text' });
			if (there.kind !== 'ok') return there;
			if (there.value) continue;
			refusals.set(this.account, (refusals.get(this.account) ?? new Set()).add(name));
			break;
		}
		return await this.existing(kind);
	}
}

/** Attributes an account refused to create, so that not each contact asks again. Forgotten with the process. */
const refusals = new Map<string, Set<string>>();

function read(kind: NoteKind, attributes: Readonly<Record<string, AttributeValue>>): string[] {
	return SLOTS[kind].flatMap((name) => {
		const value = attributes[name];
		return typeof value === 'string' && value !== '' && value !== STRUCK_OUT ? [value] : [];
	});
}

function write(kind: NoteKind, values: readonly string[], existing: readonly string[]): Record<string, string> {
	const names = SLOTS[kind].filter((name) => existing.includes(name));
	return Object.fromEntries(names.map((name, index) => [name, values[index] ?? STRUCK_OUT]));
}
