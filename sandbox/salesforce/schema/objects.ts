import { KEY_PREFIXES } from '../records/ids';
import type { SalesforceSettings } from '../settings';
import {
	checkbox,
	field,
	isCustom,
	picklist,
	readOnly,
	reference,
	systemFields,
	text,
	type Field,
	type Row,
	type Surroundings,
	type Value,
} from './fields';
import { accountFields, contactFields, leadFields } from './people';

export type ObjectName = keyof typeof KEY_PREFIXES;

/** An object of the organisation. `fields` has lower-case names for keys: Salesforce ignores their case. */
export interface SObject {
	readonly name: ObjectName;
	readonly label: string;
	readonly labelPlural: string;
	readonly keyPrefix: string;
	readonly writable: boolean;
	/** Whether deleting leads to the recycle bin. */
	readonly deletable: boolean;
	readonly fields: ReadonlyMap<string, Field>;
}

/** Read-only copies of the member's contact or lead. */
function copied(name: string, label: string, type: Field['type'], more: Partial<Field> = {}): Field {
	const compute = (row: Row, around: Surroundings): Value => {
		const person = around.lookup('Contact', row['ContactId']) ?? around.lookup('Lead', row['LeadId']);
		return person?.[name] ?? (type === 'boolean' ? false : null);
	};
	return readOnly(name, label, type, { compute, ...more });
}

const memberFields = (): Field[] => [
	...systemFields({ owned: false, deletable: true }),
	reference('CampaignId', 'Campaign ID', 'Campaign', 'Campaign', { nillable: false, updateable: false }),
	reference('LeadId', 'Lead ID', 'Lead', 'Lead', { updateable: false }),
	reference('ContactId', 'Contact ID', 'Contact', 'Contact', { updateable: false }),
	picklist('Status', 'Status', ['Sent', 'Responded'], { length: 40 }),
	readOnly('HasResponded', 'Responded', 'boolean', {
		nillable: false,
		compute: (row) => row['Status'] === 'Responded',
	}),
	readOnly('FirstRespondedDate', 'First Responded Date', 'date'),
	copied('FirstName', 'First Name', 'string', { length: 40 }),
	copied('LastName', 'Last Name', 'string', { length: 80 }),
	copied('Email', 'Email', 'email', { length: 80 }),
	copied('HasOptedOutOfEmail', 'Email Opt Out', 'boolean', { nillable: false }),
	copied('DoNotCall', 'Do Not Call', 'boolean', { nillable: false }),
];

const OBJECTS: ReadonlyArray<readonly [ObjectName, string, string, boolean, () => Field[]]> = [
	['Contact', 'Contact', 'Contacts', true, contactFields],
	['Lead', 'Lead', 'Leads', true, leadFields],
	['CampaignMember', 'Campaign Member', 'Campaign Members', true, memberFields],
	[
		'Campaign',
		'Campaign',
		'Campaigns',
		true,
		() => [
			...systemFields({ owned: true, deletable: true }),
			text('Name', 'Name', 80, { nillable: false }),
			checkbox('IsActive', 'Active'),
			picklist('Type', 'Type', ['Email', 'Trade Show', 'Webinar', 'Other'], { length: 40 }),
			picklist('Status', 'Status', ['Planned', 'In Progress', 'Completed', 'Aborted'], { length: 40 }),
		],
	],
	[
		'CampaignMemberStatus',
		'Campaign Member Status',
		'Campaign Member Statuses',
		false,
		() => [
			...systemFields({ owned: false, deletable: true }),
			reference('CampaignId', 'Campaign ID', 'Campaign', 'Campaign', { nillable: false }),
			text('Label', 'Label', 765, { nillable: false }),
			checkbox('IsDefault', 'Is Default'),
			checkbox('HasResponded', 'Responded'),
		],
	],
	['Account', 'Account', 'Accounts', true, accountFields],
	[
		'Case',
		'Case',
		'Cases',
		true,
		() => [
			...systemFields({ owned: true, deletable: true }),
			readOnly('CaseNumber', 'Case Number', 'string', { length: 30, nillable: false, defaultedOnCreate: true }),
			reference('ContactId', 'Contact ID', 'Contact', 'Contact'),
			text('Subject', 'Subject', 255),
		],
	],
	[
		'RecordType',
		'Record Type',
		'Record Types',
		false,
		() => [
			...systemFields({ owned: false, deletable: false }),
			text('Name', 'Name', 80, { nillable: false }),
			text('DeveloperName', 'Record Type Name', 80, { nillable: false }),
			text('SobjectType', 'SObject Type Name', 40, { nillable: false }),
			checkbox('IsActive', 'Active'),
			checkbox('IsPersonType', 'Is Person Type', { needs: 'personAccounts' }),
		],
	],
	[
		'User',
		'User',
		'Users',
		false,
		() => [
			...systemFields({ owned: false, deletable: false }),
			text('Username', 'Username', 80, { nillable: false }),
			text('Name', 'Full Name', 121, { nillable: false }),
			field('Email', 'Email', 'email', { length: 128, nillable: false }),
			checkbox('IsActive', 'Active'),
		],
	],
	[
		'ListView',
		'List View',
		'List Views',
		false,
		() => [
			...systemFields({ owned: false, deletable: false }),
			text('Name', 'View Name', 40, { nillable: false }),
			text('DeveloperName', 'API Name', 80, { nillable: false }),
			text('SobjectType', 'Object Name', 40, { nillable: false }),
			checkbox('IsSoqlCompatible', 'SOQL Compatible'),
		],
	],
	[
		'Organization',
		'Organization',
		'Organizations',
		false,
		() => [
			...systemFields({ owned: false, deletable: false }),
			text('Name', 'Name', 80, { nillable: false }),
			text('OrganizationType', 'Edition', 40),
			text('TimeZoneSidKey', 'Time Zone', 40),
			checkbox('IsSandbox', 'Is Sandbox'),
		],
	],
];

