import { contactKey } from '../../../../core/contact/contact';
import { addressForm, otherSpellings } from '../../../../core/contact/email';
import { textOf } from '../../../../core/json';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { HeldContact, Identifiers } from '../../../../core/upsert/destination';
import { idQueries, readAll } from '../../api/readAll';
import { idOf } from '../../api/fields/recordFields';
import { fullId } from '../../api/fields/recordIds';
import type { PlannedQuery, SalesforceClient } from '../../api/salesforceClient';
import type { SalesforceRecord } from '../../api/types';
import { isSalesforceId } from '../../api/types';
import { allOf, select, soqlText } from '../../soql/buildSoql';
import type { PersonAccounts } from './personAccounts';
import type { RecordForm } from './toHeldRecord';
import { ACCOUNT_FIELD, CREATED_FIELD, fieldsToRead, toHeldRecord } from './toHeldRecord';
import { EMAIL } from '../toDestinationFields';

/** A record that was found, and under what. */
export interface FoundRecord {
	/** Absent: a converted lead whose contact is gone, or not shown to the user. */
	readonly held?: HeldContact;
	/** The addresses it is found by: of a converted lead that of the lead and that of its contact. */
	readonly emails: readonly string[];
	/** The keys it is found by. */
	readonly keys: readonly string[];
	/** Of a lead that was converted: its id. `held` is the contact it became (S7). */
	readonly convertedLead?: string;
	/** For the order of several: ISO 8601 texts of one form. */
	readonly createdAt: string;
}

export interface FinderSettings {
	readonly form: RecordForm;
	/** Form of the contacts that converted leads became; asked for when there is one. Undefined: the user may see no contacts. */
	contactForm(): Promise<Result<RecordForm | undefined>>;
	readonly people: PersonAccounts;
	/** Id of the organisation, for records of other systems that are linked to one of its own. */
	readonly organisationId: string;
	/** The campaign whose members are told apart; absent: none. */
	readonly campaignId?: string;
}

const READING = 'reading the records of the contacts';
export const CONTACT_PREFIX = '003';

/** Finds records by keys and addresses, and learns what writes need to know of them. */
export class RecordFinder {
	/** Ids of campaign members by the id of the contact or lead. */
	readonly memberIds = new Map<string, string>();
	/** Accounts of contacts: two writes that meet at one account lock each other out (S11). */
	readonly accountIds = new Map<string, string>();

	constructor(
		private readonly client: SalesforceClient,
		private readonly settings: FinderSettings,
	) {}

	/** The records of these contacts. Deleted ones are not among them (S9). */
	async find(wanted: readonly Identifiers[]): Promise<Result<readonly FoundRecord[]>> {
		const { form } = this.settings;
		const keys = form.keyField === undefined ? [] : wanted.flatMap(({ key, otherKeys }) => [key, ...otherKeys]);
		const emails = wanted
			.flatMap((one) => [...one.emails, ...one.otherEmails])
			.flatMap((email) => [email, ...otherSpellings(email)]);
		const records = await this.read([
			...this.queriesFor(form, keys, form.keyField ?? EMAIL),
			...this.queriesFor(form, emails, EMAIL),
			...this.queriesFor(form, this.linkedIds(wanted), 'Id'),
		]);
		if (records.kind !== 'ok') return records;
		const isConverted = (record: SalesforceRecord): boolean => record.IsConverted === true;
		const converted = records.value.filter(isConverted);
		const contacts = await this.contactsBehind(converted);
		if (contacts.kind !== 'ok') return contacts;
		const live = records.value.filter((record) => !isConverted(record));
		const members = await this.readMembers([...live, ...converted].map(idOf), [...contacts.value.keys()]);
		if (members.kind !== 'ok') return members;
		return ok([
			...live.map((record) => this.foundAs(record, this.holds(record, form))),
			...converted.map((record) => this.foundAs(record, this.heldBehind(record, contacts.value), idOf(record))),
		]);
	}

