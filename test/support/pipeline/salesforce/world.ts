import type { SalesforceObjectName } from '../../../../clients/salesforce/api/types';
import type { Row } from '../../../../sandbox/salesforce';
import { convertLead, merge } from '../../../../sandbox/salesforce/records/lifecycle';
import { happenInBrevo, isBrevoHappening } from '../brevo/world';
import type { SalesforcePipeline } from './pipeline';
import type { SourceView } from '../witness';

/** What can happen between two polls. `who` and `other` choose among the people there are. */
export interface SalesforceHappening {
	readonly do: SalesforceHappeningKind;
	readonly who: number;
	readonly other: number;
}

export const SALESFORCE_HAPPENINGS = [
	'rename',
	'revalue',
	'empty',
	'phone',
	'blankPhone',
	'badPhone',
	'email',
	'badEmail',
	'noEmail',
	'takeOver',
	'bulkEmails',
	'create',
	'createLate',
	'changeLate',
	'moveScope',
	'editView',
	'delete',
	'undelete',
	'purge',
	'merge',
	'convert',
	'convertInto',
	'optOut',
	'optIn',
	'unsubscribe',
	'leaveBrevoList',
	'expireSessions',
	'expireLocators',
] as const;
/** Addresses and numbers that records share, other tools, and people at work in Brevo. */
export const FURTHER_SALESFORCE_HAPPENINGS = [
	'shareAddress',
	'sharedPhone',
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
export type SalesforceHappeningKind =
	(typeof SALESFORCE_HAPPENINGS)[number] | (typeof FURTHER_SALESFORCE_HAPPENINGS)[number];

type Values = Readonly<Record<string, string | number | boolean | null>>;
const MINUTE_MS = 60_000;

/** A Salesforce and a Brevo in which things happen. What cannot happen (a merge of one record, say) does not. */
export class SalesforceWorld implements SourceView {
	/** Keys of records that were merged or converted, by the key of what they live on as. */
	private merged: Array<{ readonly into: string; readonly from: readonly string[] }> = [];
	/** Ids of contacts by that of the lead, with whether they were there before. */
	readonly conversions = new Map<string, { readonly contactId: string; readonly wasThere: boolean }>();
	/** Pairs of keys of records that have or had one address at the same time. */
	private readonly sharedAddress = new Set<string>();
	private count = 0;
	/** The list views show other people than at first. */
	private byTitle = false;

	constructor(private readonly pipeline: SalesforcePipeline) {}

	private get store() {
		return this.pipeline.salesforce.store;
	}

	merges(): ReadonlyArray<{ readonly into: string; readonly from: readonly string[] }> {
		return this.merged;
	}

	emailOf(key: string): string | null | undefined {
		const [, , object = '', id] = key.split(':');
		return this.store.find(object, id)?.['Email'] as string | null | undefined;
	}

	keyOf(object: SalesforceObjectName, id: string): string {
		return `salesforce:${this.store.organizationId}:${object}:${id}`;
	}

	/** Whether two records had one address at the same time. */
	sharedAnAddress(key: string, other: string): boolean {
		return this.sharedAddress.has(`${key} ${other}`);
	}

	private noteAddresses(): void {
		const rows = this.pipeline.setUp.objects.flatMap((object) =>
			this.live(object).map((row) => ({ key: this.keyOf(object, String(row['Id'])), email: row['Email'] })),
		);
		for (const { key, email } of rows)
			for (const other of rows)
				if (other.key !== key && other.email === email && typeof email === 'string')
					this.sharedAddress.add(`${key} ${other.key}`);
	}

	/** Live records, the oldest first; converted leads are none. */
	live(object: SalesforceObjectName): Row[] {
		return this.rows(object).filter((row) => row['IsDeleted'] !== true && row['IsConverted'] !== true);
	}

	/** The scope, understood a second time. */
	isMember(object: SalesforceObjectName, row: Row): boolean {
		if (row['IsDeleted'] === true || row['IsConverted'] === true) return false;
		switch (this.pipeline.setUp.scope) {
			case 'object':
				return true;
			case 'conditions':
				return row['Newsletter__c'] === true;
			case 'listView':
				return this.byTitle ? row['Title'] === 'VIP' : row['Newsletter__c'] === true;
			case 'campaign':
				return this.memberships(object, String(row['Id'])).length > 0;
		}
	}

	/** A new person. `isMember`: with everything that makes them one. */
	add(object: SalesforceObjectName, isMember = true, options: { at?: number } = {}): string {
		const n = ++this.count;
		const own: Values = object === 'Lead' ? { Company: `Acme ${n}`, AnnualRevenue: n } : { Birthdate: '1990-01-02', Loyalty_Points__c: n }; // prettier-ignore
		const values = {
			LastName: `Last${n}`,
			FirstName: `First${n}`,
			Email: `p${n}@x.example`,
			Phone: phoneOf(n),
			DoNotCall: n % 2 === 0,
			Newsletter__c: isMember,
			Title: isMember ? 'VIP' : null,
			...own,
		};
		const id = String(this.store.insert(object, values, options)['Id']);
		if (isMember) this.joinCampaign(object, id);
		return id;
	}

	change(object: SalesforceObjectName, id: string, values: Values): void {
		this.store.change(object, id, values);
	}

	/** Lets it happen. */
	happen(happening: SalesforceHappening): void {
		this.noteAddresses();
		this.perform(happening);
		this.noteAddresses();
	}

	private perform({ do: what, who, other }: SalesforceHappening): void {
		const { pipeline, store } = this;
		pipeline.salesforce.clock.advance(500);
		store.settle();
		const object = this.objectFor(what, who);
		const n = ++this.count;
		const id = this.find(object, who);
		if (isBrevoHappening(what)) {
			const key = id === undefined ? undefined : this.keyOf(object, id);
			// Its address is that of the contact that is made next.
			const wanted = { email: `p${n + 1}@x.example`, phone: SHARED_PHONE, landline: SHARED_LANDLINE, whatsApp: SHARED_WHATSAPP }; // prettier-ignore
			return happenInBrevo(pipeline, what, { key, other, n, wanted });
		}
		switch (what) {
			case 'create':
				return void this.add(object, other % 4 > 0);
			case 'createLate':
				return store.commitLate(1_000 + (other % 14) * MINUTE_MS, (at) => void this.add(object, other % 4 > 0, { at }));
			case 'undelete':
				return this.undelete(object, who);
			case 'purge': {
				const deleted = this.rows(object).filter((row) => row['IsDeleted'] === true);
				const gone = deleted[who % Math.max(1, deleted.length)];
				if (!gone) return;
				// Of a merge whose loser is gone for good nothing can be known any more.
				this.merged = this.merged.filter(({ from }) => !from.includes(this.keyOf(object, String(gone['Id']))));
				return store.purge(String(gone['Id']));
			}
			case 'editView': {
				if (pipeline.setUp.scope !== 'listView') return;
				this.byTitle = !this.byTitle;
				const where = this.byTitle ? "Title = 'VIP'" : 'Newsletter__c = true';
				return Object.values(pipeline.views).forEach((view) => pipeline.salesforce.listViews.edit(view, { where }));
			}
			case 'expireSessions':
				return pipeline.salesforce.sessions.expireAll();
			case 'expireLocators':
				return pipeline.workflows.forEach(({ follower }) => (follower.expireLocators = 1 + (who % 3)));
			default:
				if (id !== undefined) this.happenTo(object, id, what, other, n);
		}
	}

	private happenTo(
		object: SalesforceObjectName,
		id: string,
		what: SalesforceHappeningKind,
		other: number,
		n: number,
	): void {
		const { store } = this;
		const change = (values: Values): void => void store.change(object, id, values);
		switch (what) {
			case 'rename':
				return change({ FirstName: `First${n}` });
			case 'revalue':
				return change({ DoNotCall: n % 2 === 0, ...(object === 'Lead' ? { AnnualRevenue: n } : { Loyalty_Points__c: n }) }); // prettier-ignore
			case 'empty':
				return change(object === 'Lead' ? { FirstName: null, AnnualRevenue: null } : { Birthdate: null, Loyalty_Points__c: null }); // prettier-ignore
			case 'phone':
				return change({ Phone: phoneOf(100_000 + n) });
			case 'sharedPhone':
				return change({ Phone: SHARED_PHONE });
			case 'landline':
				return change({ Fax: phoneOf(200_000 + n) });
			case 'sharedLandline':
				return change({ Fax: SHARED_LANDLINE });
			case 'whatsApp':
				return change({ MobilePhone: phoneOf(300_000 + n) });
			case 'sharedWhatsApp':
				return change({ MobilePhone: SHARED_WHATSAPP });
			case 'noNumbers':
				return change({ Fax: null, MobilePhone: null });
			case 'shareAddress':
				return this.shareAddress(object, id, other);
			case 'blankPhone':
				return change({ Phone: null });
			case 'badPhone':
				return change({ Phone: '12345' });
			case 'email':
				return change({ Email: `moved${n}@x.example` });
			case 'badEmail':
				return change({ Email: `no.at${n}.example` });
			case 'noEmail':
				return change({ Email: null });
			case 'bulkEmails': {
				const at = store.now();
				return this.live(object).forEach((row, index) => void store.change(object, String(row['Id']), { Email: `bulk${n}.${index}@x.example` }, { at })); // prettier-ignore
			}
			case 'takeOver':
				return this.takeOver(object, id, other, n);
			case 'changeLate':
				return this.changeLate(object, id, other, n);
			case 'moveScope':
				return this.moveScope(object, id);
			case 'delete':
				return store.remove(object, id);
			case 'merge': {
				const loser = this.find(object, other, id);
				if (loser === undefined) return;
				merge(store, object, id, [loser]);
				return void this.merged.push({ into: this.keyOf(object, id), from: [this.keyOf(object, id), this.keyOf(object, loser)] }); // prettier-ignore
			}
			case 'convert':
			case 'convertInto':
				return void this.convert(id, what === 'convertInto' ? this.find('Contact', other) : undefined);
			case 'optOut':
			case 'optIn':
				return change({ HasOptedOutOfEmail: what === 'optOut' });
			default:
		}
	}

	/** The object something happens to: leads are converted, and most of it happens to who is followed. */
	private objectFor(what: SalesforceHappeningKind, who: number): SalesforceObjectName {
		const { objects } = this.pipeline.setUp;
		if (what === 'convert' || what === 'convertInto') return 'Lead';
		return objects[Math.floor(who / 7) % objects.length] ?? 'Contact';
	}

	convert(id: string, contactId?: string): string {
		const made = convertLead(this.store, id, contactId === undefined ? {} : { contactId });
		this.conversions.set(id, { contactId: made.contactId, wasThere: contactId !== undefined });
		// A contact that was there keeps what it is: only a new one is the person of the lead.
		if (contactId === undefined) this.merged.push({ into: this.keyOf('Contact', made.contactId), from: [this.keyOf('Lead', id)] }); // prettier-ignore
		return made.contactId;
	}

	/** A long transaction: the stamp of now, visible later. A record that others wrote meanwhile was locked for them. */
	private changeLate(object: SalesforceObjectName, id: string, other: number, n: number): void {
		const { store } = this;
		store.commitLate(1_000 + (other % 14) * MINUTE_MS, (at) => {
			const row = store.find(object, id);
			if (!row || row['IsDeleted'] === true || row['IsConverted'] === true) return;
			if (Number(row['SystemModstamp']) < store.stamp(at)) store.change(object, id, { FirstName: `Late${n}` }, { at });
		});
	}

	private moveScope(object: SalesforceObjectName, id: string): void {
		const { store } = this;
		const row = store.must(object, id);
		const [membership] = this.memberships(object, id);
		if (this.pipeline.setUp.scope !== 'campaign')
			store.change(object, id, this.byTitle ? { Title: row['Title'] === 'VIP' ? null : 'VIP' } : { Newsletter__c: row['Newsletter__c'] !== true }); // prettier-ignore
		else if (membership) store.remove('CampaignMember', String(membership['Id']));
		else this.joinCampaign(object, id);
	}

	private joinCampaign(object: SalesforceObjectName, id: string): void {
		if (this.pipeline.setUp.scope !== 'campaign') return;
		this.store.insert('CampaignMember', { CampaignId: this.pipeline.salesforce.ids.campaigns.newsletter, [`${object}Id`]: id }); // prettier-ignore
	}

	/** One moves on to a new address, another one takes the old one over. */
	private takeOver(object: SalesforceObjectName, id: string, other: number, n: number): void {
		const { store } = this;
		const email = store.must(object, id)['Email'];
		const second = this.find(object, other, id);
		if (second === undefined || typeof email !== 'string') return;
		store.change(object, id, { Email: `between${n}@x.example` });
		this.pipeline.salesforce.clock.advance(1_000);
		store.change(object, second, { Email: email });
	}

	/** Takes on the address of another record of either object, which keeps it. */
	private shareAddress(object: SalesforceObjectName, id: string, other: number): void {
		const { objects } = this.pipeline.setUp;
		const of = objects[other % objects.length] ?? object;
		const second = this.find(of, other, id);
		const email = second === undefined ? null : this.store.must(of, second)['Email'];
		if (typeof email === 'string') this.store.change(object, id, { Email: email });
	}

	private undelete(object: SalesforceObjectName, who: number): void {
		const deleted = this.rows(object).filter((row) => row['IsDeleted'] === true && row['MasterRecordId'] === null);
		const back = deleted[who % Math.max(1, deleted.length)];
		if (!back || this.live(object).some((row) => row['Email'] === back['Email'])) return;
		this.store.undelete(object, String(back['Id']));
	}

	private rows(object: SalesforceObjectName): Row[] {
		return [...this.store.table(object).rows.values()];
	}

	private memberships(object: SalesforceObjectName, id: string): Row[] {
		const { newsletter } = this.pipeline.salesforce.ids.campaigns;
		return this.store
			.table('CampaignMember')
			.having(`${object}Id`, id)
			.filter((row) => row['CampaignId'] === newsletter && row['IsDeleted'] === false);
	}

	private find(object: SalesforceObjectName, who: number, except?: string): string | undefined {
		const ids = this.live(object)
			.map((row) => String(row['Id']))
			.filter((id) => id !== except);
		return ids[who % Math.max(1, ids.length)];
	}
}

/** A valid German mobile number of its own for each `n`. */
const phoneOf = (n: number): string => `+49151${String(10_000_000 + n)}`;

const SHARED_PHONE = phoneOf(99_999);
const SHARED_LANDLINE = phoneOf(99_998);
const SHARED_WHATSAPP = phoneOf(99_997);
