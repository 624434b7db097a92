import type { Clock } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactWrite } from '../../../../core/upsert/destination';
import type { BrevoClient } from '../../api/brevoClient';
import type { BlockNote, NoteKind } from '../../api/noteAttributes';
import { SLOTS, STRUCK_OUT } from '../../api/noteAttributes';
import type { BrevoContact } from '../../api/types';
import { ensureOwnAttribute } from './ownAttributes';

/** Lists that a note says the contact is to come back on. Not those it unsubscribed from. */
export const listsOwed = (
	{ listIds }: BlockNote,
	contact: Pick<BrevoContact, 'listIds' | 'listUnsubscribed'>,
): number[] => listIds.filter((id) => !contact.listIds.includes(id) && contact.listUnsubscribed?.includes(id) !== true);

/** The attributes that say which keys are kept; those of keys that are gone are struck out. `existing`: their places. */
export const writeKeys = (keys: readonly string[], existing: readonly string[]): Record<string, string> =>
	write('keys', keys, existing);

export const writeLeft = (emails: readonly string[], existing: readonly string[]): Record<string, string> =>
	write('left', emails, existing);

/** Such as `email sms 12 15`; undefined strikes the note out. */
export function writeBlock(note: BlockNote | undefined): Record<string, string> {
	const words = note ? [note.email && 'email', note.sms && 'sms', ...note.listIds].filter(Boolean) : [];
	return write('block', note ? [words.join(' ')] : [], SLOTS.block);
}

/** What is noted of the addresses a contact left, once it leaves this one too: the newest there is room for. */
export const leftWith = (before: readonly string[], left: string): readonly string[] =>
	[...new Set([left, ...before])].slice(0, SLOTS.left.length);

/** Attributes it takes to write these contacts' further keys, and to strike out those that are gone. */
export function placesForKeys(writes: readonly ContactWrite[]): number {
	const counts = writes.flatMap(({ otherKeys, held }) =>
		otherKeys ? [otherKeys.length, held?.otherKeys?.length ?? 0] : [],
	);
	return Math.min(SLOTS.keys.length, Math.max(0, ...counts));
}

/** What is known of an account's attributes for notes: which exist, since when one does not, which it refuses to create. */
interface Places {
	readonly there: Set<string>;
	readonly missingAt: Map<string, number>;
	/** Since when the account refuses to create one. */
	readonly refusedAt: Map<string, number>;
	/** Those being created: several contacts are written at once. */
	readonly making: Map<string, Promise<Result<boolean>>>;
}

/** How long an attribute that was not there counts as missing: another process may create it. */
const MISSING_MS = 60_000;
/** How long a refusal counts: room may be made for more attributes. */
const REFUSED_MS = 15 * 60_000;

/** By account; forgotten with the process. */
const places = new Map<string, Places>();

/** The notes on the contacts of an account. Made for one run. */
export class OwnNotes {
	private readonly known: Places;
	/** Attributes a dry run would have created by now. */
	private readonly planned = new Set<string>();

	/** `attributeNames`: all of the account, where they were read for the run anyway. */
	constructor(
		private readonly client: BrevoClient,
		private readonly account: string,
		private readonly clock: Clock,
		attributeNames?: ReadonlySet<string>,
	) {
		this.known = places.get(account) ?? {
			there: new Set(),
			missingAt: new Map(),
			refusedAt: new Map(),
			making: new Map(),
		};
		places.set(account, this.known);
		for (const name of attributeNames ? Object.values(SLOTS).flat() : [])
			this.note(name, attributeNames?.has(name) === true);
	}

	/** Whether the account was seen to take no attribute at all for notes of a kind. */
	isRefused(kind: NoteKind): boolean {
		return SLOTS[kind].slice(0, 1).some((name) => this.isWithin(this.known.refusedAt.get(name), REFUSED_MS));
	}

	/**
	 * The contact that carries this note. Costs a call for each attribute there is; one that turns out to be missing is not asked
	 * for again within a minute.
	 */
	async find(kind: NoteKind, text: string): Promise<Result<BrevoContact | undefined>> {
		for (const attribute of SLOTS[kind]) {
			if (this.isMissing(attribute)) break;
			const answer = await this.client.getContacts({ limit: 2, offset: 0, equals: { attribute, text } });
			if (answer.kind === 'refused' && answer.status === 400) {
				this.note(attribute, false);
				break;
			}
			if (answer.kind !== 'ok') return answer;
			// A filter that was ignored would answer with any contact.
			const found = answer.value.contacts.find(({ attributes }) => attributes[attribute] === text);
			if (found) return ok(found);
		}
		return ok(undefined);
	}

	/**
	 * Makes sure that `count` notes of a kind have a place; the names of those that have one. Fewer where the account takes no more
	 * attributes. Costs a call for each that is new.
	 */
	async ensure(kind: NoteKind, count = 1): Promise<Result<readonly string[]>> {
		const names: string[] = [];
		for (const name of SLOTS[kind].slice(0, count)) {
			if (this.isWithin(this.known.refusedAt.get(name), REFUSED_MS)) break;
			if (!this.known.there.has(name)) {
				const made = await this.make(name);
				if (made.kind !== 'ok') return made;
				if (made.value) this.note(name, true);
				else this.known.refusedAt.set(name, this.clock.now());
			}
			if (this.known.there.has(name)) names.push(name);
		}
		return ok(names);
	}

	/** Calls `ensure` would make; what one estimate counts, the next does not. */
	callsToEnsure(kind: NoteKind, count = 1): number {
		const missing = SLOTS[kind]
			.slice(0, count)
			.filter((name) => !this.known.there.has(name) && !this.planned.has(name))
			.filter((name) => !this.isWithin(this.known.refusedAt.get(name), REFUSED_MS));
		for (const name of missing) this.planned.add(name);
		return missing.length;
	}

	private async make(name: string): Promise<Result<boolean>> {
		const { client, account, clock, known } = this;
		const making =
			known.making.get(name) ?? ensureOwnAttribute(client, account, clock, { name, type: 'text', isNew: true });
		known.making.set(name, making);
		const made = await making;
		known.making.delete(name);
		return made;
	}

	private isMissing(name: string): boolean {
		return !this.known.there.has(name) && this.isWithin(this.known.missingAt.get(name), MISSING_MS);
	}

	private isWithin(since: number | undefined, ms: number): boolean {
		const age = since === undefined ? -1 : this.clock.now() - since;
		return age >= 0 && age < ms;
	}

	private note(name: string, isThere: boolean): void {
		if (isThere) this.known.there.add(name);
		else this.known.there.delete(name);
		if (isThere) this.known.missingAt.delete(name);
		else this.known.missingAt.set(name, this.clock.now());
	}
}

function write(kind: NoteKind, values: readonly string[], existing: readonly string[]): Record<string, string> {
	const names = SLOTS[kind].filter((name) => existing.includes(name));
	return Object.fromEntries(names.map((name, index) => [name, values[index] ?? STRUCK_OUT]));
}
