import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { MappedContact } from '../../core/contact/contact';
import { readMappedContact } from '../../core/contact/readMappedContact';
import { exclusively } from '../../core/calls/exclusively';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { failed } from '../../core/upsert/contactResult';
import { describeTotals } from '../../core/upsert/describeRun';
import { summariseRun } from '../../core/upsert/summariseRun';
import { tellProgress } from '../../core/upsert/tellProgress';
import { tellDryRun, tellRun } from '../../core/upsert/tellRun';
import type { UpsertReport } from '../../core/upsert/upsertContacts';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import { noteCalls } from '../shared/n8n/workflow/callsOfRun';
import { handBack } from '../shared/trigger/handedBack';
import { readBeginning, staleItems } from '../shared/trigger/staleItems';
import { writtenBySyncs } from '../shared/trigger/writtenBySyncs';
import type { ConnectedDestination, DestinationSystem } from '../shared/vendors/destinationSystem';
import {
	destinationCredentials,
	destinationLabelExpression,
	destinationSystem,
} from '../shared/vendors/destinationSystems';
import { toNodeError } from '../shared/n8n/toNodeError';
import { warning } from '../shared/n8n/hints';
import { checkSetUp } from './checkSetUp';
import { droppedOptOuts } from './droppedOptOuts';
import { contactListUpsertProperties } from './description';
import { saveExecutionData } from './executionData';
import { searchFolders, searchLists, searchSegments } from './listSearch';
import type { NodeSettings } from './settings';
import { hasSummary, listName, readOperation, readSettings, savesKeys } from './settings';
import { summaryItem } from './summaryItem';
import { toItems } from './toItems';
import { publishedWithoutWriting } from './writesNothing';

/** The names of the outputs of each operation. Their order is the same, so that connections stay; what can be mailed comes last. */
const OUTPUTS = `={{ ($parameter["operation"] === "checkSetUp" ? ["Passed", "Problems", "Page"] : ["Synced", "Not Synced", ...($parameter["options"]["summary"] ? ["Summary"] : [])]).map((displayName) => ({ type: "main", displayName })) }}`;

export class ContactListUpsert implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Contact List Upsert',
		name: 'contactListUpsert',
		icon: { light: 'file:contactListUpsert.svg', dark: 'file:contactListUpsert.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: `={{ $parameter["operation"] === "checkSetUp" ? "Check Set-Up" : "To " + ${destinationLabelExpression} + ($parameter["options"]["dryRun"] ? ", Dry Run" : "") }}`,
		description:
			'Create and update contacts in Brevo, HubSpot or Salesforce, take those off the list that left, and say what became of each',
		defaults: { name: 'Contact List Upsert' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		outputNames: ['Synced', 'Not Synced'],
		usableAsTool: undefined,
		credentials: destinationCredentials,
		properties: contactListUpsertProperties,
	};

	methods = { listSearch: { searchLists, searchFolders, searchSegments } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		if (readOperation(this) !== 'checkSetUp') return await upsertItems(this);
		const unwritten = publishedWithoutWriting(this, this.getInputData(), 'checkSetUp');
		if (unwritten) throw toNodeError(this.getNode(), unwritten);
		return await checkSetUp(this);
	}
}

async function upsertItems(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return hasSummary(context) ? [[], [], []] : [[], []];
	const system = destinationSystem(context, (name) => context.getNodeParameter(name, 0, ''));
	const settings = readSettings(context, system);
	const contacts = items.map(({ json }) => readMappedContact(json));
	const dryRun = isDryRun(settings);
	const report = await upsertOrRefuse(context, system, contacts, settings);
	noteCalls(context.getExecutionId(), dryRun ? 0 : (report.cost?.calls ?? 0));
	const totals = describeTotals(report.results);
	// Before a failing run ends: its executions are the ones that are searched for.
	if (savesKeys(context)) saveExecutionData(context, contacts, report.results, dryRun ? `Dry run: ${totals}` : totals);
	// Only what passes by itself may leave by the second output; a wrong setting or key has to be seen.
	const failRun = settings.kind !== 'ok' || settings.value.failRun || report.failure?.kind === 'stop';
	if (report.failure && failRun && !context.continueOnFail())
		throw toNodeError(context.getNode(), withTotals(report.failure, report, totals));
	// All contacts of a batch carry the same mark.
	const delivery = contacts.find((contact) => contact !== undefined)?.delivery;
	const progress = tellProgress(delivery, Date.now());
	const told = (dryRun && !report.failure ? tellDryRun : tellRun)(report, {
		...listName(context),
		blocked: settings.kind === 'ok' ? blockedOf(contacts, report, settings.value) : 0,
		...(progress === undefined ? {} : { progress }),
	});
	context.addExecutionHints({
		message: told,
		type: report.failure ? 'warning' : 'info',
		location: 'outputPane',
	});
	const dropped = droppedOptOuts(context, items);
	if (dropped !== undefined) context.addExecutionHints(warning(dropped));
	const outputs = toItems(items, report.results);
	if (!hasSummary(context)) return outputs;
	const summary = summariseRun(contacts, report, dryRun);
	return [...outputs, [summaryItem(context, summary, { told, destination: system.label, delivery })]];
}

