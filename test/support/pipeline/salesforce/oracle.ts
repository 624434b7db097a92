import { TECHNICAL_LIST } from '../../../../clients/brevo/destination/imports/technicalList';
import type { SalesforceObjectName } from '../../../../clients/salesforce/api/types';
import type { Contact as BrevoContact } from '../../../../sandbox/brevo/entities';
import type { Row } from '../../../../sandbox/salesforce';
import type { Wanted, WantedContact } from '../oracle';
import { contactsByKey, keysOf } from '../brevo/world';
import { fieldDifferences, numbersOf } from '../oracle';
import { readPhone } from '../readPhone';
import type { SalesforcePipeline, SalesforceWorkflow } from './pipeline';
import type { SalesforceWorld } from './world';
import type { Witness } from '../witness';

/**
 * What Brevo has to hold, worked out from Salesforce's store and the rules alone. Shares nothing with the code under test:
 * two readings of the rules have to agree.
 */

/** The mapping of `pipeline.ts`, once more by hand. SB-26: numbers have 6 to 16 digits and a country code. */
export function wantedOf(object: SalesforceObjectName, row: Row): Wanted {
	const blocked = row['HasOptedOutOfEmail'] === true;
	const email = textOf(row['Email'])?.toLowerCase();
	if (email && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) return 'malformed address';
	const { digits, unusable } = readPhone(textOf(row['Phone']));
	if (unusable && !blocked) return 'unusable number';
	if (!email && digits === undefined) return 'no identifier';
	const attributes: Record<string, string | number | boolean> = { IS_CUSTOMER: row['DoNotCall'] === true };
	const sources = object === 'Lead' ? { ANNUAL_REVENUE: 'AnnualRevenue', JOB_TITLE: 'Company' } : { ANNUAL_REVENUE: 'Loyalty_Points__c', BIRTHDAY: 'Birthdate' }; // prettier-ignore
	for (const [name, field] of Object.entries({ FIRSTNAME: 'FirstName', LASTNAME: 'LastName', ...sources })) {
		const value = row[field];
		if (typeof value === 'string' || typeof value === 'number') attributes[name] = value;
	}
	const numbers = numbersOf(textOf(row['MobilePhone']), textOf(row['Fax']));
	return { ...(email ? { email } : {}), ...(digits ? { phone: digits } : {}), numbers, attributes, blocked };
}

/** What the mapping of an object says nothing about stays as it is. */
const ATTRIBUTES_OF: Readonly<Record<SalesforceObjectName, readonly string[]>> = {
	Contact: ['FIRSTNAME', 'LASTNAME', 'IS_CUSTOMER', 'ANNUAL_REVENUE', 'BIRTHDAY'],
	Lead: ['FIRSTNAME', 'LASTNAME', 'IS_CUSTOMER', 'ANNUAL_REVENUE', 'JOB_TITLE'],
};

/** A member record, as Brevo should have it in the list of its workflow. */
interface Member {
	readonly object: SalesforceObjectName;
	readonly list: number;
	readonly key: string;
	readonly wanted: WantedContact;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How Brevo differs from what it has to hold, one line each; none when all is well. */
export function salesforceDifferences(
	pipeline: SalesforcePipeline,
	world: SalesforceWorld,
	witness: Witness,
): string[] {
	return new Comparison(pipeline, world, witness).differences();
}

class Comparison {
	private readonly found: string[] = [];
	private readonly byKey: (key: string) => BrevoContact | undefined;
	private readonly sharers: ReadonlyMap<string, readonly Member[]>;

	constructor(
		private readonly pipeline: SalesforcePipeline,
		private readonly world: SalesforceWorld,
		private readonly witness: Witness,
	) {
		this.byKey = contactsByKey(pipeline.brevo.store);
		this.sharers = this.membersByAddress();
	}

	differences(): string[] {
		const { pipeline, world, found } = this;
		for (const workflow of pipeline.workflows)
			for (const row of world.live(workflow.object)) this.compare(workflow, row);
		for (const contact of pipeline.brevo.store.contacts.values())
			for (const list of contact.listIds) this.explain(contact, list);
		for (const { kind, via, contactId } of pipeline.brevo.store.writes)
			if (kind === 'deleted' && via !== 'control') found.push(`Brevo ${contactId}: was deleted`);
		return found;
	}

