import type { Batch, Steps } from './batch';
import type { Intent } from './collapse';
import type { HeldContact } from '../destination';
import { keysOf, keysToWrite, keyToWrite, sameSource, sharersOf } from '../keys';
import { besideWrite } from './planContact';

/** A contact that got a stand-in address. `held` as it was read. */
interface Parked {
	readonly held: HeldContact;
	readonly standIn: string;
	/** Whose contact it is, when that one goes on to an address of its own. */
	readonly owner?: Intent;
	readonly by: Intent;
}

/**
 * Moves contacts out of each other's way: one of a ring (A takes B's address and B takes A's) gets a stand-in address
 * until its own is free. When the run ends in between, the next delivery finds it by its key and gives it its address.
 */
export class Parking {
	private readonly parked = new Map<string, Parked>();

	constructor(private readonly batch: Batch) {}

	/** Breaks every ring of contacts that wait for each other; `waits` says by key for whose address. */
	breakRings(waits: ReadonlyMap<string, Intent>, steps: Steps): void {
		for (const ring of ringsIn(waits, this.batch.open)) {
			const movable = ring.filter((intent) => this.isFoundAgain(intent));
			// Rather one without a block: a change of address may take it off, and it would have to be set again.
			const chosen = movable.find((intent) => this.batch.currentOf(intent)?.optedOut !== true) ?? movable[0];
			const held = chosen && this.batch.heldOf(chosen);
			if (held) this.park(held, chosen, chosen, steps);
		}
	}

	canBreak(ring: readonly Intent[]): boolean {
		return this.batch.destination.standInEmail !== undefined && ring.some((intent) => this.isFoundAgain(intent));
	}

	/** Moves a contact aside whose address `intent` needs, see `mayGiveWay`. */
	moveAside(held: HeldContact, intent: Intent, steps: Steps): void {
		this.park(held, undefined, intent, steps);
	}

	/**
	 * Whether a contact that no intent of the batch needs any more may lose its address to `intent`: it was made from a record that
	 * was merged into this one, or its person has left, and it is not mailed on the list.
	 */
	mayGiveWay(holder: HeldContact, intent: Intent): boolean {
		const { batch } = this;
		if (!batch.destination.standInEmail || this.parked.has(holder.id)) return false;
		const keys = keysOf(holder);
		if (keys.length === 0 || sharersOf(holder, intent, batch.gone).length > 0) return false;
		const owner = batch.owners.get(holder.id);
		if (owner && !owner.leaving) return false;
		if (holder.onList && batch.settings.leavers === 'keep') return false;
		const isMerged = keys.some((key) => intent.formerKeys.includes(key));
		return isMerged || (owner !== undefined && !holder.onList && keys.some((key) => sameSource(key, owner.key)));
	}

	/** Gives back the addresses of contacts that were moved aside for nothing; only ever once. */
	addStepsBack(steps: Steps): void {
		const { state, destination } = this.batch;
		for (const { held, standIn, owner, by } of this.parked.values()) {
			const now = state.current(held);
			const wanted = [owner?.contact.email, held.email].find((email) => email !== undefined && !state.byEmail(email));
			if (now.email !== standIn || wanted === undefined) continue;
			const write = besideWrite(`${by.key}#back:${held.id}`, now, destination, { email: wanted });
			steps.add({ intent: by, role: 'beside', write });
		}
		this.parked.clear();
	}

	private park(held: HeldContact, owner: Intent | undefined, by: Intent, steps: Steps): void {
		const { batch } = this;
		const now = batch.state.current(held);
		const standIn = batch.destination.standInEmail?.(now);
		if (standIn === undefined) return;
		const write = besideWrite(`${by.key}#aside:${held.id}`, now, batch.destination, {
			email: standIn,
			...(owner ? keysToWrite(owner, now, batch.gone, batch.destination.names.otherKeys !== undefined) : {}),
			block: owner !== undefined && batch.wantsBlock(owner),
		});
		if (steps.add({ intent: by, role: 'beside', write })) this.parked.set(held.id, { held, standIn, owner, by });
	}

	/** By its key, should the run end before it has its address. */
	private isFoundAgain(intent: Intent): boolean {
		const now = this.batch.currentOf(intent);
		if (!now) return false;
		const canKeep = this.batch.destination.names.otherKeys !== undefined || keyToWrite(intent, now) !== undefined;
		return keysOf(now).includes(intent.key) || canKeep;
	}
}

/** Rings of intents that wait for each other. One that waits for a ring without being part of it is left out. */
function ringsIn(waits: ReadonlyMap<string, Intent>, intents: ReadonlyMap<string, Intent>): Intent[][] {
	const rings: Intent[][] = [];
	const seen = new Set<string>();
	for (const start of waits.keys()) {
		const path: string[] = [];
		let key: string | undefined = start;
		while (key !== undefined && !seen.has(key)) {
			seen.add(key);
			path.push(key);
			key = waits.get(key)?.key;
		}
		if (key === undefined || !path.includes(key)) continue;
		rings.push(path.slice(path.indexOf(key)).flatMap((member) => intents.get(member) ?? []));
	}
	return rings;
}
