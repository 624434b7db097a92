import type { FieldValue, Warning } from '../../core/contact/contact';
import type { Clock } from '../../core/ports';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { warning } from '../../core/upsert/contactResult';
import type {
	ContactWrite,
	Destination,
	DestinationNames,
	HeldContact,
	Holdings,
	Identifiers,
	SentCall,
	TakenDetails,
	WriteCall,
} from '../../core/upsert/destination';
import { indexContacts } from '../../core/upsert/destination';
import type { AccountContacts } from './accountContacts';
import type { BrevoCall } from './arrangeWrites';
import { arrangeBrevoWrites, clearRow, contactBody, importRow } from './arrangeWrites';
import type { BrevoClient } from './brevoClient';
import type { TakenIdentifiers } from './classify';
import type { ContactMirror } from './contactMirror';
import { estimateBrevoCalls } from './estimateCalls';
import { restoreOwedBlocks, updateKeepingBlock } from './guardedUpdate';
import { keepKeys, withWarnings } from './keepKeys';
import { lookCloser } from './lookCloser';
import type { OwnNotes } from './ownNotes';
import { readBackContacts } from './readBack';
import { CALLS_PER_CONTACT, readWithoutOwing } from './singleReads';
import { EMAIL, EXTERNAL_ID, PHONE, standInFor, toHeldContact, toKeptContact } from './toHeldContact';
import type { BrevoAttribute } from './types';
import { sameBrevoValue } from './values';

/** Fewer contacts than this are never worth reading a whole account for. */
const MIRROR_FROM = 5;
/** A page of 1,000 contacts takes about as long as this many single reads. */
const PAGE_IN_SINGLE_READS = 3;
/** Wait before the first look at an import of unknown speed, and per contact in it. */
const FIRST_LOOK_MS = 500;
const FIRST_LOOK_MS_PER_CONTACT = 0.5;
const LONGEST_LOOK_MS = 30_000;
/** Final states of a process (https://developers.brevo.com/reference/get-process); every other one means that it still runs. */
const FINAL = new Set(['completed', 'failed', 'cancelled']);

export interface BrevoDestinationOptions {
	/** Absent in a dry run whose list does not exist yet. */
	readonly listId?: number;
	/** The attributes the batch writes, by name. */
	readonly attributes: ReadonlyMap<string, BrevoAttribute>;
	/** Calls a dry run left out before it came here: those that create the list. */
	readonly callsLeftOut?: number;
	/** Number of writes from which an import is used; see `IMPORT_FROM`. */
	readonly importFrom?: number;
	/** Notes of ours on contacts. */
	readonly notes?: OwnNotes;
}