	private compare({ object, list }: SalesforceWorkflow, row: Row): void {
		const { pipeline, world, witness } = this;
		const { store } = pipeline.brevo;
		const key = world.keyOf(object, String(row['Id']));
		const own = this.contactOf(key);
		const tell = (what: string): void => void this.found.push(`${key}: ${what}`);
		const optedOut = row['HasOptedOutOfEmail'] === true;
		if (optedOut && own && !own.emailBlocked) tell(`opted out, but Brevo ${own.id} is mailable`);
		if (!world.isMember(object, row)) return;
		const wanted = wantedOf(object, row);
		if (typeof wanted === 'string') {
			if (own?.listIds.has(list) && !witness.wasSynced(key)) tell(`on the list in spite of: ${wanted}`);
			if (!own?.emailBlocked && !optedOut && !witness.newest().get(key)?.startsWith('excluded'))
				tell(`is not told as excluded: ${wanted}`);
			return;
		}
		const holder = wanted.email === undefined ? undefined : store.owner('email', wanted.email);
		if (optedOut && holder && !holder.emailBlocked) tell(`opted out, but the address is mailable as ${holder.id}`);
		const sharers = this.sharers.get(wanted.email ?? '') ?? [];
		if (sharers.length > 1) return this.compareShared(sharers, key, list, tell);
		if (witness.wasRefused(key)) return;
		// Who deletes a contact in Brevo keeps it away until its record changes; meanwhile a lead that became the record may hand its own over.
		if (witness.wasDeleted(key)) return;
		if (own) for (const what of this.fieldsOf({ object, list, key, wanted }, own)) tell(`Brevo ${own.id} ${what}`);
		else tell('is not in Brevo');
	}

	/** Members of the account with one address: they are one contact, with the values of the one that was written last. */
	private membersByAddress(): ReadonlyMap<string, readonly Member[]> {
		const { pipeline, world } = this;
		const members = new Map<string, Member[]>();
		for (const { object, list } of pipeline.workflows)
			for (const row of world.live(object)) {
				const wanted = wantedOf(object, row);
				if (typeof wanted === 'string' || wanted.email === undefined || !world.isMember(object, row)) continue;
				const member = { object, list, wanted, key: world.keyOf(object, String(row['Id'])) };
				members.set(wanted.email, [...(members.get(wanted.email) ?? []), member]);
			}
		return members;
	}

	private compareShared(sharers: readonly Member[], key: string, list: number, tell: (what: string) => void): void {
		const { store } = this.pipeline.brevo;
		const [{ wanted } = { wanted: undefined }] = sharers;
		const held = store.owner('email', wanted?.email ?? '');
		const own = this.contactOf(key);
		if (!held) {
			// Another address was written in Brevo, or the contact deleted there.
			const excuses = own ? this.witness.excused(key, own.id) : new Set<string>();
			if (!excuses.has('email') && !sharers.some((one) => this.witness.wasDeleted(one.key))) tell('has no contact with its shared address'); // prettier-ignore
			return;
		}
		if (sharers.some((one) => one.wanted.blocked) && !held.emailBlocked)
			tell(`Brevo ${held.id} is mailable, but one of those who share it opted out`);
		// Its own contact stays where it was, as its outcome says, or was deleted in Brevo before another record took the address over.
		if (this.witness.wasRefused(key) || this.witness.wasDeleted(key)) return;
		const excused = this.witness.excused(key, held.id);
		if (!held.listIds.has(list) && !held.listsLeft.has(list) && !excused.has('list'))
			tell(`Brevo ${held.id} is not on the list that one of those who share it fills`);
		const found = sharers.map((one) => this.fieldsOf(one, held));
		if (found.every((differences) => differences.length > 0))
			tell(`Brevo ${held.id} is like none of those who share it: ${found.map((one) => one.join(', ')).join(' / ')}`);
	}

	/**
	 * Values of a record that had the same address, and went, was converted or gave the address up: nothing tells the sync of one object what becomes of a record
	 * of the other, nor does Salesforce tell a former address. They stay until this one changes (docs/salesforce-contact-trigger.md, Traps).
	 */
	private isWrittenForOther(key: string, { id, identifiers }: BrevoContact): boolean {
		const { world, witness } = this;
		const writtenFor = witness.recordOf(id) ?? key;
		if (!world.sharedAnAddress(key, writtenFor)) return false;
		const [, , object = '', record = ''] = writtenFor.split(':');
		const isOfOther = object !== key.split(':')[2];
		const row = this.pipeline.salesforce.store.find(object, record);
		const isKept = this.pipeline.setUp.convertedLeads === 'keep' && row?.['IsConverted'] === true;
		// It had another address by the time it went, so that was asked for, and not this one.
		const hasMoved = row !== undefined && textOf(row['Email']) !== identifiers.email;
		const isMember = row !== undefined && world.isMember(object as SalesforceObjectName, row);
		return isOfOther || isKept || hasMoved || isMember;
	}

