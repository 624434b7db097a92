import type { INodeProperties, NodeHint } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { ledgerOptions, quotaFields, quotaRuleFields, reserveOptions } from '../shared/quota/quotaParameters';

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get Usage',
			value: 'getUsage',
			action: 'Get the usage of a quota',
			description: 'Tell how much is used and how much was in earlier periods, with a report to send by e-mail',
		},
		{
			name: 'Reserve',
			value: 'reserve',
			action: 'Reserve tasks of a quota',
			description: 'Count each item as a task and let no more on than the quota allows',
		},
	],
	default: 'reserve',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...updateDisplayOptions({ show: { '/operation': ['reserve'] } }, reserveOptions), ...ledgerOptions],
};

export const quotaGuardProperties: INodeProperties[] = [
	operation,
	...quotaFields,
	...updateDisplayOptions({ show: { operation: ['reserve'] } }, quotaRuleFields),
	options,
];

/** What the editor says beside the parameters before anything runs. */
export const quotaGuardHints: NodeHint[] = [
	{
		message:
			"<b>'Over Quota' belongs to a Stop and Error node.</b> With one connected there, the run fails and the trigger keeps the contacts until the quota renews or is raised; without one they count as delivered.",
		type: 'info',
		location: 'ndv',
		whenToDisplay: 'beforeExecution',
		displayCondition: '={{ $parameter["operation"] !== "getUsage" }}',
	},
	{
		message: "<b>The limit is 0:</b> nothing goes on unless the data table's cell 'limit' says another number.",
		type: 'warning',
		location: 'ndv',
		whenToDisplay: 'always',
		displayCondition: '={{ $parameter["operation"] !== "getUsage" && $parameter["taskLimit"] === 0 }}',
	},
];
