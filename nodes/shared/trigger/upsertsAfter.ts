import type { IExecuteFunctions, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { MAPPING_NODE, UPSERT_NODE } from '../n8n/workflow/ourNodes';
import { destinationKinds } from '../vendors/destinationSystems';

type Upsert = NodeTypeAndVersion & { readonly isDryRun: boolean };

/** The Contact List Upsert nodes after the running one that upsert. An expression counts as a run that writes. */
export const upsertsAfter = (context: IExecuteFunctions | IPollFunctions): Upsert[] =>
	nodesAfter(context, UPSERT_NODE)
		.filter(({ parameters }) => parameters?.operation !== 'checkSetUp')
		.map((node) => ({ ...node, isDryRun: isDryRun(node) }));

/** Whether those write nothing: `all` of them, `some`, or `none`. */
export function dryRunsAfter(context: IExecuteFunctions | IPollFunctions): 'all' | 'some' | 'none' {
	const upserts = upsertsAfter(context);
	const dry = upserts.filter(({ isDryRun }) => isDryRun).length;
	if (dry === 0) return 'none';
	return dry === upserts.length ? 'all' : 'some';
}

/**
 * Whether edits of a destination that follows may come back by another workflow, so that it matters which fields changed: its kind
 * is a source as well, or the mapping says so.
 */
export const feedsBothWays = (context: IExecuteFunctions | IPollFunctions): boolean =>
	nodesAfter(context, MAPPING_NODE).some(({ parameters }) => optionOf(parameters, 'editsComeBack')) ||
	upsertsAfter(context).some(({ parameters }) => {
		const { destination = 'brevo' } = parameters ?? {};
		return typeof destination === 'string' && destinationKinds[destination]?.bothWays === true;
	});

/** Destinations that follow in which the record of a contact that was deleted at the source is deleted (SB-27). */
export const systemsThatDelete = (context: IPollFunctions): readonly string[] => [
	...new Set(
		upsertsAfter(context).flatMap(({ parameters: { leavers, destination } = {} }) =>
			leavers === 'delete' && typeof destination === 'string' ? [destination] : [],
		),
	),
];

const isDryRun = ({ parameters }: NodeTypeAndVersion): boolean => optionOf(parameters, 'dryRun');

/** Whether an option is switched on; an expression counts as off. */
const optionOf = (parameters: NodeTypeAndVersion['parameters'], name: string): boolean =>
	(parameters?.options as Readonly<Record<string, unknown>> | undefined)?.[name] === true;
