import type { BrevoHappening } from './brevo/world';
import { happenInBrevo, isBrevoHappening } from './brevo/world';
import type { Pipeline } from './pipeline';
import type { SourceView } from './witness';

/** What can happen in the two systems between two polls. `who` and `other` choose among the people there are. */
export interface Happening {
	readonly do: HappeningKind;
	readonly who: number;
	readonly other: number;
}

export const HAPPENINGS = [
	'rename',
	'revalue',
	'empty',
	'phone',
	'badPhone',
	'sharedPhone',
	'email',
	'badEmail',
	'noEmail',
	'swap',
	'takeOver',
	'view',
	'create',
	'join',
	'leave',
	'leaveAndJoin',
	'delete',
	'restore',
	'merge',
	'optOut',
	'optIn',
	'unsubscribe',
	'leaveBrevoList',
	'editFilters',
	'expireCursors',
] as const;
/** Numbers that contacts share, other tools, and people at work in Brevo. */
export const FURTHER_HAPPENINGS = [
	'landline',
	'sharedLandline',
	'whatsApp',
	'sharedWhatsApp',
	'noNumbers',
	'foreignId',
	'stranger',
	'editInBrevo',
	'deleteInBrevo',
	'failImport',
] as const;
export type HappeningKind = (typeof HAPPENINGS)[number] | (typeof FURTHER_HAPPENINGS)[number];

const STAGES = ['subscriber', 'lead', 'customer', 'other'];

/** The list every history is about. */
export const HUBSPOT_LIST = '101';

/** A HubSpot and a Brevo in which things happen. What cannot happen (a second merge of one record, say) does not. */
export class World implements SourceView {
	/** Record ids in the order in which they were made. */
	readonly people: number[];
	/** Pairs of records, by the record they were merged into. */
	readonly merged: Array<{ readonly into: number; readonly from: readonly number[] }> = [];
	private count = 0;

	constructor(private readonly pipeline: Pipeline) {
		this.people = [...this.store.contacts.contacts.keys()];
	}

	private get store() {
		return this.pipeline.hubspot.store;
	}

	merges(): ReadonlyArray<{ readonly into: string; readonly from: readonly string[] }> {
		const key = (id: number): string => keyOf(this.pipeline, id);
		return this.merged.map(({ into, from }) => ({ into: key(into), from: from.map(key) }));
	}

	emailOf(key: string): string | undefined {
		return this.store.contacts.contacts.get(Number(key.split(':').at(-1)))?.properties.email;
	}

	/** A new person, in the list or not. */
	add(isMember = true): number {
		const n = ++this.count;
		const id = this.store.addContact(
			{
				email: `p${n}@x.example`,
				firstname: `First${n}`,
				lastname: 'Last',
				phone: phoneOf(n),
				lifecyclestage: STAGES[n % 4] as string,
				vip: n % 2 === 0,
				birthday: '1990-01-02',
				loyalty_points: n,
			},
			isMember ? [HUBSPOT_LIST] : [],
		);
		this.people.push(Number(id));
		return Number(id);
	}

	/** Lets it happen; returns the ids of the records it was about. */
	happen({ do: what, who, other }: Happening): readonly number[] {
		this.pipeline.hubspot.clock.advance(500);
		const { store } = this;
		const n = ++this.count;
		const id = this.find(who, (one) => this.lives(one));
		if (isBrevoHappening(what)) {
			// A removal may wait for the next walk through the list. As for changes of address, see `happenInBrevo`.
			if (what === 'foreignId' && id !== undefined && !this.isMember(id)) return [];
			const key = id === undefined ? undefined : keyOf(this.pipeline, id);
			// Its address is that of the contact that is made next.
			const wanted = {
				email: `p${n + 1}@x.example`,
				phone: SHARED_PHONE,
				landline: SHARED_LANDLINE,
				whatsApp: SHARED_WHATSAPP,
			};
			happenInBrevo(this.pipeline, what, { key, other, n, wanted });
			return [];
		}
		switch (what) {
			case 'create':
				return [this.add(other % 4 > 0)];
			case 'restore':
				return this.restore(who);
			case 'editFilters':
				if (store.list(HUBSPOT_LIST).processingType === 'DYNAMIC') store.lists.editFilters(Number(HUBSPOT_LIST));
				return [];
			case 'expireCursors':
				store.lists.cursorGeneration++;
				return [];
			case 'join': {
				const joining = this.find(who, (one) => this.lives(one) && !this.isMember(one));
				if (joining === undefined) return [];
				store.addToList(HUBSPOT_LIST, [joining]);
				return [joining];
			}
			case 'leave':
			case 'leaveAndJoin': {
				const leaving = this.find(who, (one) => this.isMember(one));
				if (leaving === undefined) return [];
				store.removeFromList(HUBSPOT_LIST, [leaving]);
				this.pipeline.hubspot.clock.advance(500);
				if (what === 'leaveAndJoin') store.addToList(HUBSPOT_LIST, [leaving]);
				return [leaving];
			}
			default:
				return id === undefined ? [] : this.happenTo(id, what, other, n);
		}
	}