const isDryRun = (settings: Result<NodeSettings>): boolean => settings.kind === 'ok' && settings.value.upsert.dryRun;

/** Brings the contacts into the destination. Where the run must not, or a setting is wrong, each of them ends as that failure. */
async function upsertOrRefuse(
	context: IExecuteFunctions,
	system: DestinationSystem,
	contacts: ReadonlyArray<MappedContact | undefined>,
	settings: Result<NodeSettings>,
): Promise<UpsertReport> {
	const items = context.getInputData();
	const refused = isDryRun(settings) ? publishedWithoutWriting(context, items, 'dryRun') : staleItems(context, items);
	if (refused) return allFailed(contacts, refused);
	if (settings.kind !== 'ok') return allFailed(contacts, settings);
	return await upsert(context, system, contacts, settings.value);
}

/** How many of the contacts opted out at the source, and are blocked or would be. */
function blockedOf(
	contacts: ReadonlyArray<MappedContact | undefined>,
	{ results }: UpsertReport,
	{ upsert: { optOuts } }: NodeSettings,
): number {
	if (optOuts === 'ignore') return 0;
	return contacts.filter((contact, index) => contact?.optedOut === true && arrived(results[index])).length;
}

const arrived = (result: UpsertReport['results'][number] | undefined): boolean =>
	result !== undefined && result.outcome.status !== 'failed' && result.outcome.status !== 'excluded';

/** One batch at a time per account: what is read stays true until it is written. */
async function upsert(
	context: IExecuteFunctions,
	system: DestinationSystem,
	contacts: ReadonlyArray<MappedContact | undefined>,
	{ list, upsert: rules }: NodeSettings,
): Promise<UpsertReport> {
	const connected = await system.connect(context.getExecutionCancelSignal());
	if (connected.kind !== 'ok') return allFailed(contacts, connected);
	const { account, clock } = connected.value;
	return await exclusively(account, async () => {
		const written = rules.mode === 'optOutsOnly' ? [] : contacts;
		const fieldNames = [...new Set(written.flatMap((contact) => Object.keys(contact?.contact.attributes ?? {})))];
		const destination = await connected.value.open(list, fieldNames);
		if (destination.kind !== 'ok') return allFailed(contacts, destination);
		const handedBack = rules.dryRun
			? ok(undefined)
			: await handBackHeld(context, connected.value, destination.value.listId);
		if (handedBack.kind !== 'ok') return allFailed(contacts, handedBack);
		return await upsertContacts(contacts, destination.value, { ...rules, written: writtenBySyncs }, clock);
	});
}

/**
 * For a trigger that begins without a memory: which records of its source the list holds, before this batch is written. Read
 * once, in one call for 1,000 contacts of the list.
 */
async function handBackHeld(
	context: IExecuteFunctions,
	destination: ConnectedDestination,
	listId: string | undefined,
): Promise<Result<unknown>> {
	const begun = context
		.getInputData()
		.flatMap(({ json }) => readBeginning(json) ?? [])
		.slice(0, 1);
	for (const batch of begun) {
		const { system, account, object } = batch.source;
		const held = await destination.recordsOnList(listId, [system, account, object].join(':'));
		if (held.kind !== 'ok') return held;
		if (held.value) handBack(context.getWorkflow().id, batch, held.value);
	}
	return ok(undefined);
}

function allFailed(contacts: readonly unknown[], failure: Failure): UpsertReport {
	return { results: contacts.map(() => failed(failure)), failure };
}

/** When some contacts got through, the message says how many. */
function withTotals(failure: Failure, { results }: UpsertReport, totals: string): Failure {
	const noneGotThrough = results.every(({ outcome }) => outcome.code === failure.code);
	return noneGotThrough ? failure : { ...failure, reason: `${failure.reason} (${totals})` };
}
