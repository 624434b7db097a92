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
	private readonly running = new Set<number>();
	/** When the last one was sent; undefined once everything was seen. */
	private sentAt: number | undefined;
	/** When the last look began that did not show everything. */
	private earlyAt: number | undefined;
	/** Of each import, the keys of the writes that no look has shown yet. */
	private unseen: Array<Set<string>> = [];
	private contacts = 0;
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
		this.unseen.push(new Set(writes.map(({ key }) => key)));
		this.contacts += writes.length;
		this.sentAt = this.clock.now();
	}

	/** How long to wait before the next look, see `ImportPace`. */
	waitBeforeLook(look: number, writes: number): number {
		const { sentAt, unseen, earlyAt } = this;
		const progress =
			sentAt === undefined || earlyAt === undefined
				? undefined
				: { imports: unseen.length, over: unseen.filter(({ size }) => size === 0).length, ms: earlyAt - sentAt };
		return this.account.importPace.waitMs(look, writes, progress);
	}

	putOnOwnList(listId: number, writes: readonly ContactWrite[]): void {
		for (const { key, held } of writes) {
			if (held) this.noteMember(listId, held);
			else this.newOnOwnList.set(key, listId);
		}
	}

	/** What a look at these writes showed that began at `lookedAt`, by key. */
	seen(writes: readonly ContactWrite[], contacts: ReadonlyMap<string, HeldContact>, lookedAt: number): void {
		for (const [key, listId] of this.newOnOwnList) {
			const held = contacts.get(key);
			if (!held) continue;
			this.noteMember(listId, held);
			this.newOnOwnList.delete(key);
		}
		if (this.sentAt === undefined) return;
		const changed = writes.filter((write) => hasChanged(write, contacts.get(write.key)));
		for (const { key } of changed) for (const keys of this.unseen) keys.delete(key);
		if (changed.length < writes.length) {
			this.earlyAt = lookedAt;
			return;
		}
		// Only what passed before the look: with the look itself in it, each wait would be longer than the last.
		const earlyMs = this.earlyAt === undefined ? 0 : this.earlyAt - this.sentAt;
		this.account.importPace.learn({ ms: lookedAt - this.sentAt, earlyMs, contacts: this.contacts });
		this.sentAt = undefined;
		this.earlyAt = undefined;
		this.unseen = [];
		this.contacts = 0;
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

const hasChanged = ({ held }: ContactWrite, seen: HeldContact | undefined): boolean =>
	seen !== undefined && (held === undefined || held.version !== seen.version);
