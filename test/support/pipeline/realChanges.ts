import type { WantedContact } from './oracle';
import { wantedOf } from './oracle';
import type { Pipeline } from './pipeline';
import type { World } from './world';
import { HUBSPOT_LIST } from './world';

/** What Brevo should hold of one record. */
interface Desired {
	readonly onList: boolean;
	readonly blocked: boolean;
	readonly contact: WantedContact;
}

/**
 * Counts real changes: a record whose desired Brevo state differs from the one before, once per poll. That is how many
 * contact writes a sync needs that wastes none.
 */
export class RealChanges {
	count = 0;
	private readonly states = new Map<number, Desired>();
	private merges = 0;

	constructor(
		private readonly pipeline: Pipeline,
		private readonly world: World,
	) {}

	/** To be called before a poll, with the records something happened to since the one before. */
	note(ids: Iterable<number>): void {
		const touched = new Set(ids);
		this.takeMerges(touched);
		for (const id of touched) {
			const before = this.states.get(id);
			const now = this.desired(id, before);
			if (now === undefined || JSON.stringify(now) === JSON.stringify(before)) continue;
			this.states.set(id, now);
			this.count += 1;
		}
	}

	/** One contact goes on with the new record's key, the other one leaves the list. */
	private takeMerges(touched: Set<number>): void {
		const { merged: merges } = this.world;
		for (; this.merges < merges.length; this.merges++) {
			const { into, from } = merges[this.merges] as (typeof merges)[number];
			const heir = from.find((id) => this.states.has(id));
			touched.add(into);
			if (heir === undefined || heir === into) continue;
			this.states.set(into, { ...(this.states.get(heir) as Desired), onList: false });
			this.states.delete(heir);
		}
	}

	private desired(id: number, before: Desired | undefined): Desired | undefined {
		const { store } = this.pipeline.hubspot;
		const contact = store.contacts.contacts.get(id);
		const lives = contact !== undefined && contact.archivedAt === undefined;
		const optedOut = lives && contact.properties.hs_email_optout === 'true';
		const blocked = optedOut || before?.blocked === true;
		if (!lives || !store.list(HUBSPOT_LIST).members.has(id)) return before && { ...before, onList: false, blocked };
		const wanted = wantedOf(contact);
		if (typeof wanted === 'string') return before && { ...before, blocked };
		return { onList: true, blocked, contact: { ...wanted, blocked } };
	}
}
