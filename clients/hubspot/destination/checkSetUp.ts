import type { MappingTarget } from '../../../core/mapping/checkMapping';
import { checkMapping } from '../../../core/mapping/checkMapping';
import type { NodeMapping } from '../../../core/mapping/mapping';
import type { Failure, Result } from '../../../core/result';
import type { SetUpFinding } from '../../../core/setUpFinding';
import { passed, problem, warned } from '../../../core/setUpFinding';
import type { HubSpotClient } from '../api/hubSpotClient';
import type { HubSpotWriter } from '../api/hubSpotWriter';
import { KEY_PROPERTY, MARKETING_PROPERTY } from '../api/propertyNames';
import type { HubSpotProperty } from '../api/types';
import type { ListChoice } from './lists';
import { findList, unfitAsTarget } from './lists';
import type { HubSpotSettings } from './openDestination';
import { faultInOptOuts, keyPropertyOf } from './openDestination';
import { toDestinationFields } from './toDestinationFields';

export interface HubSpotSetUp extends Pick<
	HubSpotSettings,
	'keyProperty' | 'segment' | 'legalBasis' | 'setsMarketing'
> {
	/** The list as picked, what is wrong with the setting, or undefined: no list. */
	readonly list: Result<ListChoice | undefined>;
	readonly mappings: readonly NodeMapping[];
	/** Opt-outs are carried. */
	readonly carriesOptOuts: boolean;
}

/**
 * Looks at everything that writing into HubSpot needs, and writes nothing: what the key may write is told by calls that name no
 * contact. A key that does not work ends the check, because nothing else could be told.
 */
export async function checkHubSpotSetUp(
	client: HubSpotClient,
	writer: HubSpotWriter,
	setUp: HubSpotSetUp,
): Promise<readonly SetUpFinding[]> {
	const properties = await client.contactProperties();
	if (properties.kind !== 'ok') return [problem('HubSpot Credential', properties)];
	return [
		passed('HubSpot Credential', 'HubSpot accepts the key, and contact properties can be read'),
		await checkContactWrites(writer),
		...(await checkList(client, writer, setUp.list)),
		...(setUp.segment ? [await checkSegmentList(client, setUp.segment.id)] : []),
		checkKeyProperty(properties.value, setUp.keyProperty),
		...setUp.mappings.flatMap((mapping) => checkMapping(mapping, mappingTarget(properties.value, setUp.keyProperty))),
		...(await checkOptOuts(writer, properties.value, setUp)),
		...(setUp.setsMarketing ? await checkMarketing(client, writer, properties.value) : []),
		...checkCallsLeft(client),
		passed(
			'New Companies',
			'If HubSpot creates and associates companies by itself (Settings, Objects, Companies), it does so for synced contacts too; switch it off there if that is not wanted',
		),
	];
}

async function checkContactWrites(writer: HubSpotWriter): Promise<SetUpFinding> {
	const check = 'Writing Contacts';
	const answer = await writer.mayWriteContacts();
	return answer.kind === 'ok' ? passed(check, 'The key may create and update contacts') : problem(check, answer);
}

async function checkList(
	client: HubSpotClient,
	writer: HubSpotWriter,
	choice: Result<ListChoice | undefined>,
): Promise<SetUpFinding[]> {
	const check = 'List';
	if (choice.kind !== 'ok') return [problem(check, choice)];
	if (!choice.value) return [passed(check, 'No list is filled: contacts are created and updated in the account')];
	const found = await findList(client, choice.value);
	if (found.kind !== 'ok') return [problem(check, found)];
	if (!found.value && 'id' in choice.value)
		return [problem(check, missing(`HubSpot has no list ${choice.value.id} in this account`))];
	if (!found.value && 'name' in choice.value)
		return [passed(check, `There is no list '${choice.value.name}' yet; the first sync creates a static one`)];
	const list = found.value;
	if (!list) return [];
	const unfit = unfitAsTarget(list);
	if (unfit) return [problem(check, unfit)];
	const may = await writer.addToList(list.id, []);
	// A list without changes is refused or passed over; only what the key may not do counts.
	if (may.kind === 'stop') return [problem(check, may)];
	return [passed(check, `The static list '${list.name}' (ID ${list.id}) exists, and the key may change its members`)];
}

const missing = (reason: string): Failure => ({ kind: 'stop', code: 'LIST_NOT_FOUND', reason });

async function checkSegmentList(client: HubSpotClient, id: string): Promise<SetUpFinding> {
	const check = 'Inclusion Segment';
	const found = await findList(client, { id });
	if (found.kind !== 'ok') return problem(check, found);
	if (!found.value) return problem(check, missing(`HubSpot has no list ${id} in this account`));
	const { name, processingType, processingStatus } = found.value;
	if (processingType !== 'DYNAMIC')
		return problem(check, { kind: 'stop', code: 'SEGMENT_NOT_ACTIVE', reason: `'${name}' is no active list` });
	if (processingStatus === 'PROCESSING')
		return warned(check, `HubSpot is still working out who is in '${name}'`, 'Check again once it has finished.');
	return passed(check, `Members of the active list '${name}' (ID ${id}) are updated, and no other contacts`);
}

