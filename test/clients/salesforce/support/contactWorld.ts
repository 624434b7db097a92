import fc from 'fast-check';
import type { Scope } from '../../../../clients/salesforce/scope/scope';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { convertLead, merge } from '../../../../sandbox/salesforce/records/lifecycle';
import { HOUR_MS, MINUTE_MS } from './followedOrg';

/** What is read of each record. */
export const FIELDS = ['Email', 'FirstName', 'LastName', 'Newsletter__c'] as const;

type ObjectName = 'Contact' | 'Lead';
export type ScopeKind = Scope['kind'] | 'relativeDates';

const WEIGHTS = {
	add: 3,
	edit: 4,
	editAtOnce: 1,
	automated: 1,
	bulk: 1,
	moveScope: 4,
	optOut: 2,
	delete: 2,
	undelete: 1,
	purge: 1,
	merge: 2,
	convert: 2,
	convertInto: 1,
	commitLate: 2,
	editView: 1,
	fault: 1,
	expireLocators: 1,
	expireSessions: 1,
	kill: 1,
	wait: 2,
	poll: 10,
} as const;

type Kind = keyof typeof WEIGHTS;

/** What can happen between two polls; `pick` chooses among the records there are. */
const event = fc.oneof(
	...(Object.keys(WEIGHTS) as Kind[]).map((kind) => ({
		weight: WEIGHTS[kind],
		arbitrary: fc.record({ do: fc.constant(kind), pick: fc.nat(10_000) }),
	})),
);

/** Set-ups with what happens in them, kills and failing runs included. */
export const contactHistories = fc.record({
	object: fc.constantFrom<ObjectName>('Contact', 'Lead'),
	scope: fc.constantFrom<ScopeKind>('object', 'listView', 'campaign', 'conditions', 'relativeDates'),
	events: fc.array(event, { minLength: 5, maxLength: 45 }),
	settings: fc.record({
		maxPageSize: fc.constantFrom(3, 7, 2_000),
		pages: fc.constantFrom('full' as const, 'varying' as const),
		locatorRows: fc.constantFrom('snapshot' as const, 'live' as const),
		deleteMovesStamp: fc.constantFrom(true, true, false),
		subqueriesSeeDeleted: fc.boolean(),
		clockSkewMs: fc.constantFrom(0, HOUR_MS, -HOUR_MS),
	}),
	firstSync: fc.constantFrom('all' as const, 'all' as const, 'fromNow' as const),
	convertedLeads: fc.constantFrom('remove' as const, 'keep' as const),
	batchSize: fc.constantFrom(1, 4, 11, 1_000),
	fails: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
});

/** An organisation and what happens in it. */
export class ContactWorld {
	private count = 0;
	/** The filter of the list view, as the test understands it. */
	private byTitle = false;

	constructor(
		private readonly salesforce: RunningSalesforce,
		private readonly object: ObjectName,
		private readonly kind: ScopeKind,
		private readonly view: string,
	) {}

	private get store() {
		return this.salesforce.store;
	}

	get rows() {
		return [...this.store.table(this.object).rows.values()];
	}

	get live() {
		return this.rows.filter((row) => row['IsDeleted'] !== true && row['IsConverted'] !== true);
	}

	/** The scope, understood a second time. */
	isMember(row: (typeof this.rows)[number]): boolean {
		if (row['IsDeleted'] === true || row['IsConverted'] === true) return false;
		switch (this.kind) {
			case 'object':
				return true;
			case 'conditions':
				return row['Newsletter__c'] === true;
			case 'listView':
				return this.byTitle ? row['Title'] === 'VIP' : row['Newsletter__c'] === true;
			case 'relativeDates':
				return typeof row['EmailBouncedDate'] === 'number' && this.isRecent(row['EmailBouncedDate']);
			case 'campaign':
				return this.memberships(String(row['Id'])).length > 0;
		}
	}

	/** LAST_N_DAYS:3, which ends with today. */
	private isRecent(at: number): boolean {
		const day = 24 * HOUR_MS;
		const today = Math.floor(this.store.now() / day) * day;
		return at >= today - 3 * day && at < today + day;
	}

	private memberships(id: string) {
		const { newsletter } = this.salesforce.ids.campaigns;
		return this.store
			.table('CampaignMember')
			.having(`${this.object}Id`, id)
			.filter((row) => row['CampaignId'] === newsletter && row['IsDeleted'] === false);
	}

