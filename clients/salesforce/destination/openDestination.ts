import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { WriteMode } from '../../../core/upsert/plan/heldBack';
import { creates } from '../../../core/upsert/plan/heldBack';
import { NewestChanges } from '../../../core/upsert/plan/newestChanges';
import { recentObject, recentOrganisation } from '../api/cachedDefinitions';
import { OPT_OUT_FIELD } from '../api/fields/recordFields';
import type { SalesforceClient } from '../api/salesforceClient';
import type { SalesforceObject, SalesforceObjectName } from '../api/types';
import type { CampaignChoice } from './campaign';
import { CALLS_TO_CREATE, campaignIdOf, memberStatusOf } from './campaign';
import type { ConvertedLeads, SeveralMatches } from './lookup/holdings';
import { keyFieldOf } from './keyField';
import { SalesforceDestination } from './salesforceDestination';
import { EMAIL, isOffered } from './toDestinationFields';

export interface SalesforceDestinationOptions {
	readonly object: SalesforceObjectName;
	/** Names of the fields the batch writes. */
	readonly fieldNames: readonly string[];
	/** A text field marked as external id; absent: one of ours, `Contact_Sync_Key__c`, where there is one. */
	readonly keyField?: string;
	/** Absent: no campaign is filled. */
	readonly campaign?: CampaignChoice;
	/** Status of members that are added; absent: the campaign's default. */
	readonly memberStatus?: string;
	/** Default `none`. */
	readonly severalMatches?: SeveralMatches;
	/** Default `follow`. */
	readonly convertedLeads?: ConvertedLeads;
	/** Default false (S1). */
	readonly saveDuplicates?: boolean;
	/** As the run has it: where opt-outs are carried, their field must be there. Default `block`. */
	readonly optOuts?: 'block' | 'ignore';
	/** As the run has it: rights that it does not need are not asked for. Default `upsert`. */
	readonly mode?: WriteMode;
	/** True: the run deletes records, so that the user needs the right to. */
	readonly deletes?: boolean;
}

/** What was written to each organisation and object, as far as this process wrote it. */
const written = new Map<string, NewestChanges>();
const MAX_ACCOUNTS = 200;

/**
 * Checks everything before the first write: rights on the object, every field in use, the key field, the opt-out field and the
 * campaign. `account` names the credential (see `accountKey`). Use it only within `exclusively(account)`.
 */
export async function openSalesforceDestination(
	client: SalesforceClient,
	account: string,
	clock: Clock,
	options: SalesforceDestinationOptions,
): Promise<Result<SalesforceDestination>> {
	const { fieldNames, keyField: chosenKey } = options;
	const wanted = chosenKey === undefined ? fieldNames : [...fieldNames, chosenKey];
	const object = await recentObject(client, account, options.object, clock, wanted);
	if (object.kind !== 'ok') return object;
	const fault =
		faultInRights(object.value, options.mode, options.deletes) ??
		faultInFields(object.value, options.fieldNames, options.mode) ??
		(options.optOuts === 'ignore' ? undefined : faultInOptOuts(object.value, options.mode));
	if (fault) return fault;
	const keyField = keyFieldOf(object.value, options.keyField, options.mode);
	if (keyField.kind !== 'ok') return keyField;
	if (keyField.value && options.fieldNames.includes(keyField.value.name)) return mappedKey(keyField.value.name);
	const organisation = await recentOrganisation(client, account, clock);
	if (organisation.kind !== 'ok') return organisation;
	const campaign = await openCampaign(client, account, clock, options);
	if (campaign.kind !== 'ok') return campaign;
	return ok(
		new SalesforceDestination(client, clock, {
			object: object.value,
			organisationId: organisation.value.id,
			fieldNames: options.fieldNames.filter((name) => name !== EMAIL),
			keyField: keyField.value?.name,
			campaign: campaign.value,
			severalMatches: options.severalMatches ?? 'none',
			convertedLeads: options.convertedLeads ?? 'follow',
			saveDuplicates: options.saveDuplicates ?? false,
			callsLeftOut: campaign.value && campaign.value.id === undefined ? CALLS_TO_CREATE : 0,
			newest: newestOf(`${account} ${options.object}`),
			contacts: async () => await contactsFor(client, account, clock, options.optOuts),
			accounts: async () => await accountsFor(client, account, clock),
		}),
	);
}

const mappedKey = (name: string): Failure => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `The field '${name}' carries the keys of the source records ('External ID Field') and cannot be mapped as well`,
});

/** Why the user may not write records of this object, or undefined. */
export function faultInRights(
	{ label, createable, updateable, deletable }: SalesforceObject,
	mode: WriteMode = 'upsert',
	deletes = false,
): Failure | undefined {
	const lacks = [
		...(createable || !creates(mode) ? [] : ['create']),
		...(updateable || mode === 'createOnly' ? [] : ['change']),
		...(deletable || !deletes ? [] : ['delete']),
	];
	if (lacks.length === 0) return undefined;
	return {
		kind: 'stop',
		code: 'PERMISSION_MISSING',
		reason: `The user of the Salesforce credential may not ${lacks.join(' and ')} ${label} records`,
	};
}

