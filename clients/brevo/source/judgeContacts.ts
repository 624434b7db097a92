import { instantOf } from '../../../core/instant';
import { countBy, isEqual } from 'lodash';
import type { ContactChange, FieldValue } from '../../../core/contact/contact';
import { Handover } from '../../../core/polling/handover';
import type { FieldPrints } from '../../../core/polling/memory/fieldPrints';
import {
	changedFieldsOf,
	fieldIn,
	idsWithField,
	printOf,
	printOfField,
	printsFor,
	unseenFieldsOf,
	withPrints,
} from '../../../core/polling/memory/fieldPrints';
import { isHandled, remember } from '../../../core/polling/memory/handledChanges';
import { linksIn, NO_LINKS, withLinks } from '../../../core/polling/memory/packedLinks';
import { isFormer, isMember, mayBeMember, remembering } from '../../../core/polling/memory/memberMemory';
import { changedIds, hasId } from '../../../core/polling/memory/packedIds';
import { EMAIL } from '../api/contactValues';
import type { BrevoContact } from '../api/types';
import type { ContactCursor } from './contactCursor';
import type { FollowedLists } from './optOuts';
import { isOnList, isOptedOut, leftByOptOut, leftLists } from './optOuts';
import type { ChangeDetails, ReadSettings } from './toContactChange';
import { fieldsOf, isMovedAside, linksOf, toContactChange, toDeletion } from './toContactChange';

/** Which contacts are followed, and what of them is emitted. */
export interface Following extends FollowedLists {
	/** `optOuts`: nothing but contacts that opted out. */
	readonly changes: 'all' | 'optOuts';
	/** Systems in which the record of a contact that is deleted in Brevo is deleted too: its link to it is remembered. */
	readonly deletesIn?: readonly string[];
	/** Whether one of these values replaced one that a sync had written into the contact. */
	readonly isTakenBack?: (
		contactId: string,
		values: ReadonlyArray<readonly [name: string, value: FieldValue]>,
	) => boolean;
}

/**
 * - `search`: contacts that Brevo says were modified
 * - `walk`: all members, whatever happened to them
 * - `silent`: the members there are when following begins; they are remembered and none is emitted
 */
export type Reading = 'search' | 'walk' | 'silent' | 'firstSync';

/** What changes of a contact whose values are as before. */
const MODIFIED_AT = 'modifiedAt';
/** A modified contact may change once more under an instant of the same second. */
const FRESH_MS = 2_000;

/**
 * Takes the contacts of one batch, one after the other, and says what becomes of each. Compared is what was remembered of it: whether
 * it was a member, opted out, and what its fields were.
 *
 * | the contact is | and was remembered as | emitted as |
 * | --- | --- | --- |
 * | followed | no member, or one in doubt | added |
 * | followed, opted out | a member that was not | optedOut, or updated where a field changed too |
 * | followed, a field differs | a member | updated, with the fields |
 * | followed, as before, but a sync wrote another value in between | a member | updated, with nothing but the instant |
 * | no longer followed | a member, or one in doubt | removed |
 * | no longer followed, opted out | a former member that was not | optedOut, and nothing else of it counts |
 * | not followed, unsubscribed from a list, which is an opt-out | none that opted out | the same |
 * | gone | a member, or one in doubt | deleted |
 * | anything else | | not at all |
 */
export class Judgement {
	private readonly handover = new Handover();
	private readonly nowOptedOut: string[] = [];
	private readonly nowMailable = new Set<string>();
	private readonly prints = new Map<string, string>();
	/** What is remembered, of the fields whose changes count now. */
	private readonly before: FieldPrints;
	private readonly links = new Map<string, readonly string[]>();
	/** How many members are linked to each record; counted once a batch, for the first that is gone. */
	private holders: Readonly<Record<string, number>> | undefined;
	private knownLinks: ReadonlyMap<string, readonly string[]> | undefined;
	private readonly handled = new Map<string, number>();
	private readonly seen = new Set<string>();

	constructor(
		private readonly at: ContactCursor,
		private readonly following: Following,
		private readonly settings: ReadSettings,
		private readonly reading: Reading,
		/** Brevo's time when the contacts were read, in ms since 1970. */
		private readonly readAt: number,
	) {
		this.before = printsFor(at.prints, this.watched);
	}

	get changes(): readonly ContactChange[] {
		return this.handover.changes;
	}

	/** A contact of Brevo. Each counts once; a page may repeat some of the one before. */
	take(contact: BrevoContact): void {
		const id = String(contact.id);
		if (this.seen.has(id) || isMovedAside(contact)) return;
		this.seen.add(id);
		const { memory } = this.at;
		const isFollowed = this.follows(contact);
		const isKnown = isMember(memory, id);
		if (!isFollowed && !mayBeMember(memory, id)) {
			if (isFormer(memory, id) || leftByOptOut(contact, this.following).length > 0) this.takeOptOut(id, contact);
			return;
		}
		if (isFollowed) this.noteLinks(id, contact);
		if (!isFollowed) this.takeLeaver(id, contact);
		else if (isKnown) this.takeMember(id, contact);
		else this.takeNew(id, contact);
	}

