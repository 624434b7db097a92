import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { FirstSyncEstimate } from '../../core/firstSyncCost';
import { estimateFirstSync } from '../../core/firstSyncCost';
import { readMappedContact } from '../../core/contact/readMappedContact';
import { isRecord, textOf } from '../../core/json';
import { readyPage } from '../../core/readyPage';
import type { SetUpFinding } from '../../core/setUpFinding';
import { describeFindings } from '../../core/setUpFinding';
import { readingCosts } from '../shared/vendors/readingCosts';
import type { DestinationSystem } from '../shared/vendors/destinationSystem';
import { destinationSystem } from '../shared/vendors/destinationSystems';
import type { BeginningTrigger } from './nodesBefore';
import { nodesBefore } from './nodesBefore';
import { checkOptOutsSaid } from './optOutsSaid';
import { listName, readList } from './settings';

const READY = 'Ready';

/**
 * The operation Check Set-Up: looks at the account and at the nodes before this one, and writes nothing. One item for each
 * check; problems leave by the second output. Without a problem the third has a page to look at or to mail. Never fails the run:
 * what is wrong is the answer.
 */
export async function checkSetUp(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const before = nodesBefore(context);
	const system = destinationSystem(context, (name) => context.getNodeParameter(name, 0, ''));
	// Nothing is created here, whatever 'List' says.
	const list = readList(context, false, system);
	const carriesOptOuts = context.getNodeParameter('optOuts', 0, 'block') !== 'ignore';
	const findings = [
		...(await system.checkSetUp(
			{ list, mappings: before.mappings, carriesOptOuts, now: Date.now() },
			context.getExecutionCancelSignal(),
		)),
		...before.findings,
		...checkOptOutsSaid(context),
	];
	const problems = findings.filter(({ status }) => status === 'problem');
	context.addExecutionHints({
		message: describeFindings(findings),
		type: problems.length > 0 ? 'warning' : 'info',
		location: 'outputPane',
	});
	// The answer is about the set-up, whatever came in; without any item there is nothing to link to.
	const link = context.getInputData().length > 0 ? { pairedItem: { item: 0 } } : {};
	const toItem = (finding: SetUpFinding): INodeExecutionData => ({ json: { ...finding }, ...link });
	const good = findings.filter(({ status }) => status !== 'problem').map(toItem);
	if (problems.length > 0) return [good, problems.map(toItem), []];
	const mapped = before.mappings.flatMap(({ rows }) => rows.map(({ destination }) => destination));
	const tried = {
		passed: context.getInputData().filter(({ json }) => readMappedContact(json) !== undefined).length,
		leftOut: before.excluded.map(({ outcome }) => (isRecord(outcome) ? textOf(outcome.code) : '')),
	};
	const { followed: from, beginning } = before;
	const withList = list.kind === 'ok' && list.value !== undefined;
	const estimate = await estimateOf(beginning, system, mapped, withList);
	const page = readyPage({ from, ...listName(context), destination: system.label, mapped, findings, tried, estimate });
	const { message, ...mail } = page;
	return [good, [], [{ json: { check: READY, status: 'ok', message, ...mail }, ...link }]];
}

/** Of several triggers nothing says how their first syncs meet. */
async function estimateOf(
	[first, ...others]: readonly BeginningTrigger[],
	system: DestinationSystem,
	mapped: readonly string[],
	withList: boolean,
): Promise<FirstSyncEstimate | undefined> {
	if (!first || others.length > 0) return undefined;
	const fields = await system.fields();
	const filled = fields.kind === 'ok' ? fields.value.filter(({ name }) => mapped.includes(name)) : [];
	const destination = system.firstSyncCost(filled, withList);
	return estimateFirstSync({ sources: [readingCosts[first.source]], destination, contacts: first.size });
}