	private fieldsOf({ object, list, key, wanted }: Member, own: BrevoContact): string[] {
		const { setUp } = this.pipeline;
		if (this.isWrittenForOther(key, own)) {
			const isOnList = own.listIds.has(list) || own.listsLeft.has(list);
			return isOnList || this.witness.excused(key, own.id).has('list') ? [] : ['is not on the list'];
		}
		// Two syncs whose lists both keep the person write one contact: the last one to poll after the conversion counts.
		if (setUp.convertedLeads === 'keep' && !setUp.oneList && this.comesFromLead(object, key.split(':')[3] ?? ''))
			return [];
		return fieldDifferences(list, wanted, own, this.witness.excused(key, own.id), ATTRIBUTES_OF[object]);
	}

	/** Why a contact is on a list: its record is a member, or still says so. */
	private explain(contact: BrevoContact, list: number): void {
		const { witness } = this;
		const keys = keysOf(contact).filter((key) => key.startsWith('salesforce:'));
		const tell = (what: string): void => void this.found.push(`Brevo ${contact.id} (${keys.join()}): ${what}`);
		if (witness.isLost(contact.id)) return;
		const records = keys.length > 0 ? keys : [witness.recordOf(contact.id) ?? []].flat();
		if (records.length === 0) {
			// Made by an import with an address that its contact lost in Brevo meanwhile (docs/decisions/brevo-imports.md).
			if (this.isTechnical(list)) return;
			return tell('is on the list and nobody knows why');
		}
		const unexplained = records.flatMap((record) => this.unexplained(record, list) ?? []);
		if (unexplained.length === records.length) tell(unexplained.join(' and '));
	}

	/** Why a record is no reason for its contact to be on a list; undefined where it is one. */
	private unexplained(record: string, list: number): string | undefined {
		const { pipeline, world } = this;
		const { store } = pipeline.salesforce;
		const [, , object = '', id = ''] = record.split(':');
		const workflow = pipeline.workflows.find((one) => one.object === object && one.list === list);
		const row = store.find(object, id);
		const isThere = (name: SalesforceObjectName, one: Row | undefined) =>
			one !== undefined && world.isMember(name, one);
		// A list that no workflow fills, named as one that nothing is sent to: a process that was killed may leave contacts on it.
		if (!workflow && this.isTechnical(list)) return undefined;
		if (workflow && isThere(workflow.object, row)) return undefined;
		if (workflow && this.isLeftOut(workflow.object, row)) return undefined;
		if (pipeline.setUp.convertedLeads === 'keep' && this.comesFromLead(object, id)) return undefined;
		// The contact of a converted lead may still carry the lead's key.
		const conversion = object === 'Lead' ? world.conversions.get(id) : undefined;
		if (conversion && pipeline.workflowOf('Contact')?.list === list) {
			const contactRow = store.find('Contact', conversion.contactId);
			if (isThere('Contact', contactRow) || this.isLeftOut('Contact', contactRow)) return undefined;
		}
		// The key waits for the sync of leads only until a batch comes twice; then a converted lead keeps its place on the list of leads.
		if (!pipeline.setUp.oneList && pipeline.redelivered && object === 'Contact' && this.comesFromLead(object, id))
			return undefined;
		return `is on list ${list}, but ${object} ${id} is no member`;
	}

	private isTechnical(list: number): boolean {
		return this.pipeline.brevo.store.lists.get(list)?.name === TECHNICAL_LIST;
	}

	private comesFromLead(object: string, id: string): boolean {
		if (object === 'Lead') return this.world.conversions.has(id);
		return [...this.world.conversions.values()].some(({ contactId }) => this.livesOnAs(contactId).includes(id));
	}

	/** A contact and those that it was merged into, one after the other. */
	private livesOnAs(contactId: string): readonly string[] {
		const master = this.pipeline.salesforce.store.find('Contact', contactId)?.['MasterRecordId'];
		return [contactId, ...(typeof master === 'string' ? this.livesOnAs(master) : [])];
	}

	/** Merged into a member that cannot be sent: what Brevo holds of that person stays as it is. */
	private isLeftOut(object: SalesforceObjectName, row: Row | undefined): boolean {
		let survivor = row;
		while (survivor && typeof survivor['MasterRecordId'] === 'string')
			survivor = this.pipeline.salesforce.store.find(object, survivor['MasterRecordId']);
		if (survivor === undefined || typeof wantedOf(object, survivor) !== 'string') return false;
		const isKept = this.pipeline.setUp.convertedLeads === 'keep' && survivor['IsConverted'] === true;
		return isKept || this.world.isMember(object, survivor);
	}

	/** By the key; else the contact that outcomes named, which carries the key of something else. */
	private contactOf(key: string): BrevoContact | undefined {
		const own = this.byKey(key);
		if (own) return own;
		const named = this.pipeline.brevo.store.contacts.get(this.witness.contactOf(key) ?? 0);
		const other = named?.identifiers.ext_id?.split(':')[2];
		return named && other !== key.split(':')[2] ? named : undefined;
	}
}
