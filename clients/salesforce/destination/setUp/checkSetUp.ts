import type { MappingTarget } from '../../../../core/mapping/checkMapping';
import { checkMapping } from '../../../../core/mapping/checkMapping';
import type { NodeMapping } from '../../../../core/mapping/mapping';
import type { Result } from '../../../../core/result';
import type { SetUpFinding } from '../../../../core/setUpFinding';
import { passed, problem, warned } from '../../../../core/setUpFinding';
import type { WriteMode } from '../../../../core/upsert/plan/heldBack';
import { creates } from '../../../../core/upsert/plan/heldBack';
import type { SalesforceClient } from '../../api/salesforceClient';
import type { SalesforceObject, SalesforceObjectName } from '../../api/types';
import type { ConvertedLeads } from '../lookup/holdings';
import { addressesOf } from '../values/addressFields';
import type { CampaignChoice } from '../campaign';
import { checkCampaign } from './checkCampaign';
import { isKeyField } from '../../api/fields/recordFields';
import { faultInKeyField, KEY_LENGTH, keyFieldOf } from '../keyField';
import { faultInOptOuts, faultInRights } from '../openDestination';
import { toDestinationFields } from '../toDestinationFields';

export interface SalesforceSetUp {
	readonly object: SalesforceObjectName;
	readonly mappings: readonly NodeMapping[];
	/** As picked, or what is wrong with the setting; absent: no campaign is filled. */
	readonly campaign?: Result<CampaignChoice>;
	readonly memberStatus?: string;
	readonly keyField?: string;
	readonly saveDuplicates?: boolean;
	readonly convertedLeads?: ConvertedLeads;
	readonly optOuts?: 'block' | 'ignore';
	readonly mode?: WriteMode;
	readonly deletes?: boolean;
}

/** Fewer calls than this are soon used up by the other integrations of an organisation. */
const FEW_CALLS = 1_000;

/**
 * Looks at everything a sync into Salesforce needs, without writing: at most 6 calls. What keeps the object from being read ends the
 * check, because nothing else could be told.
 */
export async function checkSalesforceSetUp(
	client: SalesforceClient,
	setUp: SalesforceSetUp,
): Promise<readonly SetUpFinding[]> {
	const object = await client.describe(setUp.object);
	if (object.kind !== 'ok') return [problem('Salesforce API', object)];
	const { campaign, memberStatus, mode } = setUp;
	return [
		passed('Salesforce API', 'Salesforce accepts the sign-in, and the API is switched on'),
		...(await checkOrganisation(client)),
		...checkRights(object.value, setUp),
		...setUp.mappings.flatMap((mapping) => checkMapping(mapping, mappingTarget(object.value, mode))),
		...checkKeyField(object.value, setUp.keyField, mode),
		...checkOptOuts(object.value, setUp),
		...(await checkConvertedLeads(client, setUp)),
		...(campaign ? await checkCampaign(client, campaign, memberStatus) : []),
		...checkDuplicateRules(setUp),
		...checkPlaces(object.value),
		...checkPersonAccounts(object.value),
		...checkCallsLeft(client),
	];
}

async function checkOrganisation(client: SalesforceClient): Promise<SetUpFinding[]> {
	const check = 'Organisation';
	const organisation = await client.organisation();
	if (organisation.kind !== 'ok') return [warned(check, organisation.reason, 'Check again later.', organisation.code)];
	const { name, sandbox } = organisation.value;
	return [
		sandbox
			? passed(check, `'${name}', a sandbox: a good place for a rehearsal`)
			: passed(
					check,
					`'${name}', a production organisation. A sandbox of it takes the same workflow with a credential of its own`,
				),
	];
}

function checkRights(object: SalesforceObject, { mode, deletes = false }: SalesforceSetUp): SetUpFinding[] {
	const check = `${object.label} Records`;
	const fault = faultInRights(object, mode, deletes);
	if (!fault) return [passed(check, `The user may write ${deletes ? 'and delete ' : ''}${object.label} records`)];
	const fix = `Give the user of the credential create${deletes ? ', edit and delete' : ' and edit'} access to the object ${object.label} (permission set).`;
	return [problem(check, fault, fix)];
}

/** Steps to a field that carries the keys, where there is none. */
const howToAdd = ({ label }: SalesforceObject): string =>
	`In Salesforce: Setup, Object Manager, ${label}, Fields & Relationships, New; type Text, length 255, field name 'Contact_Sync_Key'; tick 'Unique' (case-insensitive) and 'External ID'; give the user of the credential edit access to it.`;

