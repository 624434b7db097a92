import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactWrite, SentCall } from '../../../../core/upsert/destination';
import { inParallel } from '../../../../core/calls/inParallel';
import type { AccountContacts } from '../lookup/accountContacts';
import type { BrevoCall } from '../arrangeWrites';
import { clearRow, importRow } from '../arrangeWrites';
import type { BrevoClient } from '../../api/brevoClient';
import type { SortedOut } from './recheckWrites';
import type { RunImports } from './importsOfRun';
import type { ImportBody } from '../../api/types';

/** Contacts of one import that may have changed since they were planned, before the whole is planned anew. */
const MAX_APART = 100;
const PARALLEL = 6;
/** Times an import is sent whose answer got lost, while Brevo says that none is under way. */
const ATTEMPTS = 4;

export interface ImportLane {
	readonly client: BrevoClient;
	readonly account: AccountContacts;
	/** Name of the account, see `accountKey`. */
	readonly accountName: string;
	readonly clock: Clock;
	/** The list that is synced. */
	readonly listId: number;
	/** What each write comes to on knowledge of a few seconds ago. */
	sortOut(writes: readonly ContactWrite[]): Promise<Result<SortedOut>>;
	sendOne(write: ContactWrite): Promise<Result<SentCall>>;
	readonly imports: RunImports;
}

/** Sends an import, of which those are left out that have to be written singly by now. */
export async function sendImport(call: BrevoCall, lane: ImportLane): Promise<Result<SentCall>> {
	const sorted = await lane.sortOut(call.writes);
	if (sorted.kind !== 'ok') return sorted;
	const { rows, apart } = sorted.value;
	if (apart.length > MAX_APART) return CHANGED_MEANWHILE;
	// Clearing is what the import is for, so a row that is not safe stays without; the read-back tells.
	const alone = call.lane === 'clear' ? ok<SentCall>({ pending: false }) : await sendSingly(apart, lane);
	if (alone.kind !== 'ok' || rows.length === 0) return alone;
	const toList = await targetOf(call, lane);
	if (toList.kind !== 'ok') return toList;
	if (toList.value === undefined) return await withoutList(call, rows, alone.value, lane);
	const started = await start(call, rows, toList.value, lane);
	return started.kind === 'ok' ? ok({ ...alone.value, pending: true }) : started;
}

/** Without a list of our own no import can leave the list alone: everything goes singly, and nothing is cleared. */
async function withoutList(
	call: BrevoCall,
	rows: readonly ContactWrite[],
	sent: SentCall,
	lane: ImportLane,
): Promise<Result<SentCall>> {
	if (call.lane === 'clear') return ok(sent);
	const singly = await sendSingly(rows, lane);
	return singly.kind === 'ok' ? ok(together(sent, singly.value)) : singly;
}

async function targetOf({ joins }: BrevoCall, lane: ImportLane): Promise<Result<number | undefined>> {
	const { client, account, accountName, clock, listId } = lane;
	return joins ? ok(listId) : await account.technicalList.get(client, accountName, clock);
}

async function start(
	call: BrevoCall,
	rows: readonly ContactWrite[],
	toList: number,
	lane: ImportLane,
): Promise<Result<unknown>> {
	const { client, account, accountName, clock } = lane;
	const body = (list: number): ImportBody => ({
		jsonBody: rows.map(call.lane === 'clear' ? clearRow : importRow),
		listIds: [list],
		updateExistingContacts: true,
		disableNotification: true,
		...(call.clearing ? { emptyContactsAttributes: true as const } : {}),
		...(call.block ? { emailBlacklist: true as const } : {}),
	});
	if (!call.joins) lane.imports.putOnOwnList(toList, rows);
	const started = await sendOnce(body(toList), lane);
	if (started.kind !== 'refused' || call.joins) return started;
	const another = await account.technicalList.again(client, accountName, clock);
	if (another.kind !== 'ok') return another;
	if (another.value === undefined) return started;
	lane.imports.putOnOwnList(another.value, rows);
	return await sendOnce(body(another.value), lane);
}

/**
 * Sends an import whose answer may get lost: Brevo may have taken it all the same, and a second one could end long after this
 * run. So it is sent again only while Brevo says that none is under way; otherwise it is left to a later run, which waits for it.
 */
async function sendOnce(body: ImportBody, lane: ImportLane): Promise<Result<unknown>> {
	const { client, account, clock } = lane;
	for (let attempt = 1; ; attempt++) {
		const answer = await client.importContacts(body);
		if (answer.kind === 'ok') {
			lane.imports.started(answer.value);
			return answer;
		}
		const isLost = (answer.kind === 'retry' && answer.code !== 'RATE_LIMITED') || answer.code === 'UNEXPECTED_ANSWER';
		if (!isLost) return answer;
		account.imports.lostAnswer();
		if (answer.kind !== 'retry' || attempt === ATTEMPTS) return answer;
		if (!(await account.imports.noneRuns(client, clock))) return answer;
	}
}

/** Writes each contact by itself. A passing fault of one is that of all. */
async function sendSingly(writes: readonly ContactWrite[], lane: ImportLane): Promise<Result<SentCall>> {
	const refused = new Map<string, Failure>();
	let sent: SentCall = { pending: false };
	let failure: Failure | undefined;
	await inParallel(writes, PARALLEL, async (write) => {
		if (failure) return;
		const one = await lane.sendOne(write);
		if (one.kind === 'ok') sent = together(sent, { sent: new Map([[write.key, write]]), ...one.value });
		else if (one.kind === 'refused') refused.set(write.key, one);
		else failure ??= one;
	});
	return failure ?? ok({ ...sent, refused });
}

const together = (one: SentCall, other: SentCall): SentCall => ({
	pending: one.pending || other.pending,
	refused: new Map([...(one.refused ?? []), ...(other.refused ?? [])]),
	warnings: new Map([...(one.warnings ?? []), ...(other.warnings ?? [])]),
	sent: new Map([...(one.sent ?? []), ...(other.sent ?? [])]),
});

const CHANGED_MEANWHILE: Failure = {
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: 'Many of the contacts were changed in Brevo while they were being planned',
};