	/** A member that Brevo no longer has. `emailsTaken`: addresses of other contacts, one of which may be its own. */
	takeGone(id: string, emailsTaken: readonly string[] = []): void {
		this.handover.left.push(id);
		this.nowMailable.add(id);
		if (this.following.changes !== 'all') return;
		const linkedTo = this.linksOfGone(id);
		this.handover.changes.push(toDeletion(id, this.readAt, this.settings, { linkedTo, emailsTaken }));
	}

	/**
	 * Of members that are gone and whose records are to be deleted: the contacts that may have their addresses by now, such as one that was
	 * made anew.
	 */
	mayHaveAddressOf(gone: readonly string[]): ReadonlyMap<string, readonly string[]> {
		const linked = gone.filter((id) => this.linksOfGone(id).length > 0);
		if (linked.length === 0) return new Map();
		const prints = this.before;
		const none = fieldIn(prints, printOf(prints, {}), EMAIL);
		const addresses = new Map(linked.map((id) => [id, printOfField(prints, id, EMAIL)] as const));
		const wanted = new Set(
			[...addresses.values()].filter((print): print is string => ![undefined, none].includes(print)),
		);
		const now = [...this.prints].map(([id, print]) => [id, fieldIn(prints, print, EMAIL)] as const);
		const others = [...idsWithField(prints, EMAIL, wanted).filter(([id]) => !this.prints.has(id)), ...now];
		const isGone = new Set(gone);
		return new Map(
			[...addresses].map(([id, print]) => [
				id,
				others.flatMap(([other, field]) =>
					wanted.has(print ?? '') && field === print && !isGone.has(other) ? [other] : [],
				),
			]),
		);
	}

	/** The cursor once these changes are confirmed. `handledSince`: modifications before it are not read again. */
	after(handledSince: number): ContactCursor {
		const { at, handover } = this;
		const gone = [...handover.left, ...handover.forgotten];
		return {
			...at,
			memory: remembering(at.memory, handover),
			optedOut: changedIds(at.optedOut, this.nowOptedOut, this.nowMailable),
			...(this.prints.size > 0 || (at.prints && gone.length > 0)
				? { prints: withPrints(this.before, this.prints, gone) }
				: {}),
			links: this.deletesIn.length === 0 ? undefined : withLinks(at.links ?? NO_LINKS, this.links, gone),
			handled: remember(at.handled, this.handled, handledSince),
		};
	}

	private get deletesIn(): readonly string[] {
		return this.following.deletesIn ?? [];
	}

	private noteLinks(id: string, contact: BrevoContact): void {
		if (this.deletesIn.length === 0) return;
		const links = linksOf(contact).filter((key) => this.deletesIn.some((system) => key.startsWith(`${system}:`)));
		if (!isEqual(links, this.known.get(id) ?? [])) this.links.set(id, links);
	}

	/** Without the records of contacts that are there: Brevo merges contacts that share an identifier, and the one that remains has both keys. */
	private linksOfGone(id: string): readonly string[] {
		if (this.deletesIn.length === 0) return [];
		const links = this.known.get(id) ?? [];
		if (links.length === 0) return links;
		this.holders ??= countBy([...this.known.values()].flat());
		const { holders } = this;
		const noted = new Set([...this.links.values()].flat());
		return links.filter((key) => holders[key] === 1 && !noted.has(key));
	}

	/** The records that members are remembered to be linked to, by id. */
	private get known(): ReadonlyMap<string, readonly string[]> {
		this.knownLinks ??= linksIn(this.at.links ?? NO_LINKS);
		return this.knownLinks;
	}

	private takeNew(id: string, contact: BrevoContact): void {
		const optedOut = this.noteOptOut(id, contact);
		this.handover.joined.push(id);
		this.notePrint(id, contact);
		if (this.reading === 'silent') return;
		// Its values are not known to have changed: where a destination has the contact already, they fill what is empty.
		this.emit(contact, { change: 'added', at: this.instantOf(contact), changedFields: [], optedOut });
	}

	private takeMember(id: string, contact: BrevoContact): void {
		const wasOptedOut = hasId(this.at.optedOut, id);
		const optedOut = this.noteOptOut(id, contact);
		const isNewOptOut = optedOut && !wasOptedOut;
		const changed = this.changedOf(id, contact);
		if (changed === undefined && !isNewOptOut) return;
		const at = this.instantOf(contact);
		const unsubscribedFrom = leftByOptOut(contact, this.following);
		if (changed === undefined) this.emit(contact, { change: 'optedOut', at, optedOut, unsubscribedFrom });
		else {
			this.notePrint(id, contact);
			const changedFields = typeof changed === 'string' ? undefined : changed;
			this.emit(contact, {
				...{ change: 'updated', at, optedOut, unsubscribedFrom },
				...(changedFields ? { changedFields } : {}),
			});
		}
	}