export type Access = 'full' | 'readOnly' | 'hidden';

/** What the API user may do with the records of an object. */
export interface ObjectRights {
	readonly read: boolean;
	readonly create: boolean;
	readonly edit: boolean;
	readonly delete: boolean;
}

const ALL_RIGHTS: ObjectRights = { read: true, create: true, edit: true, delete: true };
const MARKETING_OBJECTS = new Set(['Campaign', 'CampaignMember']);

/** The objects and fields of one organisation, as its API user may see them. */
export class Schema {
	readonly objects: ReadonlyMap<string, SObject>;
	/** When the definition of an object changed last, ms since 1970. */
	readonly changedAt = new Map<string, number>();
	private readonly access = new Map<string, Access>();
	private readonly granted = new Map<string, ObjectRights>();
	private lastDescribed: string;

	constructor(
		private readonly settings: SalesforceSettings,
		private readonly created: number,
	) {
		this.lastDescribed = this.describedSettings();
		this.objects = new Map(
			OBJECTS.map(([name, label, labelPlural, writable, fields]) => {
				const byName = new Map(fields().map((one) => [one.name.toLowerCase(), one]));
				const deletable = byName.has('isdeleted');
				const object = { name, label, labelPlural, keyPrefix: KEY_PREFIXES[name], writable, deletable, fields: byName };
				return [name.toLowerCase(), object];
			}),
		);
	}

	/** An object the API user may see. */
	object(name: string): SObject | undefined {
		const object = this.objects.get(name.toLowerCase());
		return object !== undefined && this.rights(object).read ? object : undefined;
	}

	visibleObjects(): SObject[] {
		return [...this.objects.values()].filter((object) => this.rights(object).read);
	}

	rights(object: SObject): ObjectRights {
		const granted = this.granted.get(object.name) ?? ALL_RIGHTS;
		const mayEdit = object.writable && (this.settings.userMayEditCampaigns || !MARKETING_OBJECTS.has(object.name));
		if (mayEdit) return granted;
		const read = granted.read && (this.settings.userMayEditCampaigns || object.name !== 'CampaignMemberStatus');
		return { read, create: false, edit: false, delete: false };
	}

	/** Throws for an object that does not exist: for the stand-in's own use. */
	must(name: string): SObject {
		const object = this.objects.get(name.toLowerCase());
		if (object === undefined) throw new Error(`No object ${name}`);
		return object;
	}

	private describedSettings(): string {
		const { stateAndCountryPicklists, middleNames, personAccounts, recordTypes, optOutAccess, userMayEditCampaigns } = this.settings; // prettier-ignore
		return JSON.stringify([stateAndCountryPicklists, middleNames, personAccounts, recordTypes, optOutAccess, userMayEditCampaigns]); // prettier-ignore
	}

	/** A field the API user may see, with the rights to write it taken off that the user does not have. */
	field(object: SObject, name: string): Field | undefined {
		const one = object.fields.get(name.toLowerCase());
		if (one === undefined || (one.needs !== undefined && !this.settings[one.needs])) return undefined;
		const access = this.accessTo(object, one);
		if (access === 'hidden') return undefined;
		const rights = this.rights(object);
		const createable = one.createable && rights.create && access === 'full';
		const updateable = one.updateable && rights.edit && access === 'full';
		return createable === one.createable && updateable === one.updateable ? one : { ...one, createable, updateable };
	}

	private accessTo(object: SObject, one: Field): Access {
		const byDefault = one.name === 'HasOptedOutOfEmail' ? this.settings.optOutAccess : 'full';
		return this.access.get(`${object.name}.${one.name}`) ?? byDefault;
	}

	visibleFields(object: SObject): Field[] {
		return [...object.fields.values()].flatMap((one) => this.field(object, one.name) ?? []);
	}

	/** Field-level security of the API user; a field may also be replaced or added by an administrator. */
	setAccess(objectName: string, name: string, access: Access, now: number): void {
		const object = this.must(objectName);
		const one = object.fields.get(name.toLowerCase());
		if (one === undefined) throw new Error(`No field ${name}`);
		this.access.set(`${object.name}.${one.name}`, access);
		this.changedAt.set(object.name, now);
	}

	/** Rights of the API user's profile; those that are not named stay. */
	grant(objectName: string, rights: Partial<ObjectRights>, now: number): void {
		const object = this.must(objectName);
		this.granted.set(object.name, { ...(this.granted.get(object.name) ?? ALL_RIGHTS), ...rights });
		this.changedAt.set(object.name, now);
	}

	/** Adds a custom field, or replaces one of that name (its type too). */
	setField(objectName: string, one: Field, now: number): void {
		if (!isCustom(one)) throw new Error('Only custom fields can be added; their names end in __c');
		const object = this.must(objectName);
		(object.fields as Map<string, Field>).set(one.name.toLowerCase(), one);
		this.changedAt.set(object.name, now);
	}

	deleteField(objectName: string, name: string, now: number): void {
		const object = this.must(objectName);
		const removed = name.endsWith('__c') && (object.fields as Map<string, Field>).delete(name.toLowerCase());
		if (!removed) throw new Error(`No custom field ${name}`);
		this.changedAt.set(object.name, now);
	}

	/** A setting that brings fields or rights changes every object, from the first look after it. */
	modifiedAt(object: SObject, now: number): number {
		const described = this.describedSettings();
		if (described !== this.lastDescribed) for (const { name } of this.objects.values()) this.changedAt.set(name, now);
		this.lastDescribed = described;
		return this.changedAt.get(object.name) ?? this.created;
	}
}