	/** Ids of records that records of other systems are linked to. */
	private linkedIds(wanted: readonly Identifiers[]): readonly string[] {
		const start = this.ownKeyOf('');
		return wanted
			.flatMap(({ linkedTo = [] }) => linkedTo)
			.flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []))
			.filter(isSalesforceId);
	}

	private ownKeyOf(id: string): string {
		const { organisationId: account, form } = this.settings;
		return contactKey({ system: 'salesforce', account, object: form.object.name, id });
	}

	/** Records by their ids, without those that are gone. */
	async readByIds(ids: readonly string[]): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		const { form } = this.settings;
		const isContact = (id: string): boolean => id.startsWith(CONTACT_PREFIX);
		const own = form.object.name === 'Contact' ? ids : ids.filter((id) => !isContact(id));
		const behind = form.object.name === 'Contact' ? [] : ids.filter(isContact);
		const records = await this.read(this.queriesFor(form, own, 'Id'));
		if (records.kind !== 'ok') return records;
		const contacts = await this.readContacts(behind);
		if (contacts.kind !== 'ok') return contacts;
		const members = await this.readMembers(records.value.map(idOf), [...contacts.value.keys()]);
		if (members.kind !== 'ok') return members;
		const held = records.value.map((record) => this.holds(record, form));
		const all = [...held, ...[...contacts.value.values()].map(({ record, form: of }) => this.holds(record, of))];
		return ok(new Map(all.map((one) => [one.id, one])));
	}

	private queriesFor(form: RecordForm, values: readonly string[], field: string): PlannedQuery[] {
		const fields = fieldsToRead(form);
		const query = (where: string): PlannedQuery => ({ soql: select({ fields, from: form.object.name, where }) });
		return idQueries([...new Set(values)], query, field);
	}

	/** Each record once, however many queries found it. */
	private async read(queries: readonly PlannedQuery[]): Promise<Result<readonly SalesforceRecord[]>> {
		if (queries.length === 0) return ok([]);
		const answers = await readAll(this.client, queries, READING);
		if (answers.kind !== 'ok') return answers;
		const records = new Map(answers.value.flat().map((record) => [idOf(record), record]));
		for (const [id, { [ACCOUNT_FIELD]: account }] of records)
			if (typeof account === 'string') this.accountIds.set(id, account);
		const noted = await this.settings.people.note([...records.values()]);
		return noted.kind === 'ok' ? ok([...records.values()]) : noted;
	}

	private async contactsBehind(leads: readonly SalesforceRecord[]) {
		return await this.readContacts(leads.map(contactIdOf).filter((id) => id !== ''));
	}

	private async readContacts(
		ids: readonly string[],
	): Promise<Result<ReadonlyMap<string, { readonly record: SalesforceRecord; readonly form: RecordForm }>>> {
		const form = ids.length === 0 ? ok(undefined) : await this.settings.contactForm();
		if (form.kind !== 'ok') return form;
		const of = form.value;
		if (!of) return ok(new Map());
		const records = await this.read(this.queriesFor(of, ids, 'Id'));
		return records.kind === 'ok'
			? ok(new Map(records.value.map((record) => [idOf(record), { record, form: of }])))
			: records;
	}

	/** Which of these records are members of the campaign. */
	private async readMembers(ids: readonly string[], contactsBehind: readonly string[]): Promise<Result<unknown>> {
		const { campaignId, form } = this.settings;
		if (campaignId === undefined) return ok(undefined);
		const reference = `${form.object.name}Id`;
		const query = (where: string): PlannedQuery => ({
			soql: select({
				fields: ['Id', 'ContactId', 'LeadId'],
				from: 'CampaignMember',
				where: allOf(`CampaignId = ${soqlText(campaignId)}`, where),
			}),
		});
		const queries = [...idQueries(ids, query, reference), ...idQueries(contactsBehind, query, 'ContactId')];
		if (queries.length === 0) return ok(undefined);
		const answers = await readAll(this.client, queries, 'reading the members of the campaign');
		if (answers.kind !== 'ok') return answers;
		for (const id of [...ids, ...contactsBehind]) this.memberIds.delete(id);
		for (const member of answers.value.flat())
			for (const person of [member.ContactId, member.LeadId])
				if (typeof person === 'string') this.memberIds.set(fullId(person), idOf(member));
		return ok(undefined);
	}

	private holds(record: SalesforceRecord, form: RecordForm): HeldContact {
		const id = idOf(record);
		return { ...toHeldRecord(record, form, this.memberIds.has(id)), ownKey: this.ownKeyOf(id) };
	}

	/** The contact a lead was converted to. It is found by the key of the lead as well, and is a member where the lead was. */
	private heldBehind(
		lead: SalesforceRecord,
		contacts: ReadonlyMap<string, { readonly record: SalesforceRecord; readonly form: RecordForm }>,
	): HeldContact | undefined {
		const contact = contacts.get(contactIdOf(lead));
		if (!contact) return undefined;
		const id = idOf(contact.record);
		const asLead = this.memberIds.get(idOf(lead));
		if (asLead !== undefined && !this.memberIds.has(id)) this.memberIds.set(id, asLead);
		const held = this.holds(contact.record, contact.form);
		const leadKey = this.keyOf(lead);
		return held.sourceKey === undefined && leadKey !== '' ? { ...held, sourceKey: leadKey } : held;
	}

	private foundAs(record: SalesforceRecord, held: HeldContact | undefined, convertedLead?: string): FoundRecord {
		const emails = [addressForm(textOf(record[EMAIL])), held?.email ?? ''];
		const keys = [this.keyOf(record), held?.sourceKey ?? '', this.ownKeyOf(idOf(record))];
		return {
			held,
			emails: [...new Set(emails.filter((email) => email !== ''))],
			keys: [...new Set(keys.filter((key) => key !== ''))],
			...(convertedLead === undefined ? {} : { convertedLead }),
			createdAt: textOf(record[CREATED_FIELD]),
		};
	}

	private keyOf(record: SalesforceRecord): string {
		const { keyField } = this.settings.form;
		return keyField === undefined ? '' : textOf(record[keyField]);
	}
}

const contactIdOf = ({ ConvertedContactId: id }: SalesforceRecord): string => fullId(textOf(id));