	play(kind: Kind, pick: number): void {
		const { store, object, live } = this;
		this.count += 1;
		const { count } = this;
		const row = live[pick % Math.max(1, live.length)];
		const id = row && String(row['Id']);
		switch (kind) {
			case 'add':
				this.add(pick, {});
				return;
			case 'commitLate':
				this.commitLate(pick, id);
				return;
			case 'undelete': {
				const deleted = this.rows.filter((one) => one['IsDeleted'] === true && one['MasterRecordId'] === null);
				const back = deleted[pick % Math.max(1, deleted.length)];
				if (back) store.undelete(object, String(back['Id']));
				return;
			}
			case 'purge': {
				const deleted = this.rows.filter((one) => one['IsDeleted'] === true);
				const gone = deleted[pick % Math.max(1, deleted.length)];
				if (gone) store.purge(String(gone['Id']));
				return;
			}
			case 'editView':
				if (this.kind !== 'listView') return;
				this.byTitle = !this.byTitle;
				this.salesforce.listViews.edit(this.view, { where: this.byTitle ? "Title = 'VIP'" : 'Newsletter__c = true' });
				return;
			case 'fault':
				this.salesforce.faults.next('*', { status: 503, times: 1 + (pick % 6) });
				return;
			case 'expireSessions':
				this.salesforce.sessions.expireAll();
				return;
			case 'wait':
				this.salesforce.clock.advance([20, 90, 600, 2_000, 40_000][pick % 5]! * 1_000);
				return;
			default:
				if (id !== undefined) this.playOn(kind, id, pick, count);
		}
	}

	private playOn(kind: Kind, id: string, pick: number, count: number): void {
		const { store, object, live } = this;
		switch (kind) {
			case 'edit':
				return void store.change(object, id, { FirstName: `First ${count}`, Email: `moved${count}@example.com` });
			case 'editAtOnce':
				store.change(object, id, { FirstName: `Early ${count}` });
				return void store.change(object, id, { FirstName: `Late ${count}` });
			case 'automated':
				return void store.change(object, id, { LastName: `Flow ${count}` }, { automated: true });
			case 'bulk': {
				const at = store.now();
				const some = live.filter((_, n) => (n + pick) % 3 > 0);
				return some.forEach(
					(row) => void store.change(object, String(row['Id']), { LastName: `Last ${count}` }, { at }),
				);
			}
			case 'moveScope':
				return this.moveScope(id, pick);
			case 'optOut':
				return void store.change(object, id, { HasOptedOutOfEmail: true });
			case 'delete':
				return live.length > 5 ? store.remove(object, id) : undefined;
			case 'merge': {
				const losers = live
					.filter((row, n) => String(row['Id']) !== id && (n + pick) % 5 === 0)
					.slice(0, 1 + (pick % 2));
				if (losers.length === 0 || live.length < 6) return;
				return merge(store, object, id, losers.map((row) => String(row['Id']))); // prettier-ignore
			}
			case 'convert':
				return object === 'Lead' && live.length > 5 ? void convertLead(store, id) : this.convertUnknownLead();
			case 'convertInto':
				return object === 'Contact' ? this.convertUnknownLead(id) : undefined;
			default:
				return undefined;
		}
	}

	private add(pick: number, options: { at?: number }): void {
		const { count, object } = this;
		const needed: Record<string, string> = object === 'Lead' ? { Company: 'Acme' } : {};
		const values = { LastName: `New ${count}`, Email: `new${count}@example.com`, Newsletter__c: pick % 3 > 0, HasOptedOutOfEmail: pick % 11 === 0, ...needed }; // prettier-ignore
		const row = this.store.insert(object, values, options);
		if (pick % 2 === 0 && options.at === undefined) this.moveScope(String(row['Id']), pick);
	}

	/** A long transaction: the stamp of now, visible later. A record that others wrote meanwhile was locked for them. */
	private commitLate(pick: number, id: string | undefined): void {
		const { store, object, count } = this;
		store.commitLate(1_000 + (pick % 14) * MINUTE_MS, (at) => {
			const row = id === undefined ? undefined : store.find(object, id);
			if (pick % 2 === 0) this.add(pick, { at });
			else if (row && row['IsDeleted'] !== true && row['IsConverted'] !== true && Number(row['SystemModstamp']) < store.stamp(at)) {
				store.change(object, String(row['Id']), { FirstName: `Delayed ${count}`, Newsletter__c: pick % 3 === 0 }, { at });
			}
		}); // prettier-ignore
	}

	private moveScope(id: string, pick: number): void {
		const { store, object } = this;
		const row = store.must(object, id);
		if (this.kind === 'campaign') {
			const [membership] = this.memberships(id);
			if (membership) store.remove('CampaignMember', String(membership['Id']));
			else
				store.insert('CampaignMember', { CampaignId: this.salesforce.ids.campaigns.newsletter, [`${object}Id`]: id });
		} else if (this.kind === 'relativeDates') {
			store.change(object, id, { EmailBouncedDate: store.stamp(store.now() - (pick % 5) * 24 * HOUR_MS) });
		} else if (pick % 2 === 0) store.change(object, id, { Newsletter__c: row['Newsletter__c'] !== true });
		else store.change(object, id, { Title: row['Title'] === 'VIP' ? null : 'VIP' });
	}

	/** A lead that no sync follows becomes a contact. */
	private convertUnknownLead(contactId?: string): void {
		const lead = this.store.insert('Lead', { LastName: `Lead ${this.count}`, Company: 'Acme', Newsletter__c: true });
		convertLead(this.store, String(lead['Id']), contactId === undefined ? {} : { contactId });
	}
}
