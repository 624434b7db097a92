import type { FieldValue, Warning } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { warning } from '../../../core/upsert/contactResult';
import type {
	BatchOrigin,
	ContactWrite,
	Destination,
	DestinationNames,
	HeldContact,
	Holdings,
	Identifiers,
	SentCall,
	WriteCall,
} from '../../../core/upsert/destination';
import { indexContacts } from '../../../core/upsert/destination';
import type { NewestChanges } from '../../../core/upsert/plan/newestChanges';
import type { AccountContacts } from './lookup/accountContacts';
import type { BrevoCall, ImportRules } from './arrangeWrites';
import { arrangeBrevoWrites, contactBody } from './arrangeWrites';
import type { BrevoClient } from '../api/brevoClient';
import { identifierTaken } from '../api/classify';
import type { ContactMirror } from './lookup/contactMirror';
import { estimateBrevoCalls } from './estimateCalls';
import { explainRefusal } from './explainRefusal';
import { FreshPicture } from './lookup/refreshMirror';
import { restoreOwedBlocks, updateKeepingBlock } from './updateKeepingBlock';
import { IdentifierClaims } from './imports/identifierClaims';
import { sendImport } from './imports/sendImports';
import { keepKeys, withWarnings } from './notes/storeFurtherKeys';
import { lookCloser } from './lookup/confirmRareDecisions';
import type { OwnNotes } from './notes/contactNotes';
import { readBackContacts } from './lookup/readBack';
import { sortOut } from './imports/recheckWrites';
import { RunImports } from './imports/importsOfRun';
import { CALLS_PER_CONTACT, readWithoutOwing } from './lookup/readOneByOne';
import { CALLS_TO_CREATE } from './imports/technicalList';
import { EMAIL, PHONE, standInFor, toHeldContact, toKeptContact } from './lookup/toHeldContact';
import type { BrevoAttribute } from '../api/types';
import { sameBrevoValue } from './sameValue';

/** Fewer contacts than this are never worth reading a whole account for. */
const MIRROR_FROM = 5;
/** A page of 1,000 contacts takes about as long as this many single reads. */
const PAGE_IN_SINGLE_READS = 3;
/** Wait before the first look at an import of unknown speed, and per contact in it. */
const FIRST_LOOK_MS = 500;
const FIRST_LOOK_MS_PER_CONTACT = 0.5;
const LONGEST_LOOK_MS = 30_000;
export interface BrevoDestinationOptions {
	/** Absent in a dry run whose list does not exist yet. */
	readonly listId?: number;
	/** The attributes the batch writes, by name. */
	readonly attributes: ReadonlyMap<string, BrevoAttribute>;
	/** Calls a dry run left out before it came here: those that create the list. */
	readonly callsLeftOut?: number;
	/** Number of writes from which an import is used; see `IMPORT_FROM`. */
	readonly importFrom?: number;
	/** Name of the account, see `accountKey`. */
	readonly accountName: string;
	/** Notes of ours on contacts. */
	readonly notes?: OwnNotes;
}

/** One Brevo list as the upsert engine sees it. Made for one batch; use it only within `exclusively(account)`. */
export class BrevoDestination implements Destination {
	readonly names: DestinationNames;
	readonly refusesOtherKeys: boolean;
	readonly listId?: string;
	readonly newest: NewestChanges;
	private readonly attributeNames: readonly string[];
	private picture: FreshPicture;
	private readonly imports: RunImports;
	/** Who has the numbers that the writes of this round set. */
	private claims: IdentifierClaims | undefined;
	/** The list was looked at after a refusal, and is there. */
	private listSeen = false;
	/** The calls that make the list of our own are in the estimate. */
	private ownListCounted = false;
	/** Server time before the first write, to tell what this run touched. */
	private writtenSince = 0;