/** Which of the fields in use cannot be written (S20), or undefined. Salesforce answers alike for one that does not exist and a hidden one. */
export function faultInFields(
	object: SalesforceObject,
	names: readonly string[],
	mode: WriteMode = 'upsert',
): Failure | undefined {
	const fields = new Map(object.fields.map((field) => [field.name, field]));
	const missing = [...new Set([EMAIL, ...names])].filter((name) => {
		const field = fields.get(name);
		const createable = !creates(mode) ? field?.updateable === true : field?.createable === true;
		// Of which only the address is read.
		if (mode === 'optOutsOnly' && name === EMAIL) return !field;
		return (
			!field || !isOffered({ ...field, createable }) || (name === EMAIL && mode !== 'createOnly' && !field.updateable)
		);
	});
	if (missing.length === 0) return undefined;
	const what = missing.map((name) => `'${name}'`).join(', ');
	return {
		kind: 'stop',
		code: 'DESTINATION_FIELD_MISSING',
		reason: `Salesforce shows no ${object.label} field ${what} that can be written. If it exists, give the user of the credential edit access to it (field-level security)`,
	};
}

/** Opt-outs can be neither read nor carried where the user may not edit the field for them. */
export function faultInOptOuts(object: SalesforceObject, mode: WriteMode = 'upsert'): Failure | undefined {
	const field = object.fields.find(({ name }) => name === OPT_OUT_FIELD);
	if (field?.updateable && (field.createable || !creates(mode))) return undefined;
	return {
		kind: 'stop',
		code: 'OPT_OUTS_HIDDEN',
		reason: `Salesforce ${field ? 'lets' : 'shows'} the user of the credential ${field ? 'read' : 'no'} '${OPT_OUT_FIELD}' (Email Opt Out) of ${object.label}${field ? ' and not edit it' : ''}, so that opt-outs cannot be carried`,
	};
}

/** Why the user may not add and remove members of campaigns, or undefined. */
export function faultInMembers({ createable, deletable }: SalesforceObject): Failure | undefined {
	if (createable && deletable) return undefined;
	return {
		kind: 'stop',
		code: 'PERMISSION_MISSING',
		reason:
			"The user of the Salesforce credential may not edit campaign members: the user needs 'Marketing User' and edit access to campaigns",
	};
}

async function openCampaign(
	client: SalesforceClient,
	account: string,
	clock: Clock,
	{ campaign, memberStatus }: SalesforceDestinationOptions,
): Promise<Result<{ readonly id?: string; readonly status?: string } | undefined>> {
	if (!campaign) return ok(undefined);
	const members = await recentObject(client, account, 'CampaignMember', clock);
	if (members.kind !== 'ok') return members;
	const fault = faultInMembers(members.value);
	if (fault) return fault;
	const id = await campaignIdOf(client, account, campaign, clock);
	if (id.kind !== 'ok') return id;
	const status = memberStatus?.trim() || undefined;
	if (id.value !== undefined && status !== undefined) {
		const known = await memberStatusOf(client, account, id.value, status, clock);
		return known.kind === 'ok' ? ok({ id: id.value, status: known.value }) : known;
	}
	return ok({ id: id.value });
}

/** The object Contact for the contacts behind converted leads. */
async function contactsFor(
	client: SalesforceClient,
	account: string,
	clock: Clock,
	optOuts: 'block' | 'ignore' = 'block',
): Promise<Result<SalesforceObject | undefined>> {
	const contact = await recentObject(client, account, 'Contact', clock);
	if (contact.kind !== 'ok')
		return contact.kind === 'stop' && contact.code === 'PERMISSION_MISSING' ? ok(undefined) : contact;
	if (!contact.value.updateable) return ok(undefined);
	const fault = optOuts === 'block' ? faultInOptOuts(contact.value, 'updateOnly') : undefined;
	return fault ?? ok(contact.value);
}

/** The object Account for the contacts of person accounts. */
async function accountsFor(
	client: SalesforceClient,
	account: string,
	clock: Clock,
): Promise<Result<SalesforceObject | undefined>> {
	const accounts = await recentObject(client, account, 'Account', clock);
	if (accounts.kind === 'ok') return ok(accounts.value.updateable ? accounts.value : undefined);
	return accounts.kind === 'stop' && accounts.code === 'PERMISSION_MISSING' ? ok(undefined) : accounts;
}

function newestOf(key: string): NewestChanges {
	const known = written.get(key);
	if (known) return known;
	const oldest = written.keys().next();
	if (written.size >= MAX_ACCOUNTS && !oldest.done) written.delete(oldest.value);
	const newest = new NewestChanges();
	written.set(key, newest);
	return newest;
}
