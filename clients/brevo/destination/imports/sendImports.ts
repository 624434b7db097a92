import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactWrite, SentCall } from '../../../../core/upsert/destination';
import { inParallel } from '../../../../core/calls/inParallel';
import type { BrevoCall } from '../arrangeWrites';
import { clearingOnly, clearRow, importRow } from '../arrangeWrites';
import { sortOut } from './recheckWrites';
import { explainRefusal } from '../explainRefusal';
import type { SendContext } from '../sendOne';
import { sendOne } from '../sendOne';
import type { FreshPicture } from '../lookup/refreshMirror';
import { BREVO_RETRY, MAX_WAIT_MS } from '../../api/limits';
import type { ImportBody } from '../../api/types';

/** Contacts of one import that may have changed since they were planned, before the whole is planned anew. */
const MAX_APART = 100;
const PARALLEL = 6;
/** Times an import is sent that Brevo refused for the number of calls, or whose answer got lost while none is under way. */
const ATTEMPTS = 4;

export interface ImportLane extends SendContext {
	/** The list that is synced. */
	readonly listId: number;
	/** What is known of the account by now. */
	readonly picture: FreshPicture;
}

/**
 * Sends an import, of which those are left out that have to be written singly by now. When its answer gets lost, Brevo may have
 * taken it all the same:
 *
 * | after a lost answer | then |
 * | --- | --- |
 * | an import is under way, or Brevo does not tell | the run fails for now; a later one waits for the import |
 * | none is, and most of the new contacts are there | it was carried out: the read-back tells the rest |
 * | none is, and they are not there | it is sent again, with what is left to do by now |
 */
export async function sendImport(call: BrevoCall, lane: ImportLane): Promise<Result<SentCall>> {
	let writes = call.lane === 'clear' ? call.writes.map(clearingOnly) : call.writes;
	let sent: SentCall = { pending: false };
	for (let attempt = 1, anew = false; ; attempt++) {
		const sorted = await sortOut(writes, lane.listId, lane.names, lane.picture, true, anew);
		if (sorted.kind !== 'ok') return sorted;
		const { rows, apart, found } = sorted.value;
		if (anew && found * 2 > writes.length) return ok({ ...sent, pending: true });
		if (apart.length > MAX_APART) return CHANGED_MEANWHILE;
		// Clearing is what the import is for, so a row that is not safe stays without; the read-back tells.
		const alone = call.lane === 'clear' ? ok<SentCall>({ pending: false }) : await sendSingly(apart, lane);
		if (alone.kind !== 'ok') return alone;
		sent = together(sent, alone.value);
		if (rows.length === 0) return ok(sent);
		const toList = await targetOf(call, lane);
		if (toList.kind !== 'ok') return toList;
		if (toList.value === undefined) return await withoutList(call, rows, sent, lane);
		const started = await start(call, rows, toList.value, lane);
		if (started.kind === 'ok') return ok({ ...sent, pending: true });
		const again = await mayRepeat(started, attempt, lane);
		if (again === 'no') return started;
		anew = again === 'lookFirst';
		writes = rows;
	}
}

/**
 * Whether an import may be sent again: `yes` where Brevo said that it did not take it, `lookFirst` where the answer got lost and no
 * import is under way. Waits as long as either takes.
 */
async function mayRepeat(
	failure: Failure,
	attempt: number,
	{ client, account, clock }: ImportLane,
): Promise<'yes' | 'lookFirst' | 'no'> {
	if (failure.kind === 'retry' && failure.code === 'RATE_LIMITED') {
		const waitMs = failure.afterMs ?? BREVO_RETRY.firstDelayMs;
		if (attempt === ATTEMPTS || waitMs > MAX_WAIT_MS) return 'no';
		await clock.sleep(waitMs);
		return 'yes';
	}
	if (failure.kind !== 'retry' && failure.code !== 'UNEXPECTED_ANSWER') return 'no';
	account.imports.lostAnswer();
	if (failure.kind !== 'retry' || attempt === ATTEMPTS) return 'no';
	return (await account.imports.noneRuns(client, clock)) ? 'lookFirst' : 'no';
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
	const send = async (list: number): Promise<Result<number>> => {
		if (!call.joins) lane.imports.putOnOwnList(list, rows);
		const answer = await client.importContacts(body(list));
		if (answer.kind === 'ok') lane.imports.started(answer.value, rows);
		return answer;
	};
	const started = await send(toList);
	if (started.kind !== 'refused' || call.joins) return started;
	const another = await account.technicalList.again(client, accountName, clock);
	if (another.kind !== 'ok') return another;
	return another.value === undefined ? started : await send(another.value);
}

/** Writes each contact by itself. A passing fault of one is that of all. */
async function sendSingly(writes: readonly ContactWrite[], lane: ImportLane): Promise<Result<SentCall>> {
	const refused = new Map<string, Failure>();
	let sent: SentCall = { pending: false };
	let failure: Failure | undefined;
	await inParallel(writes, PARALLEL, async (write) => {
		if (failure) return;
		const one = explainRefusal(await sendOne(write, lane), write);
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
