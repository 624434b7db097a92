import type { AttributeValue, BrevoContact } from './types';

/** Names of the attributes this package creates for its own notes begin with this. */
export const OWN_ATTRIBUTE_PREFIX = 'CONTACT_SYNC_';

/** Notes of this package on a contact, each in attributes of our own. One attribute holds one value, so that `equals` finds it. */
export type NoteKind = 'keys' | 'left' | 'block';

const slots = (name: string, count: number): readonly string[] =>
	Array.from(
		{ length: count },
		(_none, index) => `${OWN_ATTRIBUTE_PREFIX}${name}${index === 0 ? '' : `_${index + 1}`}`,
	);

/**
 * `keys`: further source records the contact stands for, where `ext_id` is another tool's or another record's. `left`: addresses
 * it left while it was blocked, the newest first. `block`: the blocks a change of address may have lifted,
 * and the lists the contact left with it until they were seen.
 */
export const SLOTS: Readonly<Record<NoteKind, readonly string[]>> = {
	keys: slots('KEY', 5),
	left: slots('LEFT', 3),
	block: slots('BLOCK', 1),
};

/** Brevo cannot empty an attribute with a single write (`brevo` drops "" and null), so a note that is over is struck out. */
export const STRUCK_OUT = '-';

/** Keys kept beside `ext_id`. */
export const keyNotes = ({ attributes }: Pick<BrevoContact, 'attributes'>): string[] => read('keys', attributes);

/** Addresses the contact left while it was blocked. */
export const leftNotes = ({ attributes }: Pick<BrevoContact, 'attributes'>): string[] => read('left', attributes);

/** What is owed to a contact as long as it is not seen: its blocks, and the lists it left until they are there again. */
export interface BlockNote {
	readonly email: boolean;
	readonly sms: boolean;
	readonly listIds: readonly number[];
}

export function blockNote({ attributes }: Pick<BrevoContact, 'attributes'>): BlockNote {
	const words = (read('block', attributes)[0] ?? '').split(' ');
	const listIds = words.filter((word) => /^\d+$/.test(word)).map(Number);
	return { email: words.includes('email'), sms: words.includes('sms'), listIds };
}

function read(kind: NoteKind, attributes: Readonly<Record<string, AttributeValue>>): string[] {
	return SLOTS[kind].flatMap((name) => {
		const value = attributes[name];
		return typeof value === 'string' && value !== '' && value !== STRUCK_OUT ? [value] : [];
	});
}
