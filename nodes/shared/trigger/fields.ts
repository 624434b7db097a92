import type { INodeProperties, NodeHint } from 'n8n-workflow';

/** Where the editor shows the credentials; by itself it would put them before the last parameter that one of them depends on. */
export const credentialsPlace: INodeProperties = {
	displayName: 'Credentials',
	name: 'credentials',
	type: 'credentials',
	default: '',
};

/** HB-07, SB-07. `contacts`: "the contacts of this list". */
export const consentField = (contacts: string): INodeProperties => ({
	displayName: 'Confirm Consent',
	name: 'consentConfirmed',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	required: true,
	description: `Whether you confirm that ${contacts} agreed to be contacted. The workflow runs only when this is on.`,
});

/** Reminds of the consent as long as it is not confirmed. */
export const consentHint = (contacts: string): NodeHint => ({
	message: `Tick 'Confirm Consent' before you publish the workflow: ${contacts} must have agreed to be contacted.`,
	type: 'warning',
	location: 'ndv',
	whenToDisplay: 'always',
	displayCondition: '={{ $parameter["consentConfirmed"] !== true }}',
});

/** What happens to records that exist already. */
export const firstSyncField = (texts: {
	readonly all: { readonly name: string; readonly description: string };
	readonly fromNow: string;
	readonly description: string;
}): INodeProperties => ({
	displayName: 'First Sync',
	name: 'firstSync',
	type: 'options',
	noDataExpression: true,
	options: [
		{ ...texts.all, value: 'all' },
		{ name: 'Only Changes From Now On', value: 'fromNow', description: texts.fromNow },
	],
	default: 'all',
	description: texts.description,
});

export const batchSizeOption: INodeProperties = {
	displayName: 'Batch Size',
	name: 'batchSize',
	type: 'number',
	default: 1000,
	typeOptions: { minValue: 1, maxValue: 5000, numberPrecision: 0 },
	description: 'Most contacts of one execution',
};

/** Where batches may be larger, see `batchSizes`. */
export const growingBatchSizeOption: INodeProperties = {
	...batchSizeOption,
	description:
		'Most contacts of one execution. Unless this is set it is 5,000 where only quick nodes follow, fewer where the contacts are large. Elsewhere it is 1,000, and grows up to 5,000 where that is faster, but not before a Quota Guard.',
};

/** HB-28. `calls`: "the account's daily HubSpot calls". */
export const dailyReserveOption = (calls: string): INodeProperties => ({
	displayName: 'Daily Call Reserve (%)',
	name: 'dailyReserve',
	type: 'number',
	default: 10,
	typeOptions: { minValue: 0, maxValue: 90 },
	description: `Share of ${calls} that is left to other tools. When fewer are left, the sync pauses until the limit renews.`,
});

export const lookbackOption = (minutes: number, why: string): INodeProperties => ({
	displayName: 'Lookback (Minutes)',
	name: 'lookbackMinutes',
	type: 'number',
	default: minutes,
	typeOptions: { minValue: 0, maxValue: 1440 },
	description: `How far each search for changes reaches back before the last one. ${why}; raise it if changes go missing.`,
});

export const syncAgainOption: INodeProperties = {
	displayName: 'Sync Everybody Again',
	name: 'syncAgain',
	type: 'boolean',
	default: true,
	description:
		'Whether to begin anew when the workflow is published next: every contact is passed on once more. This happens once. To do it another time, publish with this option off, then with it on.',
};

export const acknowledgedOption: INodeProperties = {
	displayName: 'Wait for the Workflow',
	name: 'acknowledged',
	type: 'boolean',
	default: true,
	description:
		'Whether a batch counts as delivered only when its execution succeeded. When it did not, the same contacts are delivered again. Off: batches are started and not followed up.',
};
