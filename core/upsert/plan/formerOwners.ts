import type { Warning } from '../../contact/contact';
import { isContactKey } from '../../contact/contact';
import type { ReasonCode } from '../../outcome';
import { withAdvice } from '../../outcome';
import type { ContactWrite, TakenOver } from '../destination';
import { isMember, keysOf, sameSource } from '../keys';
import type { Batch, Steps } from './batch';
import type { Intent } from './collapse';

/** A contact that goes over to another record of the same source, which has its address now. */
interface Takeover extends TakenOver {
	readonly intent: Intent;
	/** `tried`: the destination refused the new contact, or the run ended. `blockLost`: nothing is made; its block is told of. */
	state: 'open' | 'tried' | 'putBack' | 'blockLost';
}

/**
 * Records whose contact goes over to a record that has their address now and was never written before, where addresses are unique at the
 * source. Such a record may live on with its number alone, and its own change may have been delivered already: so it gets a contact of
 * its own, from what its contact held. When it left or was deleted, its trigger takes that one off the list as any other. Where the run
 * fails in between, the next delivery to this process does it: the contact itself tells of its former owner no more.
 *
 * Of any other record whose blocked contact goes over, where a contact keeps one key only, nothing tells later that it was blocked: so a
 * warning does.
 */
export class FormerOwners {
	private readonly takeovers: Takeover[] = [];

	constructor(private readonly batch: Batch) {
		for (const taken of batch.destination.takenOver?.values() ?? []) {
			const intent = batch.open.get(taken.taker);
			if (intent && taken.listId === batch.destination.listId) this.takeovers.push({ ...taken, intent, state: 'open' });
		}
	}

	/** Notes whose contact the write of an intent takes over. */
	note(intent: Intent, write: ContactWrite): void {
		const { batch } = this;
		const held = batch.heldOf(intent);
		if (!held) return;
		const hasLostIt = intent.uniqueEmails && isMember(held);
		// Where contacts keep one key only, that of a record whose block may be wanted later is gone.
		const losesBlock =
			batch.destination.names.otherKeys === undefined && held.optedOut && write.sourceKey !== undefined;
		if (!hasLostIt && !losesBlock) return;
		const { sourceKey = held.sourceKey, otherKeys = held.otherKeys } = write;
		const stay = keysOf({ sourceKey, otherKeys });
		const isLost = (key: string): boolean =>
			isContactKey(key) &&
			sameSource(key, intent.key) &&
			![intent.key, intent.convertedTo, ...intent.formerKeys, ...stay].includes(key) &&
			!this.isInBatch(key);
		const { listId } = batch.destination;
		for (const owner of keysOf(held).filter(isLost))
			if (!this.takeovers.some((one) => one.owner === owner))
				this.takeovers.push({
					intent,
					taker: intent.key,
					held,
					owner,
					listId,
					state: hasLostIt ? 'open' : 'blockLost',
				});
	}

	/** The contacts of their own, once everything else of the batch is written. */
	addSteps(steps: Steps): void {
		for (const takeover of this.takeovers) {
			if (takeover.state !== 'open' || !this.isTaken(takeover) || !this.canBePutBack(takeover)) continue;
			const { intent, held, owner } = takeover;
			const isMapped = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(intent.contact.attributes, name);
			const write: ContactWrite = {
				key: `${intent.key}#owner:${owner}`,
				kind: 'create',
				phone: held.phone,
				sourceKey: owner,
				attributes: Object.fromEntries(Object.entries(held.attributes).filter(isMapped)),
				joinList: true,
				block: held.optedOut,
				changes: {},
				warnings: [],
			};
			takeover.state = 'tried';
			steps.add({ intent, role: 'formerOwner', write });
		}
	}

	/** Takes over that a contact of its own was made. */
	made({ sourceKey }: ContactWrite): void {
		for (const takeover of this.takeovers) if (takeover.owner === sourceKey) takeover.state = 'putBack';
	}

	/** Adds a warning to each record that took a contact over: it names the record that had it. */
	finish(): void {
		const { results, destination } = this.batch;
		for (const takeover of this.takeovers) {
			const told = results.get(takeover.intent.key);
			if (!told || !this.isTaken(takeover) || this.isInBatch(takeover.owner)) continue;
			// By the run before, whose answer got lost.
			if (this.batch.state.byKey(takeover.owner) && takeover.state !== 'blockLost') takeover.state = 'putBack';
			const field = destination.names.sourceKey ?? destination.names.email;
			results.set(takeover.intent.key, { ...told, warnings: [...told.warnings, warningOf(takeover, field)] });
		}
	}

	/**
	 * Remembers what is left to do after a run that failed. What was done is forgotten, and so are records that are in the batch themselves,
	 * or were merged into others of it: what becomes of them is decided there.
	 */
	remember(hasFailed: boolean): void {
		const { destination, results, mergedAway } = this.batch;
		const nameOf = (owner: string): string => `${destination.listId ?? ''} ${owner}`;
		const decided = [...results.keys(), ...mergedAway, ...this.takeovers.map(({ owner }) => owner)];
		for (const owner of decided) destination.takenOver?.delete(nameOf(owner));
		for (const { intent: _intent, state, ...taken } of hasFailed ? this.takeovers : [])
			if (state !== 'putBack' && state !== 'blockLost' && !this.isInBatch(taken.owner))
				destination.takenOver?.set(nameOf(taken.owner), taken);
	}

	/** Whether the batch itself decides what becomes of a record. */
	private isInBatch(key: string): boolean {
		const { gone, mergedAway, open, results } = this.batch;
		return gone.has(key) || mergedAway.has(key) || open.has(key) || results.has(key);
	}

	private isTaken({ intent }: Takeover): boolean {
		const status = this.batch.results.get(intent.key)?.outcome.status;
		return status === 'updated' || status === 'unchanged';
	}

	/**
	 * Only a contact that was on the list, with a number that no other contact has by now. One that unsubscribed from the list would be
	 * put back on it, and a number whose text messages are blocked would lose that block with a contact that is made anew.
	 */
	private canBePutBack({ held, owner }: Takeover): boolean {
		const { destination, settings, state } = this.batch;
		const { mode = 'upsert' } = settings;
		const takesNew =
			!destination.required && destination.newOutsideSegment === undefined && destination.sharesEmails !== true;
		return (
			mode === 'upsert' &&
			takesNew &&
			destination.names.sourceKey !== undefined &&
			held.onList &&
			held.unsubscribedFromList !== true &&
			held.bulkWriteLosesBlock !== true &&
			held.phone !== undefined &&
			state.byPhone(held.phone) === undefined &&
			state.byKey(owner) === undefined &&
			!this.isInBatch(owner)
		);
	}
}

const CODES: Readonly<Record<Takeover['state'], ReasonCode>> = {
	open: 'FORMER_OWNER_LEFT',
	tried: 'FORMER_OWNER_LEFT',
	putBack: 'FORMER_OWNER_PUT_BACK',
	blockLost: 'FORMER_OWNER_BLOCKED',
};

function warningOf({ owner, state }: Takeover, field: string): Warning {
	const code = CODES[state];
	const what = state === 'blockLost' ? 'and is opted out' : 'which lost this address';
	return { field, code, message: withAdvice(`The contact was that of ${owner}, ${what}`, code) };
}