	isMember(id: number): boolean {
		return this.store.list(HUBSPOT_LIST).members.has(id);
	}

	lives(id: number): boolean {
		const contact = this.store.contacts.contacts.get(id);
		return contact !== undefined && contact.archivedAt === undefined;
	}

	private happenTo(
		id: number,
		what: Exclude<
			HappeningKind,
			BrevoHappening | 'create' | 'restore' | 'editFilters' | 'expireCursors' | 'join' | 'leave' | 'leaveAndJoin'
		>,
		other: number,
		n: number,
	): readonly number[] {
		const { store } = this;
		const change = (values: Parameters<typeof store.changeContact>[1]): readonly number[] => {
			store.changeContact(id, values);
			return [id];
		};
		switch (what) {
			case 'rename':
				return change({ firstname: `First${n}` });
			case 'revalue':
				return change({
					loyalty_points: n,
					vip: n % 2 === 0,
					lifecyclestage: STAGES[other % 4] as string,
					birthday: `1990-02-${String(1 + (n % 28)).padStart(2, '0')}`,
				});
			case 'empty':
				return change(other % 2 ? { lastname: '', birthday: '' } : { loyalty_points: '', lifecyclestage: '' });
			case 'phone':
				return change({ phone: phoneOf(100_000 + n) });
			case 'badPhone':
				return change({ phone: '12345' });
			case 'sharedPhone':
				return change({ phone: SHARED_PHONE });
			case 'landline':
				return change({ fax: phoneOf(200_000 + n) });
			case 'sharedLandline':
				return change({ fax: SHARED_LANDLINE });
			case 'whatsApp':
				return change({ mobilephone: phoneOf(300_000 + n) });
			case 'sharedWhatsApp':
				return change({ mobilephone: SHARED_WHATSAPP });
			case 'noNumbers':
				return change({ fax: '', mobilephone: '' });
			case 'email':
				return change({ email: `moved${n}@x.example` });
			case 'badEmail':
				return change({ email: `no.at${n}.example` });
			case 'noEmail':
				return change({ email: '' });
			case 'swap':
			case 'takeOver':
				return this.exchange(id, other, what, n);
			case 'view':
				store.pageView(id);
				return [];
			case 'delete':
				store.archive(id);
				return [id];
			case 'merge': {
				const loser = this.find(other, (one) => one !== id && this.lives(one));
				if (loser === undefined) return [];
				const into = Number(store.merge(id, loser));
				if (!this.people.includes(into)) this.people.push(into);
				this.merged.push({ into, from: [id, loser] });
				return [id, loser, into];
			}
			case 'optOut':
			case 'optIn':
				store.optOut(id, what === 'optOut');
				return [id];
		}
	}

	/** Two people exchange their addresses, or one gets a new one and the other takes the old one over. */
	private exchange(id: number, other: number, what: 'swap' | 'takeOver', n: number): readonly number[] {
		const { store } = this;
		const own = store.contact(id).properties.email;
		const second = this.find(other, (one) => one !== id && this.lives(one) && !!store.contact(one).properties.email);
		if (second === undefined || !own) return [];
		const theirs = store.contact(second).properties.email as string;
		store.changeContact(id, { email: `between${n}@x.example` });
		this.pipeline.hubspot.clock.advance(500);
		store.changeContact(second, { email: own });
		this.pipeline.hubspot.clock.advance(500);
		if (what === 'swap') store.changeContact(id, { email: theirs });
		return [id, second];
	}

	private restore(who: number): readonly number[] {
		const { contacts } = this.store;
		const id = this.find(who, (one) => {
			const contact = contacts.contacts.get(one);
			if (contact?.archivedAt === undefined || contact.mergedInto !== undefined) return false;
			const { email } = contact.properties;
			return email === undefined || contacts.holderOf(email) === undefined;
		});
		if (id === undefined) return [];
		this.store.restoreContact(id);
		if (who % 2) this.store.addToList(HUBSPOT_LIST, [id]);
		return [id];
	}

	/** The first fitting person from position `who` on, of those near it. */
	private find(who: number, fits: (id: number) => boolean): number | undefined {
		const { people } = this;
		for (let step = 0; step < Math.min(people.length, 200); step++) {
			const id = people[(who + step) % people.length];
			if (id !== undefined && fits(id)) return id;
		}
		return undefined;
	}
}

/** A valid German mobile number of its own for each `n`. */
const phoneOf = (n: number): string => `+49151${String(10_000_000 + n)}`;

const SHARED_PHONE = phoneOf(99_999);
const SHARED_LANDLINE = phoneOf(99_998);
const SHARED_WHATSAPP = phoneOf(99_997);

/** The key of a record as it stands in Brevo. */
export const keyOf = ({ hubspot }: Pipeline, id: number | string): string =>
	`hubspot:${hubspot.settings.portalId}:contact:${id}`;