	constructor(
		private readonly client: BrevoClient,
		private readonly account: AccountContacts,
		private readonly clock: Clock,
		private readonly options: BrevoDestinationOptions,
	) {
		this.refusesOtherKeys = options.notes?.isRefused('keys') === true;
		this.names = {
			email: EMAIL,
			phone: PHONE,
			sourceKey: 'ext_id',
			...(options.notes && !this.refusesOtherKeys ? { otherKeys: 'CONTACT_SYNC_KEY' } : {}),
			list: 'listIds',
			optedOut: 'emailBlacklisted',
		};
		this.listId = options.listId === undefined ? undefined : String(options.listId);
		this.newest = account.newest;
		this.attributeNames = [...options.attributes.keys()];
		this.picture = this.pictureOf(undefined);
		this.imports = new RunImports(client, account, clock);
	}

	sameValue(attribute: string, held: FieldValue | undefined, wanted: FieldValue): boolean {
		return sameBrevoValue(this.options.attributes.get(attribute), held, wanted);
	}

	async read(
		wanted: readonly Identifiers[],
		origin: BatchOrigin = { again: false, longestWaitMs: 0 },
	): Promise<Result<Holdings>> {
		const settled = await this.account.imports.settled(this.client, this.clock, origin);
		if (settled.kind !== 'ok') return settled;
		const readFrom = this.clock.now();
		// In a dry run too: this ends what an earlier real run began, and nobody may stay mailable until the next one.
		const restored = await restoreOwedBlocks(this.client, this.account.owedBlocks);
		if (restored.kind !== 'ok') return restored;
		const singleCalls = wanted.length * CALLS_PER_CONTACT;
		const mirrorCalls = this.account.callsToReady(this.attributeNames);
		const maxPages = Math.ceil(singleCalls / PAGE_IN_SINGLE_READS);
		const worthIt = mirrorCalls === undefined ? wanted.length >= MIRROR_FROM : mirrorCalls <= maxPages;
		const ready = worthIt ? await this.account.ready(this.client, this.attributeNames, maxPages) : ok(undefined);
		if (ready.kind !== 'ok') return ready;
		if (ready.value) {
			this.picture = this.pictureOf(ready.value);
			const closer = await this.lookCloser(wanted);
			if (closer.kind !== 'ok') return closer;
		}
		if (this.picture.mirror) return ok(this.holdingsOf(this.picture.mirror));
		const read = await readWithoutOwing(this.client, wanted, this.options.notes, this.account.owedBlocks);
		if (read.kind !== 'ok') return read;
		this.picture = this.pictureOf(undefined, readFrom);
		const { found, refused } = read.value;
		const held = found.map((contact) =>
			toHeldContact(toKeptContact(contact, this.attributeNames), this.attributeNames, this.options.listId),
		);
		return ok({ ...indexContacts(held), refused });
	}

	arrange(writes: readonly ContactWrite[], singly: boolean): readonly BrevoCall[] {
		return arrangeBrevoWrites(writes, singly, this.importRules(writes));
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		// The header tells whole seconds of an answer some calls ago at most; the overlap is harmless.
		if (this.writtenSince === 0) this.writtenSince = this.client.serverNow ?? this.clock.now();
		const unnoted = await keepKeys(call as BrevoCall, this.options.notes, this.names.sourceKey);
		if (unnoted.kind !== 'ok') return unnoted;
		const { call: noted, warnings } = unnoted.value;
		const sent = withWarnings(await this.orListGone(await this.sendLane(noted)), warnings);
		return explainRefusal(sent, noted.writes.length === 1 ? noted.writes[0] : undefined);
	}

