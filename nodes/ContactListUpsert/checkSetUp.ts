import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readMappedContact } from '../../core/contact/readMappedContact';
import { isRecord, textOf } from '../../core/json';
import { readyPage } from '../../core/readyPage';
import type { SetUpFinding } from '../../core/setUpFinding';
import { describeFindings } from '../../core/setUpFinding';
import { destinationSystem } from '../shared/vendors/destinationSystems';
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
	const { followed: from } = before;
	const page = readyPage({ from, ...listName(context), destination: system.label, mapped, findings, tried });
	const { message, ...mail } = page;
	return [good, [], [{ json: { check: READY, status: 'ok', message, ...mail }, ...link }]];
}
