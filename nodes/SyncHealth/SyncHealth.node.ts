import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { N8N_CREDENTIAL } from '../shared/quota/openQuotaLedger';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { syncHealthHints, syncHealthProperties } from './description';
import { lookUp } from './lookUp';
import { record } from './record';
import { report } from './report';
import { resend } from './resend';
import { readOperation } from './settings';

/** One input, but for Record: n8n runs a node with several inputs once for all that comes in. */
const INPUTS = `={{ $parameter["operation"] === "record" ? ["Synced", "Not Synced", "Left Out", "Over Quota"].map((displayName) => ({ type: "main", displayName })) : ["main"] }}`;

/** The names of the outputs of each operation; with Record an item leaves by the output of the name of its input. */
const OUTPUTS = `={{ (({ lookUp: ["Answers"], resend: ["Contacts"], report: ["Report", "Causes"] })[$parameter["operation"]] ?? ["Synced", "Not Synced", "Left Out", "Over Quota"]).map((displayName) => ({ type: "main", displayName })) }}`;

export class SyncHealth implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sync Health',
		name: 'syncHealth',
		icon: { light: 'file:syncHealth.svg', dark: 'file:syncHealth.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ lookUp: "Look Up", resend: "Resend", report: "Report" })[$parameter["operation"]] ?? "Record: " + $parameter["sync"] }}',
		description:
			'Show which contacts of your syncs are not in sync and why, look one up, resend them, and send a report with a picture',
		defaults: { name: 'Sync Health' },
		inputs: INPUTS,
		outputs: OUTPUTS,
		outputNames: ['Synced', 'Not Synced', 'Left Out', 'Over Quota'],
		usableAsTool: undefined,
		credentials: [{ name: N8N_CREDENTIAL, required: true }],
		hints: syncHealthHints,
		properties: syncHealthProperties,
	};

	methods = { listSearch: { searchTimeZones } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		switch (readOperation(this)) {
			case 'lookUp':
				return await lookUp(this);
			case 'resend':
				return await resend(this);
			case 'report':
				return await report(this);
			case 'record':
				return await record(this);
		}
	}
}