	/** The fields that changed, or may have, where they can be told; undefined: none did, or nothing is known of the contact. */
	private changedOf(id: string, contact: BrevoContact): readonly string[] | 'some' | undefined {
		if (this.following.changes === 'optOuts') return undefined;
		const prints = this.before;
		const changed = changedFieldsOf(prints, id, printOf(prints, fieldsOf(contact, this.watched)));
		const modifiedAt = modifiedAtOf(contact);
		// A walk meets every member: that a field, or a contact, is followed since says nothing about a change.
		const isModified = this.reading === 'search' || modifiedAt >= this.at.since;
		if (changed !== 'unknown') {
			const unseen = unseenFieldsOf(prints, id);
			if (unseen.length > 0) this.notePrint(id, contact);
			const all = changed === 'some' || !isModified ? changed : [...changed, ...unseen];
			if (all.length > 0) return all;
			return isModified && this.isTakenBack(id, contact, modifiedAt) ? [MODIFIED_AT] : undefined;
		}
		this.notePrint(id, contact);
		return isModified && this.isToBeHandled(id, modifiedAt) ? 'some' : undefined;
	}

	/** A value that is what it was when it was emitted may be an edit: of what a sync wrote since. */
	private isTakenBack(id: string, contact: BrevoContact, modifiedAt: number): boolean {
		const { isTakenBack } = this.following;
		const values = Object.entries(fieldsOf(contact, this.watched));
		return isTakenBack?.(id, values) === true && this.isToBeHandled(id, modifiedAt);
	}

	/** Whether a modification of which nothing else tells was not emitted yet; notes that it is. */
	private isToBeHandled(id: string, modifiedAt: number): boolean {
		if (isHandled(this.at.handled, id, modifiedAt)) return false;
		if (modifiedAt < this.readAt - FRESH_MS) this.handled.set(id, modifiedAt);
		return true;
	}

	private takeLeaver(id: string, contact: BrevoContact): void {
		const unsubscribedFrom = leftLists(contact, this.following);
		const wasOptedOut = hasId(this.at.optedOut, id);
		const optedOut = this.noteOptOut(id, contact);
		this.handover.left.push(id);
		if (this.following.changes === 'all') {
			this.emit(contact, { change: 'removed', at: this.readAt, optedOut, unsubscribedFrom });
		} else if (optedOut && !wasOptedOut) {
			this.emitOptOut(contact);
		}
	}

	private takeOptOut(id: string, contact: BrevoContact): void {
		const wasOptedOut = hasId(this.at.optedOut, id);
		const optedOut = this.noteOptOut(id, contact);
		if (optedOut && !wasOptedOut && this.reading !== 'silent') this.emitOptOut(contact);
	}

	/** The opt-out of a contact that is not followed: nothing puts it on a list, or makes it anew. */
	private emitOptOut(contact: BrevoContact): void {
		const unsubscribedFrom = leftLists(contact, this.following);
		const at = this.instantOf(contact);
		this.emit(contact, { change: 'optedOut', at, optedOut: true, unsubscribedFrom, optOutOnly: true });
	}

	private emit(contact: BrevoContact, details: ChangeDetails): void {
		const { changes } = this.following;
		if (changes === 'optOuts' && !details.optedOut) return;
		const told: ChangeDetails = changes === 'optOuts' ? { ...details, change: 'optedOut' } : details;
		this.handover.changes.push(toContactChange(contact, told, this.settings));
	}

	private noteOptOut(id: string, contact: BrevoContact): boolean {
		const optedOut = isOptedOut(contact, this.following);
		const wasOptedOut = hasId(this.at.optedOut, id);
		if (optedOut && !wasOptedOut) this.nowOptedOut.push(id);
		// HB-23: that it was unblocked is no news, but a later block is.
		if (!optedOut && wasOptedOut) this.nowMailable.add(id);
		return optedOut;
	}

	private notePrint(id: string, contact: BrevoContact): void {
		if (this.following.changes === 'all')
			this.prints.set(id, printOf({ fields: this.watched }, fieldsOf(contact, this.watched)));
	}

	/** The fields whose changes count. */
	private get watched(): string[] {
		return [...new Set([EMAIL, ...this.settings.fields])].sort();
	}

	private follows(contact: BrevoContact): boolean {
		return this.following.listIds.length === 0 || isOnList(contact, this.following);
	}

	/** What a walk finds has changed without moving the instant of the last modification, or unnoticed. */
	private instantOf(contact: BrevoContact): number {
		return this.reading === 'walk' ? this.readAt : modifiedAtOf(contact);
	}
}

/** Of a contact without a readable instant: the oldest. */
function modifiedAtOf({ modifiedAt }: BrevoContact): number {
	return instantOf(modifiedAt) ?? 0;
}
