import type { BoundedMap } from '../../../core/boundedMap';
import type { FieldValue } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type {
	AsynchronousWrites,
	BatchOrigin,
	ContactWrite,
	Destination,
	DestinationNames,
	DroppedInBulk,
	HeldContact,
	Holdings,
	Identifiers,
	SentCall,
	TakenOver,
	WriteCall,
} from '../../../core/upsert/destination';
import { indexContacts } from '../../../core/upsert/destination';
import type { NewestChanges } from '../../../core/upsert/plan/newestChanges';
import type { AccountContacts, PictureNeed } from './lookup/accountContacts';
import type { BrevoCall, ImportRules } from './arrangeWrites';
import { arrangeBrevoWrites } from './arrangeWrites';
import type { BrevoClient } from '../api/brevoClient';
import type { ContactMirror } from './lookup/contactMirror';
import { estimateBrevoCalls } from './estimateCalls';
import { explainRefusal } from './explainRefusal';
import { FreshPicture } from './lookup/refreshMirror';
import { restoreOwedBlocks } from './updateKeepingBlock';
import { IdentifierClaims } from './imports/identifierClaims';
import { keepKeys, withWarnings } from './notes/storeFurtherKeys';
import { takeOffAgain } from './imports/takeOffAgain';
import { noteLeft, noteListChanges } from './lookup/learnFromLooks';
import { lookCloser } from './lookup/confirmRareDecisions';
import { pagesWorth, STANDARD_PICTURE_BYTES } from './lookup/picturePolicy';
import type { OwnNotes } from './notes/contactNotes';
import { readBackContacts } from './lookup/read/readBack';
import { lacksDroppableOnly } from './imports/droppedValues';
import { judge } from '../../../core/upsert/write/compareWithStored';
import { CallSender } from './sendCalls';
import { RunImports } from './imports/importsOfRun';
import { CALLS_PER_CONTACT, readWithoutOwing } from './lookup/read/readOneByOne';
import { CALLS_TO_CREATE } from './imports/technicalList';
import type { KeptContact } from './lookup/toHeldContact';
import { toHeldContact, toKeptContact } from './lookup/toHeldContact';
import { EMAIL, PHONE, standInFor } from '../api/contactValues';
import type { BrevoAttribute } from '../api/types';
import { sameBrevoValue } from './sameValue';

/** Fewer contacts than this are never worth reading a whole account for. */
const MIRROR_FROM = 5;
/** Up to this many contacts are read one by one when what the mirror says is in doubt; of more, those it has are read by their ids. */
const MOST_ANEW = 30;
const SOURCE_KEY = 'ext_id';

