import type { INode, INodeProperties } from 'n8n-workflow';
import type { QuotaSettings } from '../../../core/quota/ledger';
import { readThresholds } from '../../../core/quota/thresholds';
import { plainNumber } from '../../../core/plainNumber';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { isExpression } from '../n8n/parameters';
import { pickedTimeZone, timeZoneOption } from '../n8n/timeZoneField';
import { invalid } from '../trigger/settings';
import { idTextOf, isRecord } from '../../../core/json';

/** Longest name of a data table (n8n's `dataTableNameSchema`); that of a quota is held to the same. */
const LONGEST_NAME = 128;
const HIGHEST_LIMIT = 1_000_000_000;

/** Which quota, and how large: the same in every node that looks at it. */
export const quotaFields: INodeProperties[] = [
	{
		displayName: 'Quota',
		name: 'quota',
		type: 'string',
		default: 'Contact Sync',
		required: true,
		placeholder: 'e.g. Contact Sync',
		description: 'Name of the quota. All nodes that give the same name, in any workflow, count together.',
	},
	{
		displayName: 'Limit (Tasks)',
		// Rules for parameters called `limit` take them for a number of results.
		name: 'taskLimit',
		type: 'number',
		default: 100_000,
		typeOptions: { minValue: 0, maxValue: HIGHEST_LIMIT, numberPrecision: 0 },
		description:
			"Tasks in a period; one contact sent on is one task. A number in the cell 'limit' of the data table counts instead.",
	},
	{
		displayName: 'Period',
		name: 'period',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Calendar Month', value: 'month', description: 'Renews on the first of the month at midnight' },
			{ name: 'Day', value: 'day', description: 'Renews every day at midnight' },
		],
		default: 'month',
		description: 'When the quota renews',
	},
];

/** What happens on the way to the limit and at it. */
export const quotaRuleFields: INodeProperties[] = [
	{
		displayName: 'Alert Thresholds (%)',
		name: 'thresholds',
		type: 'string',
		default: '80, 100',
		placeholder: 'e.g. 80, 100',
		description:
			"Shares of the limit that are announced on the output 'Alert', once each in a period. Left empty, nothing is.",
	},
	{
		displayName: 'When Exceeded',
		name: 'whenExceeded',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Finish the Batch, Then Stop',
				value: 'finishBatch',
				description: 'The batch that crosses the limit goes through whole, the next one not at all',
			},
			{
				name: 'Stop Exactly at the Limit',
				value: 'strict',
				description: 'Of the batch that crosses the limit, only as many contacts go through as there are tasks left',
			},
		],
		default: 'finishBatch',
		description: 'What becomes of the batch that would cross the limit',
	},
];

/** Where the quota is counted, and by which calendar. Nodes with these offer `searchTimeZones`. */
export const ledgerOptions: INodeProperties[] = [
	{
		displayName: 'Table',
		name: 'table',
		type: 'string',
		default: 'Contact Sync Quota',
		placeholder: 'e.g. Contact Sync Quota',
		description: 'Name of the n8n data table in which tasks are counted. It is made if there is none.',
	},
	timeZoneOption({
		description: 'Where days and months begin. Left empty, it is the time zone of the workflow.',
		placeholder: 'Of the workflow',
	}),
];

/** Further parameters of a node that reserves tasks. */
export const reserveOptions: INodeProperties[] = [
	{
		displayName: 'Count Opt-Outs as Tasks',
		name: 'countOptOuts',
		type: 'boolean',
		default: false,
		description:
			'Whether contacts that opted out are counted, and held when the quota is used up, like any other. Off: they always pass, so that no contact stays mailable for want of a task.',
	},
	{
		displayName: 'When the Ledger Cannot Be Reached',
		name: 'whenUnreachable',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Fail the Run',
				value: 'fail',
				description: 'A trigger of this package then delivers the same contacts again',
			},
			{
				name: 'Let Everything Through',
				value: 'letThrough',
				description: 'The contacts are sent on without being counted',
			},
		],
		default: 'fail',
		description: 'What to do when n8n does not answer, so that the usage is unknown',
	},
];

/** A quota as a node has it set, checked. */
export interface QuotaChoice {
	readonly settings: QuotaSettings;
	/** Name of the ledger's data table. */
	readonly table: string;
}

/** Gives a parameter of `quotaFields` and `quotaRuleFields` by its name, one of `ledgerOptions` as `options.table`. */
export type ReadParameter = (name: string) => unknown;