	async readBack(
		writes: readonly ContactWrite[],
		thorough: boolean,
	): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		const lookedAt = this.clock.now();
		const seen = await readBackContacts(writes, {
			client: this.client,
			account: this.account,
			mirror: this.picture.mirror,
			attributeNames: this.attributeNames,
			listId: this.options.listId,
			writtenSince: this.writtenSince,
			thorough,
		});
		if (seen.kind === 'ok') this.noteListChanges(writes, seen.value);
		if (seen.kind !== 'ok' || this.imports.sentAt === undefined) return seen;
		if (writes.every((write) => hasChanged(write, seen.value.get(write.key)))) {
			// Only what passed before the look: with the look itself in it, each wait would be longer than the last.
			this.account.importMs = lookedAt - this.imports.sentAt;
			this.imports.sentAt = undefined;
		}
		return seen;
	}

	waitBeforeLook(look: number, writes: number): number {
		const guess = FIRST_LOOK_MS + writes * FIRST_LOOK_MS_PER_CONTACT;
		const first = Math.max(guess, (this.account.importMs ?? 0) * 0.9);
		return Math.min(LONGEST_LOOK_MS, first * 2 ** Math.max(0, look - 1));
	}

	async finished(): Promise<Result<'yes' | 'no' | 'unknown'>> {
		return await this.imports.finished();
	}

	async confirmed(): Promise<void> {
		await this.imports.confirmed();
	}

	worthSingly({ attributes }: ContactWrite, dropped: readonly string[]): readonly string[] {
		const { bulkMemory } = this.account;
		return dropped.filter((name) => bulkMemory.isWorthSingly(this.options.attributes.get(name), attributes[name]));
	}

	learnSingly(stored: readonly string[], dropped: readonly string[]): void {
		this.account.bulkMemory.learn(stored, dropped);
	}

	callsMade(): number {
		return this.client.calls + (this.options.callsLeftOut ?? 0);
	}

	estimateCalls(writes: readonly ContactWrite[]): number {
		const { notes } = this.options;
		const mirrored = this.picture.mirror !== undefined;
		const rules = this.importRules(writes);
		const estimate = estimateBrevoCalls(writes, mirrored, rules, notes, this.account.listStampsMove);
		const makesList = estimate.namesOwnList && !this.ownListCounted && !this.account.technicalList.isKnown;
		this.ownListCounted ||= estimate.namesOwnList;
		return estimate.calls + (makesList ? CALLS_TO_CREATE : 0);
	}

	standInEmail({ id }: HeldContact): string {
		return standInFor(id);
	}

	/** A refusal may be about the list: it was there at the start of the run, and everything would be refused from now on. */
	private async orListGone(result: Result<SentCall>): Promise<Result<SentCall>> {
		const { listId } = this.options;
		if (result.kind !== 'refused' || result.code !== 'DESTINATION_REFUSED' || this.listSeen || listId === undefined)
			return result;
		const list = await this.client.getList(listId);
		this.listSeen = list.kind === 'ok';
		if (list.kind !== 'refused') return list.kind === 'ok' ? result : list;
		return { kind: 'stop', code: 'LIST_NOT_FOUND', reason: `There is no Brevo list with ID ${listId} any more` };
	}

	private async sendLane(call: BrevoCall): Promise<Result<SentCall>> {
		const { listId } = this.options;
		const [write] = call.writes;
		if (!write) return ok({ pending: false });
		if (call.lane === 'single') return await this.sendSingle(write);
		if (listId === undefined)
			return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: 'There is no Brevo list to write to' };
		if (call.lane === 'leave') {
			const ids = call.writes.map(({ held }) => Number(held?.id));
			const removed = await this.client.removeFromList(listId, ids);
			return removed.kind === 'ok' ? ok({ pending: false }) : removed;
		}
		return await sendImport(call, {
			client: this.client,
			account: this.account,
			accountName: this.options.accountName,
			clock: this.clock,
			listId,
			sortOut: async (writes) => await sortOut(writes, this.options.listId, this.names, this.picture, true),
			sendOne: async (one) => explainRefusal(await this.sendOne(one), one),
			imports: this.imports,
		});
	}

	/** A write that joins the list goes out as it is to be by now, and without numbers that are known to be taken. */
	private async sendSingle(write: ContactWrite): Promise<Result<SentCall>> {
		const taken = this.claims?.takenBy(write) ?? [];
		if (taken.length > 0) return identifierTaken(taken, 400);
		if (!write.joinList) return await this.sendOne(write);
		const sorted = await sortOut([write], this.options.listId, this.names, this.picture, false);
		if (sorted.kind !== 'ok') return sorted;
		const [changed] = sorted.value.apart;
		const sent = await this.sendOne(changed ?? write);
		return changed && sent.kind === 'ok' ? ok({ sent: new Map([[write.key, changed]]), ...sent.value }) : sent;
	}

	private importRules(writes: readonly ContactWrite[]): ImportRules {
		const claims = new IdentifierClaims(writes, this.picture.mirror);
		this.claims = claims;
		const mayImport = (write: ContactWrite): boolean =>
			!this.account.bulkMemory.losesAnyOf(write) && claims.areFree(write);
		return { importFrom: this.options.importFrom, mayImport };
	}

	private pictureOf(mirror: ContactMirror | undefined, readFrom = this.clock.now()): FreshPicture {
		return new FreshPicture(this.client, this.account, this.clock, mirror, this.attributeNames, readFrom);
	}

	private async sendOne(write: ContactWrite): Promise<Result<SentCall>> {
		const body = contactBody(write, this.options.listId);
		if (!write.held) {
			const email = write.email === undefined ? {} : { email: write.email };
			const created = await this.client.createContact({ ...body, ...email });
			return created.kind === 'ok' ? ok({ pending: false }) : created;
		}
		if (write.email === undefined && write.phone === undefined) {
			const updated = await this.client.updateContact(write.held.id, body);
			return updated.kind === 'ok' ? ok({ pending: false }) : this.orContactGone(write.held.id, updated);
		}
		const attributes = { ...body.attributes, ...(write.email === undefined ? {} : { [EMAIL]: write.email }) };
		const guarded = await updateKeepingBlock(
			{ client: this.client, owed: this.account.owedBlocks, notes: this.options.notes },
			write.held.id,
			{ ...body, attributes },
		);
		if (guarded.kind !== 'ok') return this.orContactGone(write.held.id, guarded);
		const warnings = new Map<string, Warning[]>();
		const { blockRestored, leftUnnoted } = guarded.value;
		const told = [
			...(blockRestored ? [warning('emailBlacklisted', 'BLOCK_RESTORED')] : []),
			...(leftUnnoted ? [warning(EMAIL, 'NOTE_NOT_KEPT')] : []),
		];
		if (told.length > 0) warnings.set(write.key, told);
		return ok({ pending: false, warnings });
	}

	/** A contact that was deleted since it was read: the next delivery reads the account anew and makes it again. */
	private orContactGone(contactId: string, failure: Failure): Failure {
		if (failure.kind !== 'refused' || failure.status !== 404) return failure;
		this.account.forget();
		return { kind: 'retry', code: 'UNAVAILABLE', reason: `Brevo contact ${contactId} was deleted meanwhile` };
	}

	/** The mirror with what hangs on more than its refresh, see `lookCloser`; read anew where that is cheaper. */
	private async lookCloser(wanted: readonly Identifiers[]): Promise<Result<unknown>> {
		const { client, account } = this;
		const { mirror } = this.picture;
		if (!mirror) return ok(undefined);
		const looked = await lookCloser({ client, account, mirror, listId: this.options.listId }, wanted);
		if (looked.kind !== 'ok' || looked.value === 'ready') return looked;
		account.forget();
		const again = await account.ready(client, mirror.attributeNames, Infinity);
		if (again.kind === 'ok') this.picture = this.pictureOf(again.value);
		return again;
	}

	/** What leavers tell about time stamps, see `AccountContacts`. */
	private noteListChanges(writes: readonly ContactWrite[], seen: ReadonlyMap<string, HeldContact>): void {
		const left = writes.filter(
			({ key, kind, held, block, otherKeys, sourceKey }) =>
				kind === 'leave' && held?.onList && !block && !otherKeys && !sourceKey && seen.get(key)?.onList === false,
		);
		const moved = left.filter(({ key, held }) => seen.get(key)?.version !== held?.version).length;
		this.account.noteListChanges(moved, left.length - moved);
	}

	private holdingsOf(mirror: ContactMirror): Holdings {
		const held = (kept: ReturnType<ContactMirror['byId']>) =>
			kept &&
			toHeldContact(
				kept,
				mirror.attributeNames,
				this.options.listId,
				this.account.isMembershipUncertain(mirror, kept.id),
			);
		return {
			byKey: (key) => held(mirror.byKey(key)),
			byEmail: (email) => held(mirror.byEmail(email)),
			byPhone: (phone) => held(mirror.byPhone(phone)),
			byLeftEmail: (email) => held(mirror.byLeftEmail(email)),
		};
	}
}

const hasChanged = ({ held }: ContactWrite, seen: HeldContact | undefined): boolean =>
	seen !== undefined && (held === undefined || held.version !== seen.version);
