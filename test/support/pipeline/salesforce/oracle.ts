import type { SalesforceObjectName } from '../../../../clients/salesforce/api/types';
import type { Contact as BrevoContact } from '../../../../sandbox/brevo/entities';
import type { Row } from '../../../../sandbox/salesforce';
import type { Wanted, WantedContact } from '../oracle';
import { fieldDifferences, readPhone } from '../oracle';
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
	return { ...(email ? { email } : {}), ...(digits ? { phone: digits } : {}), attributes, blocked };
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

	constructor(
		private readonly pipeline: SalesforcePipeline,
		private readonly world: SalesforceWorld,
		private readonly witness: Witness,
	) {}

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
		if (witness.wasRefused(key)) return;
		if (!own) return tell('is not in Brevo');
		for (const what of this.fieldsOf(list, wanted, own, key)) tell(`Brevo ${own.id} ${what}`);
	}

	private fieldsOf(list: number, wanted: WantedContact, own: BrevoContact, key: string): string[] {
		const { setUp } = this.pipeline;
		const [, , object = '', id = ''] = key.split(':');
		// Two syncs whose lists both keep the person write one contact: the last one to poll after the conversion counts.
		if (setUp.convertedLeads === 'keep' && !setUp.oneList && this.comesFromLead(object, id)) return [];
		return fieldDifferences(list, wanted, own, this.witness.sharesNumber(key));
	}

	/** Why a contact is on a list: somebody who is a member, or whose record still says so. */
	private explain(contact: BrevoContact, list: number): void {
		const { pipeline, world, witness } = this;
		const { store } = pipeline.salesforce;
		const key = contact.identifiers.ext_id;
		const tell = (what: string): void => void this.found.push(`Brevo ${contact.id} (${key}): ${what}`);
		const record = key?.startsWith('salesforce:') ? key : witness.recordOf(contact.id);
		if (record === undefined) return tell('is on the list and nobody knows why');
		const [, , object = '', id = ''] = record.split(':');
		const workflow = pipeline.workflows.find((one) => one.object === object && one.list === list);
		const row = store.find(object, id);
		const isThere = (name: SalesforceObjectName, one: Row | undefined) =>
			one !== undefined && world.isMember(name, one);
		// A list that no workflow fills, named as one that nothing is sent to: a process that was killed may leave contacts on it.
		if (!workflow && /never send to it/.test(pipeline.brevo.store.lists.get(list)?.name ?? '')) return;
		if (workflow && isThere(workflow.object, row)) return;
		if (workflow && this.isLeftOut(workflow.object, row)) return;
		if (pipeline.setUp.convertedLeads === 'keep' && this.comesFromLead(object, id)) return;
		// Somebody who is the contact of a converted lead may still carry the lead's key.
		const conversion = object === 'Lead' ? world.conversions.get(id) : undefined;
		if (conversion && pipeline.workflowOf('Contact')?.list === list) {
			const contactRow = store.find('Contact', conversion.contactId);
			if (isThere('Contact', contactRow) || this.isLeftOut('Contact', contactRow)) return;
		}
		// The key waits for the sync of leads only until a batch comes twice; then a converted lead keeps its place on the list of leads.
		if (!pipeline.setUp.oneList && pipeline.redelivered && object === 'Contact' && this.comesFromLead(object, id))
			return;
		tell(`is on list ${list}, but ${object} ${id} is no member`);
	}

	private comesFromLead(object: string, id: string): boolean {
		if (object === 'Lead') return this.world.conversions.has(id);
		return [...this.world.conversions.values()].some(({ contactId }) => contactId === id);
	}

	/** Merged into a member that cannot be sent: what Brevo holds of that person stays as it is. */
	private isLeftOut(object: SalesforceObjectName, row: Row | undefined): boolean {
		let survivor = row;
		while (survivor && typeof survivor['MasterRecordId'] === 'string')
			survivor = this.pipeline.salesforce.store.find(object, survivor['MasterRecordId']);
		return (
			survivor !== undefined && this.world.isMember(object, survivor) && typeof wantedOf(object, survivor) === 'string'
		);
	}

	/** By the key; else the contact that outcomes named, which carries the key of something else. */
	private contactOf(key: string): BrevoContact | undefined {
		const { store } = this.pipeline.brevo;
		const own = store.owner('ext_id', key);
		if (own) return own;
		const named = store.contacts.get(this.witness.contactOf(key) ?? 0);
		const other = named?.identifiers.ext_id?.split(':')[2];
		return named && other !== key.split(':')[2] ? named : undefined;
	}
}
