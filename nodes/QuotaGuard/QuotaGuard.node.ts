import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { N8N_CREDENTIAL } from '../shared/quota/openQuotaLedger';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { quotaGuardHints, quotaGuardProperties } from './description';
import { getUsage } from './getUsage';
import { reserve } from './reserve';
import { readOperation } from './settings';

/** The names of the outputs of each operation. */
const OUTPUTS = `={{ ($parameter["operation"] === "getUsage" ? ["Usage"] : ["Within Quota", "Over Quota", "Alert"]).map((displayName) => ({ type: "main", displayName })) }}`;

export class QuotaGuard implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Quota Guard',
		name: 'quotaGuard',
		icon: { light: 'file:quotaGuard.svg', dark: 'file:quotaGuard.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ($parameter["operation"] === "getUsage" ? "Get Usage: " : "Reserve: ") + $parameter["quota"] }}',
		description:
			'Count the HubSpot and Salesforce contacts that all your syncs send to Brevo against one quota, warn before it is used up, and then let no more on',
		defaults: { name: 'Quota Guard' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		outputNames: ['Within Quota', 'Over Quota', 'Alert'],
		usableAsTool: undefined,
		credentials: [{ name: N8N_CREDENTIAL, required: true }],
		hints: quotaGuardHints,
		properties: quotaGuardProperties,
	};

	methods = { listSearch: { searchTimeZones } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return readOperation(this) === 'getUsage' ? await getUsage(this) : await reserve(this);
	}
}