export interface BrevoDestinationOptions {
	/** Absent in a dry run whose list does not exist yet. */
	readonly listId?: number;
	/** The attributes the batch writes, by name. */
	readonly attributes: ReadonlyMap<string, BrevoAttribute>;
	/** Calls a dry run left out before it came here: those that create the list. */
	readonly callsLeftOut?: number;
	/** Number of writes from which an import is used; see `IMPORT_FROM`. */
	readonly importFrom?: number;
	/** Room for what is kept of the account's contacts between batches, in bytes. */
	readonly pictureBytes?: number;
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
	readonly takenOver: BoundedMap<TakenOver>;
	private readonly attributeNames: readonly string[];
	private picture: FreshPicture;
	private readonly imports: RunImports;
	private readonly sender: CallSender;
	/** Which contacts have the numbers that the writes of this round set. */
	private claims: IdentifierClaims | undefined;
	/** The calls that make the list of our own are in the estimate. */
	private ownListCounted = false;
	/** An import of an earlier run may have ended just now, unseen. */
	private afterImport = false;
	/** Keys of writes that go singly because of it. */
	private readonly afterImportSingly = new Set<string>();
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
			sourceKey: SOURCE_KEY,
			...(options.notes && !this.refusesOtherKeys ? { otherKeys: 'CONTACT_SYNC_KEY' } : {}),
			list: 'listIds',
			optedOut: 'emailBlacklisted',
		};
		this.listId = options.listId === undefined ? undefined : String(options.listId);
		this.newest = account.newest;
		this.takenOver = account.takenOver;
		this.attributeNames = [...options.attributes.keys()];
		this.picture = this.pictureOf(undefined);
		this.imports = new RunImports(client, account, clock);
		this.sender = new CallSender({ client, account, clock, imports: this.imports, names: this.names, ...options });
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
		this.afterImport ||= settled.value || origin.again;
		const readFrom = this.clock.now();
		// In a dry run too: this ends what an earlier real run began, and no blocked contact may stay mailable until the next one.
		const restored = await restoreOwedBlocks(this.client, this.account.owedBlocks);
		if (restored.kind !== 'ok') return restored;
		const off = await takeOffAgain(this.client, this.account, this.options.listId, this.attributeNames);
		if (off.kind !== 'ok') return off;
		const mirror = await this.mirrorFor(wanted, origin);
		if (mirror.kind !== 'ok') return mirror;
		return mirror.value ? ok(this.holdingsOf(mirror.value)) : await this.readSingly(wanted, origin, readFrom);
	}

	arrange(writes: readonly ContactWrite[], singly: boolean): readonly BrevoCall[] {
		return arrangeBrevoWrites(writes, singly, this.importRules(writes));
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		// The header tells whole seconds of an answer some calls ago at most; the overlap is harmless.
		if (this.writtenSince === 0) this.writtenSince = this.client.serverNow ?? this.clock.now();
		const unnoted = await keepKeys(call as BrevoCall, this.options.notes, SOURCE_KEY);
		if (unnoted.kind !== 'ok') return unnoted;
		const { call: noted, warnings } = unnoted.value;
		const sent = withWarnings(await this.sender.send(noted, this.picture, this.claims), warnings);
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
		if (seen.kind === 'ok') this.learnFrom(writes, seen.value, lookedAt);
		return seen;
	}

	/** Imports. */
	readonly asynchronous: AsynchronousWrites = {
		waitBeforeLook: (look, writes) => this.imports.waitBeforeLook(look, writes),
		finished: async () => await this.imports.finished(),
		confirmed: async () => await this.imports.confirmed(),
	};

	/** Yes/no values, and perhaps others (docs/decisions/brevo-imports.md). */
	readonly droppedInBulk: DroppedInBulk = {
		worthSingly: ({ attributes }, dropped) =>
			dropped.filter((name) =>
				this.account.bulkMemory.isWorthSingly(this.options.attributes.get(name), attributes[name]),
			),
		learn: (stored, dropped) => this.account.bulkMemory.learn(stored, dropped),
	};

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

	/** A mirror to plan these contacts with, where it costs fewer calls than to read them one by one. */
	private async mirrorFor(
		wanted: readonly Identifiers[],
		{ anew }: BatchOrigin,
	): Promise<Result<ContactMirror | undefined>> {
		const maxPages = pagesWorth(wanted.length, wanted.length * CALLS_PER_CONTACT, this.account.spentLately);
		const need = this.pictureNeed(wanted, maxPages);
		const calls = this.account.callsToReady(need);
		const paysOff = calls === undefined ? wanted.length >= MIRROR_FROM : calls <= maxPages;
		const isInDoubt = anew === true && wanted.length <= MOST_ANEW;
		if (isInDoubt || !paysOff) return ok(undefined);
		const ready = await this.account.ready(this.client, need);
		if (ready.kind !== 'ok' || !ready.value) return ready;
		this.picture = this.pictureOf(ready.value);
		const closer = await this.lookCloser(wanted, anew);
		return closer.kind === 'ok' ? ok(this.picture.mirror) : closer;
	}

	/** `readFrom`: an instant before the first of them is read. */
	private async readSingly(
		wanted: readonly Identifiers[],
		{ anew }: BatchOrigin,
		readFrom: number,
	): Promise<Result<Holdings>> {
		const before = this.client.calls;
		const read = await readWithoutOwing(this.client, wanted, this.options.notes, this.account.owedBlocks, anew);
		if (!anew) this.account.noteSingleReads(this.client.calls - before);
		if (read.kind !== 'ok') return read;
		this.picture = this.pictureOf(undefined, readFrom);
		const { found, refused } = read.value;
		const held = found.map((contact) => this.heldOf(toKeptContact(contact, this.attributeNames), this.attributeNames));
		return ok({ ...indexContacts(held), refused });
	}

	private importRules(writes: readonly ContactWrite[]): ImportRules {
		const claims = new IdentifierClaims(writes, this.picture.mirror);
		this.claims = claims;
		const mayImport = (write: ContactWrite): boolean => {
			if (this.afterImport && lacksDroppableOnly(write, this.options.attributes)) {
				this.afterImportSingly.add(write.key);
				return false;
			}
			return !this.account.bulkMemory.losesAnyOf(write) && claims.areFree(write);
		};
		return { importFrom: this.options.importFrom, mayImport };
	}

	private pictureOf(mirror: ContactMirror | undefined, readFrom = this.clock.now()): FreshPicture {
		return new FreshPicture(this.client, this.account, this.clock, mirror, this.attributeNames, readFrom);
	}

	private pictureNeed(wanted: readonly Identifiers[], maxPages: number): PictureNeed {
		const { pictureBytes = STANDARD_PICTURE_BYTES } = this.options;
		return { attributeNames: this.attributeNames, wanted, maxPages, maxBytes: pictureBytes };
	}

	/** The mirror with what hangs on more than its refresh, see `lookCloser`; read anew where that is cheaper. */
	private async lookCloser(wanted: readonly Identifiers[], anew?: boolean): Promise<Result<unknown>> {
		const { client, account } = this;
		const { mirror } = this.picture;
		if (!mirror) return ok(undefined);
		const looked = await lookCloser({ client, account, mirror, listId: this.options.listId, anew }, wanted);
		if (looked.kind !== 'ok' || looked.value === 'ready') return looked;
		account.forget();
		const again = await account.ready(client, this.pictureNeed(wanted, Infinity));
		if (again.kind === 'ok') this.picture = this.pictureOf(again.value);
		return again;
	}

	private learnFrom(writes: readonly ContactWrite[], seen: ReadonlyMap<string, HeldContact>, lookedAt: number): void {
		const { account, imports, afterImportSingly } = this;
		noteListChanges(account, writes, seen);
		imports.seen(writes, seen, lookedAt);
		const singly = writes.filter(({ key }) => afterImportSingly.has(key));
		for (const write of singly)
			if (judge(write, seen.get(write.key), this).kind === 'stored') account.bulkMemory.storedAfterImport(write);
		if (imports.areRunning) noteLeft(account, this.options.listId, writes, seen);
	}

	private heldOf(kept: KeptContact, names: readonly string[], membershipUncertain = false): HeldContact {
		const { listId } = this.options;
		const held = toHeldContact(kept, names, listId, membershipUncertain);
		return this.account.leftMeanwhile.has(listId, kept.id) ? { ...held, unsubscribedFromList: true } : held;
	}

	private holdingsOf(mirror: ContactMirror): Holdings {
		const held = (kept: KeptContact | undefined) =>
			kept && this.heldOf(kept, mirror.attributeNames, this.account.isMembershipUncertain(mirror, kept.id));
		return {
			byKey: (key) => held(mirror.byKey(key)),
			byEmail: (email) => held(mirror.byEmail(email)),
			byPhone: (phone) => held(mirror.byPhone(phone)),
			byLeftEmail: (email) => held(mirror.byLeftEmail(email)),
		};
	}
}