/** One Brevo list as the upsert engine sees it. Made for one batch; use it only within `exclusively(account)`. */
export class BrevoDestination implements Destination {
	readonly names: DestinationNames;
	readonly refusesOtherKeys: boolean;
	readonly listId?: string;
	private readonly attributeNames: readonly string[];
	private mirror: ContactMirror | undefined;
	/** Imports not known to have ended. */
	private readonly running = new Set<number>();
	private importSentAt: number | undefined;
	/** The list was looked at after a refusal, and is there. */
	private listSeen = false;
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
		this.attributeNames = [...options.attributes.keys()];
	}

	sameValue(attribute: string, held: FieldValue | undefined, wanted: FieldValue): boolean {
		return sameBrevoValue(this.options.attributes.get(attribute), held, wanted);
	}

	async read(wanted: readonly Identifiers[]): Promise<Result<Holdings>> {
		// In a dry run too: this ends what an earlier real run began, and nobody may stay mailable until the next one.
		const restored = await restoreOwedBlocks(this.client, this.account.owedBlocks);
		if (restored.kind !== 'ok') return restored;
		const singleCalls = wanted.length * CALLS_PER_CONTACT;
		const mirrorCalls = this.account.callsToReady(this.attributeNames);
		const maxPages = Math.ceil(singleCalls / PAGE_IN_SINGLE_READS);
		const worthIt = mirrorCalls === undefined ? wanted.length >= MIRROR_FROM : mirrorCalls <= maxPages;
		this.mirror = undefined;
		if (worthIt) {
			const ready = await this.account.ready(this.client, this.attributeNames, maxPages);
			if (ready.kind !== 'ok') return ready;
			this.mirror = ready.value;
			const closer = await this.lookCloser(wanted);
			if (closer.kind !== 'ok') return closer;
		}
		if (this.mirror) return ok(this.holdingsOf(this.mirror));
		const read = await readWithoutOwing(this.client, wanted, this.options.notes, this.account.owedBlocks);
		if (read.kind !== 'ok') return read;
		const { found, refused } = read.value;
		const held = found.map((contact) =>
			toHeldContact(toKeptContact(contact, this.attributeNames), this.attributeNames, this.options.listId),
		);
		return ok({ ...indexContacts(held), refused });
	}

	arrange(writes: readonly ContactWrite[], singly: boolean): readonly BrevoCall[] {
		return arrangeBrevoWrites(writes, singly, this.options.importFrom);
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		// The header tells whole seconds of an answer some calls ago at most; the overlap is harmless.
		if (this.writtenSince === 0) this.writtenSince = this.client.serverNow ?? this.clock.now();
		const unnoted = await keepKeys(call as BrevoCall, this.options.notes, this.names.sourceKey);
		if (unnoted.kind !== 'ok') return unnoted;
		const { call: noted, warnings } = unnoted.value;
		return withCoreNames(withWarnings(await this.orListGone(await this.sendLane(noted)), warnings));
	}

	async readBack(
		writes: readonly ContactWrite[],
		thorough: boolean,
	): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		const lookedAt = this.clock.now();
		const seen = await readBackContacts(writes, {
			client: this.client,
			account: this.account,
			mirror: this.mirror,
			attributeNames: this.attributeNames,
			listId: this.options.listId,
			writtenSince: this.writtenSince,
			thorough,
		});
		if (seen.kind === 'ok') this.noteListChanges(writes, seen.value);
		if (seen.kind !== 'ok' || this.importSentAt === undefined) return seen;
		if (writes.every((write) => hasChanged(write, seen.value.get(write.key)))) {
			// Only what passed before the look: with the look itself in it, each wait would be longer than the last.
			this.account.importMs = lookedAt - this.importSentAt;
			this.importSentAt = undefined;
		}
		return seen;
	}

	waitBeforeLook(look: number, writes: number): number {
		const guess = FIRST_LOOK_MS + writes * FIRST_LOOK_MS_PER_CONTACT;
		const first = Math.max(guess, (this.account.importMs ?? 0) * 0.9);
		return Math.min(LONGEST_LOOK_MS, first * 2 ** Math.max(0, look - 1));
	}

	async finished(): Promise<Result<'yes' | 'no' | 'unknown'>> {
		if (this.client.processCallWaitMs() > 0) return ok('unknown');
		for (const processId of [...this.running]) {
			const process = await this.client.getProcess(processId);
			if (process.kind !== 'ok') return process.kind === 'refused' ? ok('unknown') : process;
			if (!FINAL.has(process.value.status)) return ok('no');
			this.running.delete(processId);
		}
		return ok('yes');
	}

	callsMade(): number {
		return this.client.calls + (this.options.callsLeftOut ?? 0);
	}

	estimateCalls(writes: readonly ContactWrite[]): number {
		return estimateBrevoCalls(writes, this.mirror !== undefined, this.options.notes, this.account.listStampsMove);
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
		if (call.lane === 'single') return await this.sendOne(write);
		if (listId === undefined)
			return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: 'There is no Brevo list to write to' };
		if (call.lane === 'leave') {
			const ids = call.writes.map(({ held }) => Number(held?.id));
			const removed = await this.client.removeFromList(listId, ids);
			return removed.kind === 'ok' ? ok({ pending: false }) : removed;
		}
		const started = await this.client.importContacts({
			jsonBody: call.writes.map(call.lane === 'clear' ? clearRow : importRow),
			listIds: [listId],
			updateExistingContacts: true,
			disableNotification: true,
			...(call.clearing ? { emptyContactsAttributes: true as const } : {}),
			...(call.block ? { emailBlacklist: true as const } : {}),
		});
		if (started.kind !== 'ok') return started;
		this.running.add(started.value);
		this.importSentAt = this.clock.now();
		return ok({ pending: true });
	}

	private async sendOne(write: ContactWrite): Promise<Result<SentCall>> {
		const body = contactBody(write, this.options.listId);
		if (!write.held) {
			const email = write.email === undefined ? {} : { email: write.email };
			const created = await this.client.upsertContact({ ...body, ...email });
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
		const { client, account, mirror } = this;
		if (!mirror) return ok(undefined);
		const looked = await lookCloser({ client, account, mirror, listId: this.options.listId }, wanted);
		if (looked.kind !== 'ok' || looked.value === 'ready') return looked;
		account.forget();
		const again = await account.ready(client, mirror.attributeNames, Infinity);
		if (again.kind === 'ok') this.mirror = again.value;
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

const CORE_NAMES: Readonly<Record<string, string>> = {
	email: 'email',
	ext_id: 'key',
	[EXTERNAL_ID]: 'key',
	[PHONE]: 'phone',
	sms: 'phone',
};

/** Brevo names the identifiers others have in its own way. */
function withCoreNames(result: Result<SentCall>): Result<SentCall> {
	if (result.kind !== 'refused' || result.code !== 'IDENTIFIER_TAKEN') return result;
	const { taken } = result.details as TakenIdentifiers;
	const details: TakenDetails = { taken: taken.map((name) => CORE_NAMES[name] ?? name) };
	return { ...result, details };
}
