import type { Clock } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { ContactWrite, HeldContact } from '../../../../core/upsert/destination';
import { inParallel } from '../../../../core/calls/inParallel';
import type { AccountContacts } from '../lookup/accountContacts';
import type { BrevoClient } from '../../api/brevoClient';
import { hasEnded } from './importsUnderWay';
import { LIST_CHANGES_PER_CALL } from '../../api/limits';

/** Calls that take contacts off the technical list, under way at once. */
const PARALLEL = 3;

/** The imports of one run, until they are known to have ended. */
export class RunImports {
	/** When the last one was sent. */
	sentAt: number | undefined;
	private readonly running = new Set<number>();
	/** Brevo ended one of those since the last one was sent without carrying it out. */
	private gaveUp = false;
	/** Contacts that were put on the technical list, by the list. */
	private readonly onOwnList = new Map<number, Set<number>>();
	/** New ones among them, by the key of the write: with the list, until a look tells their ids. */
	private readonly newOnOwnList = new Map<string, number>();

	constructor(
		private readonly client: BrevoClient,
		private readonly account: AccountContacts,
		private readonly clock: Clock,
	) {}

	get areRunning(): boolean {
		return this.running.size > 0;
	}

	started(processId: number, writes: readonly ContactWrite[]): void {
		if (this.running.size === 0) this.gaveUp = false;
		this.running.add(processId);
		this.account.bulkMemory.sent(writes);
		this.account.imports.started(processId, this.clock);
		this.sentAt = this.clock.now();
	}

	putOnOwnList(listId: number, writes: readonly ContactWrite[]): void {
		for (const { key, held } of writes) {
			if (held) this.noteMember(listId, held);
			else this.newOnOwnList.set(key, listId);
		}
	}

	/** Contacts of writes, by key, as a look showed them. */
	seen(contacts: ReadonlyMap<string, HeldContact>): void {
		for (const [key, listId] of this.newOnOwnList) {
			const held = contacts.get(key);
			if (!held) continue;
			this.noteMember(listId, held);
			this.newOnOwnList.delete(key);
		}
	}

	async finished(): Promise<Result<'yes' | 'no' | 'gaveUp' | 'unknown'>> {
		if (this.client.processCallWaitMs() > 0) return ok('unknown');
		for (const processId of [...this.running]) {
			const process = await this.client.getProcess(processId);
			if (process.kind !== 'ok') return process.kind === 'refused' ? ok('unknown') : process;
			if (!hasEnded(process.value)) return ok('no');
			this.ended(processId);
			this.gaveUp ||= process.value.status !== 'completed';
		}
		return ok(this.gaveUp ? 'gaveUp' : 'yes');
	}

	/**
	 * Everything was seen to be stored. The technical list is emptied again, so that even a campaign sent to it by mistake reaches
	 * no contact; one that stays on it because that fails comes to no harm.
	 */
	async confirmed(): Promise<void> {
		if (this.areRunning) this.account.bulkMemory.confirmed();
		for (const processId of [...this.running]) this.ended(processId);
		for (const [listId, members] of [...this.onOwnList]) {
			const ids = [...members];
			const starts = ids.flatMap((_id, index) => (index % LIST_CHANGES_PER_CALL === 0 ? [index] : []));
			await inParallel(starts, PARALLEL, async (start) => {
				await this.client.removeFromList(listId, ids.slice(start, start + LIST_CHANGES_PER_CALL));
			});
			this.onOwnList.delete(listId);
		}
	}

	private noteMember(listId: number, { id }: HeldContact): void {
		this.onOwnList.set(listId, (this.onOwnList.get(listId) ?? new Set()).add(Number(id)));
	}

	private ended(processId: number): void {
		this.running.delete(processId);
		this.account.imports.ended(processId);
	}
}