function checkKeyProperty(properties: readonly HubSpotProperty[], chosen: string | undefined): SetUpFinding {
	const check = 'Key Property';
	const key = keyPropertyOf(properties, chosen);
	if (key.kind !== 'ok') return problem(check, key);
	if (key.value !== undefined)
		return passed(check, `Contacts are found by '${key.value}', also when their address changes`);
	return warned(
		check,
		`The account has no property '${KEY_PROPERTY}', so a contact is found by its address alone`,
		`Create the contact property '${KEY_PROPERTY}' in HubSpot (single-line text, 'Require unique values for this property'), and a changed address updates the contact it belongs to.`,
	);
}

/**
 * Who opted out has to be seen. The calls that opt an address out need a scope of their own, and a legal basis where the account asks for
 * one (H23).
 */
async function checkOptOuts(
	writer: HubSpotWriter,
	properties: readonly HubSpotProperty[],
	{ legalBasis, carriesOptOuts, setsMarketing }: Pick<HubSpotSetUp, 'legalBasis' | 'carriesOptOuts' | 'setsMarketing'>,
): Promise<SetUpFinding[]> {
	const check = 'Opt-Outs';
	const hidden = faultInOptOuts(properties, { optOuts: carriesOptOuts ? 'block' : 'ignore', setsMarketing });
	if (hidden) return [problem(check, hidden)];
	if (!carriesOptOuts) return [];
	const may = await writer.mayOptOut();
	if (may.kind === 'stop') return [problem(check, may)];
	const message =
		'The key may unsubscribe contacts. What is unsubscribed so cannot be subscribed again by the organisation';
	if (legalBasis) return [passed(check, message)];
	return [
		warned(
			check,
			`${message}. No legal basis is set`,
			"If the account's data privacy setting is on, choose 'Legal Basis' and fill 'Legal Basis Explanation' in the options.",
		),
	];
}

/**
 * Marketing contacts need a scope of their own, and an account that has such. No call tells that: a property of their status and one contact
 * that is one do, by two calls at most.
 */
async function checkMarketing(
	client: HubSpotClient,
	writer: HubSpotWriter,
	properties: readonly HubSpotProperty[],
): Promise<SetUpFinding[]> {
	const check = 'Marketing Contacts';
	const may = await writer.mayImport();
	if (may.kind !== 'ok') return [problem(check, may)];
	const none =
		"Without marketing contacts in the account (Marketing Hub), set 'Marketing Contacts' to 'Leave As They Are'.";
	if (!properties.some(({ name }) => name === MARKETING_PROPERTY))
		return [warned(check, `The account has no property '${MARKETING_PROPERTY}', so none can be set`, none)];
	const found = await client.searchContacts({
		filterGroups: [{ filters: [{ propertyName: MARKETING_PROPERTY, operator: 'EQ', value: 'true' }] }],
		sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
		properties: [MARKETING_PROPERTY],
	});
	if (found.kind !== 'ok') return [problem(check, found)];
	if (found.value.items.length === 0)
		return [warned(check, 'The key may import, but no contact of the account is a marketing contact yet', none)];
	return [passed(check, 'The key may set marketing contacts. HubSpot bills each of them')];
}

function checkCallsLeft({ limits: { daily } }: HubSpotClient): SetUpFinding[] {
	if (!daily) return [];
	const message = `${daily.remaining.toLocaleString('en-US')} of ${daily.limit.toLocaleString('en-US')} calls of the day are left`;
	return [
		daily.remaining * 10 < daily.limit
			? warned(
					'HubSpot Calls Left',
					message,
					'Let other tools call HubSpot less, or sync tomorrow.',
					'DAILY_LIMIT_REACHED',
				)
			: passed('HubSpot Calls Left', message),
	];
}

const mappingTarget = (properties: readonly HubSpotProperty[], keyProperty: string | undefined): MappingTarget => ({
	system: 'HubSpot',
	noun: 'property',
	creates: true,
	fields: toDestinationFields(properties, keyProperty ?? KEY_PROPERTY),
	notWritable: (property, node) =>
		properties.some(({ name }) => name === property)
			? {
					reason: `The HubSpot property '${property}' cannot be written`,
					fix: `Remove the row '${property}' from '${node}' or map another property.`,
				}
			: {
					reason: `HubSpot has no contact property '${property}'`,
					fix: `Create the property '${property}' in HubSpot (Settings, Properties), or remove its row from '${node}'.`,
				},
});
