import type { ReasonCode } from '../../outcome';
import type { Failure } from '../../result';
import type { Batch, Steps } from './batch';
import type { Intent, UnwrittenOptOut } from './collapse';
import type { ContactResult } from '../contactResult';
import { failed, result, warning } from '../contactResult';
import type { HeldContact } from '../destination';
import { keysOf } from '../keys';
import { atFormerAddresses, candidatesOf } from './match/matchContacts';
import { besideWrite, needsBlockOnly, planUpsert } from './planContact';

/**
 * A block that a contact is owed and its own write does not carry. `held` as it was when it became known.
 *
 * | the contact by now | the block |
 * | --- | --- |
 * | is blocked | is there |
 * | belongs to an open intent | goes along with the write of that one |
 * | no longer carries `whileKey` | is owed no more |
 * | otherwise | is a write of its own, tried once |
 */
interface OwedBlock {
	readonly intent: Intent;
	readonly held: HeldContact;
	/** Set: only as long as the contact carries this key. */
	readonly whileKey?: string;
	tried: boolean;
}

/**
 * Carries the opt-outs of contacts that are not written: their address is taken, shared or missing, or the destination refuses
 * them. The held contact is blocked with a write that carries nothing else, or along with the write of the intent that has it
 * now.
 */
export class OptOutCarrier {
	private readonly owed: OwedBlock[] = [];

	constructor(private readonly batch: Batch) {}

	/** A change that needs no write, with an opt-out that does. */
	takeUnwritten({ intent, result: told }: UnwrittenOptOut): void {
		const { batch } = this;
		const held = batch.state.byKey(intent.key);
		if (
			batch.settings.optOuts !== 'ignore' &&
			held &&
			!batch.owners.has(held.id) &&
			this.needsBlockOnly(intent, held, told)
		)
			batch.admit(intent, held);
		else this.giveUp(intent, told);
	}

	/** Leavers whose contact belongs to another intent now. The opt-out goes with the address. */
	settleSuperseded(): void {
		const { batch } = this;
		for (const [key, by] of batch.superseded) {
			const intent = batch.open.get(key);
			const heir = batch.open.get(by);
			if (!intent) continue;
			batch.settle(intent, result('unchanged', 'SUPERSEDED'));
			if (!batch.wantsBlock(intent)) continue;
			const email = heir?.contact.email;
			if ((intent.contact.email ?? email) === email) batch.optedOutToo.add(by);
			for (const held of candidatesOf(intent, batch.state))
				if (keysOf(held).includes(key)) this.owed.push({ intent, held, whileKey: key, tried: false });
			this.alsoAtAddress(intent);
		}
	}

	/**
	 * Settles a contact that is not written. When it opted out, its contact and `holder`, which has its address, are owed a block; when a
	 * record that was merged into it is blocked, its own contact is.
	 */
	giveUp(intent: Intent, told: ContactResult, holder?: HeldContact): void {
		const { batch } = this;
		batch.settle(intent, told);
		const { status } = told.outcome;
		if (status !== 'failed' && status !== 'excluded') return;
		const own = batch.heldOf(intent);
		// The block of a record that was merged into it, or into one that shares its address: their contacts have to have it, whatever
		// address they keep.
		const sharing = intent.sharedKeys.flatMap((key) => batch.state.byKey(key) ?? []);
		if (!batch.wantsBlock(intent) && batch.isBlockedElsewhere(intent))
			for (const held of [...(own ? [own] : []), ...sharing]) this.owe(intent, held);
		if (!batch.wantsBlock(intent)) return;
		const byKeys = [intent.key, ...intent.formerKeys].flatMap((key) => batch.state.byKey(key) ?? []);
		const likely = [...candidatesOf(intent, batch.state), ...atFormerAddresses(intent, batch.state)];
		const free = likely.filter(({ id }) => !batch.owners.has(id));
		for (const held of [...(own ? [own] : []), ...byKeys, ...free, ...(holder ? [holder] : [])])
			for (const one of [held, ...(held.twins ?? [])]) this.owe(intent, one);
	}

	/**
	 * Of an intent whose address is not written, such as a leaver: the contact that has it by now is owed the block as well, also where
	 * another record of the source made it.
	 */
	alsoAtAddress(intent: Intent): void {
		const { batch } = this;
		const { email } = intent.contact;
		const holder = email === undefined ? undefined : batch.state.byEmail(email);
		if (!holder || holder.id === batch.heldOf(intent)?.id || !batch.wantsBlock(intent)) return;
		for (const one of [holder, ...(holder.twins ?? [])]) this.owe(intent, one);
	}

	/** Blocks contacts that no open intent of the batch is going to write. */
	addSteps(steps: Steps): void {
		const { batch } = this;
		for (const entry of this.owed) {
			const { intent, held, whileKey } = entry;
			const now = batch.state.current(held);
			if (entry.tried || now.optedOut || batch.openOwnerOf(held)) continue;
			if (whileKey !== undefined && !keysOf(now).includes(whileKey)) continue;
			const write = besideWrite(`${intent.key}#block:${held.id}`, now, batch.destination, { block: true });
			entry.tried = steps.add({ intent, role: 'beside', write });
		}
	}

	/**
	 * Tells whether the blocks were written (OPT_OUT_CARRIED, OPT_OUT_NOT_CARRIED). Where the run failed before, the contact ends as that
	 * failure.
	 */
	finish(failure: Failure | undefined): void {
		const { batch } = this;
		for (const { intent, held, whileKey, tried } of this.owed) {
			const told = batch.results.get(intent.key);
			const now = batch.state.current(held);
			if (!told || held.optedOut || told.outcome.retryable === true) continue;
			if (whileKey !== undefined && !keysOf(now).includes(whileKey)) continue;
			if (!now.optedOut && failure) batch.results.set(intent.key, failed(failure));
			if (!now.optedOut && (failure || !tried)) continue;
			const code: ReasonCode = now.optedOut ? 'OPT_OUT_CARRIED' : 'OPT_OUT_NOT_CARRIED';
			if (told.warnings.some((one) => one.code === code)) continue;
			const carried = warning(batch.destination.names.optedOut, code);
			batch.results.set(intent.key, { ...told, warnings: [...told.warnings, carried] });
		}
	}

	private owe(intent: Intent, held: HeldContact): void {
		const { batch } = this;
		if (this.owed.some((entry) => entry.intent.key === intent.key && entry.held.id === held.id)) return;
		this.owed.push({ intent, held, tried: false });
		const owner = batch.openOwnerOf(held);
		if (owner) batch.optedOutToo.add(owner.key);
	}

	/** A change without address and number, whose contact is otherwise as it should be. */
	private needsBlockOnly(intent: Intent, held: HeldContact, told: ContactResult): boolean {
		const { state, destination, settings, gone } = this.batch;
		if (told.outcome.code !== 'NO_IDENTIFIER') return false;
		const phones = new Map<string, string>();
		const plan = { intent, held, state, destination, settings, phones, gone, optsOut: true, takesBlocked: false };
		const next = planUpsert(plan);
		return 'outcome' in next || needsBlockOnly(next, destination);
	}
}
