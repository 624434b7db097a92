import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactWrite, HeldContact, SentCall } from '../../../core/upsert/destination';
import { identifierTaken } from '../api/classify';
import type { BrevoCall } from './arrangeWrites';
import type { IdentifierClaims } from './imports/identifierClaims';
import { joinList } from './imports/joinList';
import { sortOut } from './imports/recheckWrites';
import { sendImport } from './imports/sendImports';
import type { FreshPicture } from './lookup/refreshMirror';
import type { SendContext } from './sendOne';
import { sendOne } from './sendOne';

/** Sends the calls of one run, each in its lane, and says what Brevo's refusals mean. */
export class CallSender {
	/** The list was looked at after a refusal, and is there. */
	private listSeen = false;

	constructor(private readonly context: SendContext) {}

	/** `picture`: what is known of the account by now. `claims`: which contacts have the numbers that the writes of this round set. */
	async send(call: BrevoCall, picture: FreshPicture, claims: IdentifierClaims | undefined): Promise<Result<SentCall>> {
		return await this.orListGone(await this.sendLane(call, picture, claims));
	}

	/** A refusal may be about the list: it was there at the start of the run, and everything would be refused from now on. */
	private async orListGone(result: Result<SentCall>): Promise<Result<SentCall>> {
		const { listId } = this.context;
		if (result.kind !== 'refused' || result.code !== 'DESTINATION_REFUSED' || this.listSeen || listId === undefined)
			return result;
		const list = await this.context.client.getList(listId);
		this.listSeen = list.kind === 'ok';
		if (list.kind !== 'refused') return list.kind === 'ok' ? result : list;
		return { kind: 'stop', code: 'LIST_NOT_FOUND', reason: `There is no Brevo list with ID ${listId} any more` };
	}

	private async sendLane(
		call: BrevoCall,
		picture: FreshPicture,
		claims: IdentifierClaims | undefined,
	): Promise<Result<SentCall>> {
		const { listId } = this.context;
		const [write] = call.writes;
		if (!write) return ok({ pending: false });
		if (call.lane === 'single') return await this.sendSingle(write, picture, claims);
		if (listId === undefined)
			return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: 'There is no Brevo list to write to' };
		if (call.lane === 'join') return await this.sendJoin(call.writes, listId, picture);
		if (call.lane === 'leave') {
			const ids = call.writes.map(({ held }) => Number(held?.id));
			const removed = await this.context.client.removeFromList(listId, ids);
			if (removed.kind === 'ok') this.context.account.leftMeanwhile.takenOff(listId, ids);
			return removed.kind === 'ok' ? ok({ pending: false }) : removed;
		}
		return await sendImport(call, { ...this.context, listId, picture });
	}

	/** Puts known contacts on the list, but those that left it since they were read. */
	private async sendJoin(
		writes: readonly ContactWrite[],
		listId: number,
		picture: FreshPicture,
	): Promise<Result<SentCall>> {
		const sorted = await sortOut(writes, this.context.listId, this.context.names, picture, false);
		if (sorted.kind !== 'ok') return sorted;
		const { rows, apart } = sorted.value;
		const joining = [...rows, ...apart].filter((write) => write.joinList);
		const joined = await joinList(
			this.context.client,
			this.context.clock,
			listId,
			joining.map(({ held }) => Number(held?.id)),
		);
		if (joined.kind !== 'ok') return joined;
		const added = new Set(joined.value);
		const sent = new Map(apart.map((write) => [write.key, write]));
		const shown = new Map<string, HeldContact>();
		for (const { key, held } of joining) {
			if (!held || !added.has(Number(held.id))) continue;
			shown.set(key, { ...held, onList: true });
			picture.mirror?.putOnList(Number(held.id), listId);
		}
		return ok({ pending: false, sent, shown });
	}

	/** A write that joins the list goes out as it is to be by now, and without numbers that are known to be taken. */
	private async sendSingle(
		write: ContactWrite,
		picture: FreshPicture,
		claims: IdentifierClaims | undefined,
	): Promise<Result<SentCall>> {
		if (!write.joinList) return await this.sendUnlessTaken(write, claims);
		const sorted = await sortOut([write], this.context.listId, this.context.names, picture, false);
		if (sorted.kind !== 'ok') return sorted;
		const [changed] = sorted.value.apart;
		const sent = await this.sendUnlessTaken(changed ?? write, claims);
		return changed && sent.kind === 'ok' ? ok({ sent: new Map([[write.key, changed]]), ...sent.value }) : sent;
	}

	private async sendUnlessTaken(write: ContactWrite, claims: IdentifierClaims | undefined): Promise<Result<SentCall>> {
		const taken = claims?.takenBy(write) ?? [];
		return taken.length > 0 ? identifierTaken(taken, 400) : await sendOne(write, this.context);
	}
}
