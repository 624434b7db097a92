import type { Contact } from '../entities';

/** What contact search sees of a contact. */
export interface IndexedContact {
	readonly properties: Readonly<Record<string, string>>;
	readonly updatedAt: number;
	readonly archived: boolean;
}

/** A contact as search shows it. */
export type SeenContact = Pick<Contact, 'id' | 'createdAt' | 'updatedAt' | 'properties'>;

export function asIndexed(contact: Contact): IndexedContact {
	const { properties, updatedAt, archivedAt } = contact;
	return { properties, updatedAt, archived: archivedAt !== undefined };
}

/** Contact search lags behind: until `delayMs` have passed it shows a contact as it was, and new ones not at all. */
export class SearchIndex {
	private pending: Array<{ readonly visibleAt: number; readonly id: number; readonly view: IndexedContact }> = [];
	private readonly lagging = new Map<
		number,
		{ view: IndexedContact | undefined; waiting: number; visibleAt: number }
	>();

	constructor(
		private readonly now: () => number,
		private readonly delayMs: () => number,
	) {}

	/** Notes a change; `before` is undefined for a new contact. */
	changed(contact: Contact, before: IndexedContact | undefined): void {
		const delay = this.delayMs();
		const lag = this.lagging.get(contact.id);
		if (delay <= 0 && lag === undefined) return;
		// Never before an earlier change of the same contact, even if the delay was shortened meanwhile.
		const visibleAt = Math.max(this.now() + delay, lag?.visibleAt ?? 0);
		if (lag === undefined) this.lagging.set(contact.id, { view: before, waiting: 1, visibleAt });
		else Object.assign(lag, { waiting: lag.waiting + 1, visibleAt });
		this.pending.push({ visibleAt, id: contact.id, view: asIndexed(contact) });
	}

	/** Everything is indexed at once, as in an account that has been quiet for a while. */
	settle(): void {
		this.pending = [];
		this.lagging.clear();
	}

	/** What search sees of this contact now; undefined = archived, or not indexed yet. Call `catchUp` first. */
	seen(contact: Contact): SeenContact | undefined {
		const lag = this.lagging.get(contact.id);
		if (lag === undefined) return contact.archivedAt === undefined ? contact : undefined;
		if (lag.view === undefined || lag.view.archived) return undefined;
		const { properties, updatedAt } = lag.view;
		return { id: contact.id, createdAt: contact.createdAt, properties, updatedAt };
	}

	/** Takes over what has become visible by now. */
	catchUp(): void {
		const now = this.now();
		const due = this.pending.filter(({ visibleAt }) => visibleAt <= now);
		if (due.length === 0) return;
		this.pending = this.pending.filter(({ visibleAt }) => visibleAt > now);
		for (const { id, view } of due) {
			const lag = this.lagging.get(id);
			if (lag === undefined) continue;
			lag.view = view;
			lag.waiting -= 1;
			if (lag.waiting === 0) this.lagging.delete(id);
		}
	}
}