/** What an expression gives that gives nothing: no default stands in for it, for another quota would be counted without a word. */
const NOTHING = Symbol('nothing');

/** Reads parameters of a running node: `valueOf` gives null for one that is not set. */
export const parametersOf =
	(node: Pick<INode, 'parameters'>, valueOf: ReadParameter): ReadParameter =>
	(name) =>
		valueOf(name) ?? (isExpression(node, name) ? NOTHING : null);

/** Reads and checks the parameters of a quota; the message names the one to change. `workflowZone`: `getTimezone()`. */
export function readQuota(read: ReadParameter, workflowZone: string): Result<QuotaChoice> {
	const quota = nameOf(read('quota') ?? defaultOf('quota'));
	if (quota === undefined) return invalid(`'Quota' must be a name of 1 to ${LONGEST_NAME} characters`);
	const table = nameOf(read('options.table') ?? defaultOf('table'));
	if (table === undefined) return invalid(`'Table' must be a name of 1 to ${LONGEST_NAME} characters`);
	const limit = limitOf(read('taskLimit') ?? defaultOf('taskLimit'));
	if (limit === undefined)
		return invalid(`'Limit' must be a whole number of tasks up to ${HIGHEST_LIMIT.toLocaleString('en-US')}`);
	const thresholds = readThresholds(listText(read('thresholds') ?? defaultOf('thresholds')));
	if (thresholds.kind !== 'ok') return thresholds;
	const zone = pickedTimeZone(locatedValue(read('options.timeZone')));
	if (zone.kind !== 'ok') return zone;
	const settings: QuotaSettings = {
		quota,
		limit,
		period: read('period') === 'day' ? 'day' : 'month',
		mode: read('whenExceeded') === 'strict' ? 'strict' : 'finishBatch',
		thresholds: thresholds.value,
		timeZone: zone.value ?? workflowZone,
	};
	return ok({ settings, table });
}

/** Parameters for reserving tasks only; their expressions need not be known to look at a quota. */
const RULES: ReadonlySet<string> = new Set(quotaRuleFields.map(({ name }) => name));
const LABELS = new Map([...quotaFields, ...ledgerOptions].map(({ name, displayName }) => [name, displayName]));

/**
 * The quota of a node found in the workflow, from its stored parameters, to look at it and not to reserve. An expression
 * means something only where its node runs, so it is refused.
 */
export function readQuotaOf(
	node: { readonly name: string; readonly parameters?: Readonly<Record<string, unknown>> },
	workflowZone: string,
): Result<QuotaChoice> {
	const { parameters = {} } = node;
	const options = isRecord(parameters.options) ? parameters.options : {};
	const stored: ReadParameter = (name) => {
		if (RULES.has(name)) return undefined;
		return name.startsWith('options.') ? options[name.slice('options.'.length)] : parameters[name];
	};
	for (const [name, label] of LABELS) {
		const value = locatedValue(stored(name) ?? stored(`options.${name}`));
		if (typeof value === 'string' && value.startsWith('='))
			return invalid(
				`'${label}' of '${node.name}' is an expression, which cannot be worked out here: choose 'As Set Here' in 'Pause While Over Quota', or write a fixed value there`,
			);
	}
	return readQuota(stored, workflowZone);
}

/** What an option left out, or a parameter of a node found in the workflow, counts as. */
const defaultOf = (parameter: string): unknown =>
	[...quotaFields, ...quotaRuleFields, ...ledgerOptions].find(({ name }) => name === parameter)?.default;

/** A list as people type it, and as expressions give it; what is none is told as such. */
function listText(value: unknown): string {
	if (Array.isArray(value)) return value.map((one) => idTextOf(one) || NO_NUMBER).join(', ');
	return typeof value === 'string' ? value : idTextOf(value) || NO_NUMBER;
}

const NO_NUMBER = '?';

/** A name of people's own; undefined where it is none. */
function nameOf(value: unknown): string | undefined {
	const name = Number.isNaN(value) ? '' : idTextOf(value).trim();
	return name !== '' && name.length <= LONGEST_NAME ? name : undefined;
}

/** Expressions may give a number as text. An emptied field is no limit of 0. */
function limitOf(value: unknown): number | undefined {
	const limit = plainNumber(value) ?? NaN;
	return Number.isInteger(limit) && limit >= 0 && limit <= HIGHEST_LIMIT ? limit : undefined;
}

/** The value of a resource locator; of anything else itself. */
const locatedValue = (value: unknown): unknown => (isRecord(value) ? value.value : value);
