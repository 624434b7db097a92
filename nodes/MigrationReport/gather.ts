import type { IDataObject, IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import type { ExportSummary } from '../../clients/exports/contacts/summary';
import { isRecord } from '../../core/json';
import type { SummaryJson } from '../ContactListUpsert/summaryItem';
import { handedOn } from '../shared/n8n/workflow/handedOn';
import { EXPORT_NODE, MAPPING_NODE, UPSERT_NODE } from '../shared/n8n/workflow/ourNodes';

/** Outputs of Read Contact Export. */
const [OPTED_OUT, SUBSCRIBED, NO_CONSENT, REFUSED, SUMMARY] = [0, 1, 2, 3, 4] as const;
/** Output of Contact List Upsert with its summary. */
const RUN_SUMMARY = 2;
const [MAPPED_EXCLUDED, SYNCED, NOT_SYNCED] = [1, 0, 1] as const;

type Items = readonly IDataObject[];

/** A run of Contact List Upsert with what became of each contact. */
export interface Run {
	readonly summary: SummaryJson;
	readonly items: Items;
}

export interface Migration {
	readonly files: ExportSummary;
	readonly optedOut: Items;
	readonly subscribed: Items;
	readonly noConsent: Items;
	readonly refused: Items;
	/** What Map Contact Fields left out. */
	readonly excluded: Items;
	/** The dry run of a preview, or the import. */
	readonly run: Run;
	/** The dry run after the import: what still differs. */
	readonly readBack?: Run;
	/** Contacts of the files that came to no Contact List Upsert: an output is not connected, or a node took them out. */
	readonly unseen: { readonly optedOut: Items; readonly subscribed: Items };
}

/** What was read, with what of it was not seen. */
export function withUnseen(read: Omit<Migration, 'unseen'>): Migration {
	const { optedOut, subscribed, excluded, run } = read;
	const seen = new Set([...run.items, ...excluded].map(({ key }) => key));
	const unseen = (items: Items): Items => items.filter(({ key }) => !seen.has(key));
	return { ...read, unseen: { optedOut: unseen(optedOut), subscribed: unseen(subscribed) } };
}

/** Reads what the nodes before this one handed on in this execution. Text: what is missing. */
export function gather(context: IExecuteFunctions, operation: 'preview' | 'report'): Migration | string {
	const nodes = context.getParentNodes(context.getNode().name).filter(({ disabled }) => disabled !== true);
	const itemsOf = handedOn(context);
	const runOf = (summary: SummaryJson): Run => ({
		summary,
		items: [...itemsOf(summary.node, SYNCED), ...itemsOf(summary.node, NOT_SYNCED)],
	});
	const [reader, another] = nodes.filter(({ type }) => EXPORT_NODE.test(type));
	if (!reader) return "There is no node 'Read Contact Export' before this one";
	if (another) return `Two nodes read exports before this one: '${reader.name}' and '${another.name}'`;
	const [files] = itemsOf(reader.name, SUMMARY);
	if (!files) return `'${reader.name}' did not run, or read nothing`;
	const last = lastSummary(context);
	if (!last) return NO_SUMMARY;
	if (!last.dryRun)
		return operation === 'preview'
			? `'${last.node}' wrote the contacts already: a preview is made from a 'Dry Run'`
			: `Read the import back first: connect a Contact List Upsert in a 'Dry Run' between '${last.node}' and this node`;
	if (operation === 'preview' && context.getNodeParameter('consentConfirmed', 0, false) !== true)
		return NO_CONSENT_TOLD;
	const imported = operation === 'preview' ? undefined : importBefore(nodes, last, itemsOf);
	if (operation === 'report' && !imported) return NO_IMPORT;
	const mappers = nodes.filter(({ type }) => MAPPING_NODE.test(type));
	return withUnseen({
		files: files as unknown as ExportSummary,
		optedOut: itemsOf(reader.name, OPTED_OUT),
		subscribed: itemsOf(reader.name, SUBSCRIBED),
		noConsent: itemsOf(reader.name, NO_CONSENT),
		refused: itemsOf(reader.name, REFUSED),
		excluded: mappers.flatMap(({ name }) => itemsOf(name, MAPPED_EXCLUDED)),
		run: runOf(imported ?? last),
		...(imported ? { readBack: runOf(last) } : {}),
	});
}

const NO_SUMMARY =
	"Connect this node to the output 'Summary' of a Contact List Upsert, which its option 'Summary Output' adds";
const NO_IMPORT =
	"No Contact List Upsert before this node wrote contacts with the option 'Summary Output' on, so there is nothing to report";
const NO_CONSENT_TOLD =
	"Consent is not confirmed: set 'Confirm Consent' once you vouch that the contacts whom the files call subscribed agreed to get e-mail";

function lastSummary(context: IExecuteFunctions): SummaryJson | undefined {
	return context
		.getInputData()
		.map(({ json }) => json)
		.find(isSummary) as SummaryJson | undefined;
}

/** The run that wrote; of several the last one. */
function importBefore(
	nodes: readonly NodeTypeAndVersion[],
	last: SummaryJson,
	itemsOf: (node: string, output: number) => Items,
): SummaryJson | undefined {
	const summaries = nodes
		.filter(({ type, name }) => UPSERT_NODE.test(type) && name !== last.node)
		.flatMap(({ name }) => itemsOf(name, RUN_SUMMARY))
		.filter(isSummary) as unknown as SummaryJson[];
	return summaries.filter(({ dryRun }) => !dryRun).sort((a, b) => b.at.localeCompare(a.at))[0];
}

const isSummary = (json: IDataObject): boolean =>
	typeof json.node === 'string' && typeof json.dryRun === 'boolean' && isRecord(json.statuses);