function checkKeyField(
	object: SalesforceObject,
	named: string | undefined,
	mode: WriteMode | undefined,
): SetUpFinding[] {
	const check = 'Key Field';
	const field = keyFieldOf(object, named, mode);
	if (field.kind !== 'ok') return [problem(check, field, howToAdd(object))];
	if (field.value?.unique) return [passed(check, `'${field.value.name}' carries the keys of the source records`)];
	if (field.value) {
		const message = `'${field.value.name}' carries the keys of the source records, but is not unique`;
		return [
			warned(
				check,
				message,
				"Tick 'Unique' at the field in Salesforce, so that two processes cannot create one contact twice.",
			),
		];
	}
	const unfit = object.fields.find(isKeyField);
	const why = unfit
		? `'${unfit.name}' ${faultInKeyField(unfit, mode) ?? ''} (${KEY_LENGTH} characters are needed)`
		: '';
	const message = `${why ? `${why}, so that no` : 'No'} field carries the keys of the source records: records are found by their e-mail address alone, also when it changed`;
	return [warned(check, message, howToAdd(object))];
}

function checkOptOuts(object: SalesforceObject, { optOuts = 'block', mode }: SalesforceSetUp): SetUpFinding[] {
	const check = 'Email Opt Out';
	const fault = faultInOptOuts(object, mode);
	if (!fault) return [passed(check, 'Opt-outs can be read and carried')];
	const fix = `Give the user of the credential read and edit access to 'Email Opt Out' of ${object.label} (field-level security), or set 'Opt-Outs' to 'Ignore'.`;
	return [optOuts === 'block' ? problem(check, fault, fix) : warned(check, fault.reason, fix, fault.code)];
}

/** Whether the contacts behind converted leads can be written. */
async function checkConvertedLeads(client: SalesforceClient, setUp: SalesforceSetUp): Promise<SetUpFinding[]> {
	const { object, convertedLeads = 'follow', optOuts = 'block' } = setUp;
	if (object !== 'Lead' || convertedLeads === 'skip') return [];
	const check = 'Converted Leads';
	const contact = await client.describe('Contact');
	const fault =
		contact.kind === 'ok'
			? (faultInRights(contact.value, 'updateOnly') ??
				(optOuts === 'block' ? faultInOptOuts(contact.value, 'updateOnly') : undefined))
			: contact;
	if (!fault) return [passed(check, 'Are followed to their contacts, which can be written')];
	const fix =
		"Give the user edit access to contacts and to their 'Email Opt Out', or set 'Converted Leads' to 'Leave Alone'.";
	return [warned(check, fault.reason, fix, fault.code)];
}

const checkDuplicateRules = ({ saveDuplicates = false }: SalesforceSetUp): SetUpFinding[] => [
	passed(
		'Duplicate Rules',
		saveDuplicates
			? 'Rules that alert let new records through; rules that block end a contact as DUPLICATE_RULE'
			: 'A new record that a duplicate rule takes for one that is there ends as DUPLICATE_RULE',
	),
];

function checkPlaces(object: SalesforceObject): SetUpFinding[] {
	if (addressesOf(object).length === 0) return [];
	const message = 'Are picklists here: a state is written only together with its country, and both by their codes';
	return [passed('States and Countries', message)];
}

function checkPersonAccounts(object: SalesforceObject): SetUpFinding[] {
	if (!object.fields.some(({ name }) => name === 'IsPersonAccount')) return [];
	return [passed('Person Accounts', 'Are switched on: contacts of person accounts are written through their accounts')];
}

function checkCallsLeft({ limits }: SalesforceClient): SetUpFinding[] {
	const check = 'Salesforce Calls Left';
	if (!limits.daily) return [];
	const { remaining, limit } = limits.daily;
	const message = `${remaining.toLocaleString('en-US')} of ${limit.toLocaleString('en-US')} for 24 hours`;
	const fix = 'Let other integrations of this organisation call Salesforce less, or sync later.';
	return [remaining < FEW_CALLS ? warned(check, message, fix, 'DAILY_LIMIT_REACHED') : passed(check, message)];
}

/** What can be mapped to, and why a field cannot. */
const mappingTarget = (object: SalesforceObject, mode: WriteMode | undefined): MappingTarget => ({
	system: 'Salesforce',
	noun: 'field',
	fields: toDestinationFields(object),
	creates: creates(mode),
	notWritable: (name, node) =>
		object.fields.some((field) => field.name === name)
			? {
					reason: `The ${object.label} field '${name}' cannot be written by this sync`,
					fix: `Give the user edit access to '${name}' (field-level security) if it is an ordinary field; else remove its row from '${node}'.`,
				}
			: {
					reason: `Salesforce shows no ${object.label} field '${name}' to the user of the credential`,
					fix: `If '${name}' exists, give the user access to it (field-level security); else remove its row from '${node}'.`,
				},
});
