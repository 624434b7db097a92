import type { TriggerPanelDefinition } from 'n8n-workflow';

/** n8n's own words speak of one mock event. `records`: "contacts". */
export const triggerPanel = (records: string): TriggerPanelDefinition => ({
	header: `Look at ${records} before you publish`,
	executionsHelp: {
		inactive: `<b>While you build the workflow</b>, press 'Fetch Test Event': up to ten ${records} come, the newest first. Nothing is written and nothing remembered.<br /><br /><b>Once it is published</b>, all ${records} come in batches, and from then on every change. Each batch shows up in the <a data-key="executions">executions</a>.`,
		active: `<b>While you build the workflow</b>, press 'Fetch Test Event': up to ten ${records} come, the newest first. Nothing is written and nothing remembered.<br /><br /><b>The workflow is published</b>: ${records} come in batches by themselves. Each batch shows up in the <a data-key="executions">executions</a>.`,
	},
	activationHint: `Publish the workflow, and ${records} come by themselves.`,
});
