import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { Delivery } from '../../core/contact/contact';
import type { ContactName, OnDemandSource } from '../../core/contact/readOnDemand';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { textForItem } from '../shared/n8n/parameters';
import { toNodeError } from '../shared/n8n/toNodeError';
import { getContactProperties, searchLists } from '../shared/records/hubSpotPickers';
import {
	getConditionFields,
	getReadableFields,
	searchCampaigns,
	searchListViews,
} from '../shared/records/salesforcePickers';
import { dryRunsAfter } from '../shared/trigger/upsertsAfter';
import { sourceLabelExpression } from '../shared/vendors/mappingSource';
import { sourceCredentials } from '../shared/vendors/sourceSystems';
import { readContactsProperties } from './description';
import type { NameReading, Place } from './names';
import { nameOfItem, nameOfText } from './names';
import { openSource } from './openSource';
import { namesHint, rangeHint } from './readHints';
import type { NodeSettings } from './settings';
import { readSettings } from './settings';
import { contactItem, failedItems, notFoundItem } from './toItems';

const SUBTITLE = `={{ ${sourceLabelExpression} + ": " + ($parameter["source"] === "salesforce"
	? ({
		listView: "$s in a List View",
		campaign: "$s in a Campaign",
		conditions: "$s That Meet Conditions",
		named: "Named $s",
	}[$parameter["scope"]] ?? "All $s").replace("$", $parameter["object"])
	: $parameter["contacts"] === "named" ? "Named Contacts" : "Members of a List") }}`;

type Outputs = [contacts: INodeExecutionData[], notFound: INodeExecutionData[]];

export class ReadContacts implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Read Contacts',
		name: 'readContacts',
		icon: { light: 'file:readContacts.svg', dark: 'file:readContacts.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: SUBTITLE,
		description:
			'Read HubSpot or Salesforce contacts when you want them: the members of a list, the records of a scope, or the contacts that items name',
		defaults: { name: 'Read Contacts' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Contacts', 'Not Found'],
		usableAsTool: undefined,
		credentials: sourceCredentials,
		properties: readContactsProperties,
	};

	methods = {
		listSearch: { searchLists, searchListViews, searchCampaigns },
		loadOptions: { getContactProperties, getReadableFields, getConditionFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (items.length === 0) return [[], []];
		const read = await readContacts(this, items);
		if (read.kind === 'ok') return read.value;
		if (!this.continueOnFail()) throw toNodeError(this.getNode(), read);
		return [[], failedItems(items, read)];
	}
}

async function readContacts(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<Result<Outputs>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const delivery = deliveryNow(context);
	const opened = await openSource(context, settings.value);
	if (opened.kind !== 'ok') return opened;
	return settings.value.named
		? await readNamed(context, items, opened.value, settings.value, delivery)
		: await readRange(context, opened.value, settings.value, delivery);
}

/**
 * Made before anything is read: by its instant what was read is older than a batch that a trigger emits meanwhile. As a trigger does, it
 * says that *Dry Run* was seen, because a published run that writes nothing is refused otherwise.
 */
const deliveryNow = (context: IExecuteFunctions): Delivery => ({
	phase: 'resync',
	sequence: 0,
	at: new Date().toISOString(),
	...(dryRunsAfter(context) === 'none' ? {} : { dryRun: true }),
});

async function readRange(
	context: IExecuteFunctions,
	source: OnDemandSource,
	{ range }: NodeSettings,
	delivery: Delivery,
): Promise<Result<Outputs>> {
	const read = await source.readRange(range);
	if (read.kind !== 'ok') return read;
	const { contacts, more } = read.value;
	context.addExecutionHints(rangeHint(contacts.length, more, range));
	return ok([contacts.map((contact) => contactItem(contact, delivery, [0])), []]);
}

async function readNamed(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	source: OnDemandSource,
	settings: NodeSettings,
	delivery: Delivery,
): Promise<Result<Outputs>> {
	const readings = readNames(context, items, placeOf(source, settings));
	/** The names that can be looked up, and the item of each. */
	const names: ContactName[] = [];
	const indexes: number[] = [];
	for (const [index, reading] of readings.entries()) {
		if (reading.kind === 'none') continue;
		names.push(reading);
		indexes.push(index);
	}
	const read =
		names.length === 0 ? ok({ found: [], missing: new Map<number, string>() }) : await source.readNamed(names);
	if (read.kind !== 'ok') return read;
	const { found, missing } = read.value;
	const { since } = settings.range;
	const changed = found.filter(({ contact }) => since === undefined || Date.parse(contact.changedAt) >= since);
	const contacts = changed.map(({ contact, names: positions }) =>
		contactItem(
			contact,
			delivery,
			positions.map((position) => indexes[position] ?? 0).sort((a, b) => a - b),
		),
	);
	const reasons = new Map([...missing].map(([position, reason]) => [indexes[position], reason]));
	const notFound = items.flatMap((item, index) => {
		const reading = readings[index];
		if (reading?.kind === 'none') return [notFoundItem(item, index, 'NO_CONTACT_NAMED', reading.reason)];
		const reason = reasons.get(index);
		return reason === undefined ? [] : [notFoundItem(item, index, 'CONTACT_NOT_FOUND', reason)];
	});
	const led = new Set(changed.flatMap(({ names: positions }) => positions)).size;
	const counts = {
		items: items.length,
		contacts: contacts.length,
		unchanged: items.length - led - notFound.length,
		notFound: notFound.length,
	};
	context.addExecutionHints(namesHint(counts, settings.range));
	return ok([contacts, notFound]);
}

/** What each item names. An expression that fails for an item names nothing. */
function readNames(context: IExecuteFunctions, items: readonly INodeExecutionData[], place: Place): NameReading[] {
	if (context.getNodeParameter('namedBy', 0, 'item') !== 'expression')
		return items.map(({ json }) => nameOfItem(json, place));
	return items.map((_, index) => {
		const text = textForItem(context, { name: 'contactName', label: 'Record ID, E-Mail or Key' }, index);
		return text.kind === 'ok' ? nameOfText(text.value, place) : { kind: 'none', reason: text.reason };
	});
}

const placeOf = ({ account }: OnDemandSource, settings: NodeSettings): Place => ({
	source: settings.source,
	account,
	object: settings.source === 'salesforce' ? settings.object : 'contact',
});
