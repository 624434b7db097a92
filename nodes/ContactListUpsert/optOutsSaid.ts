import type { IExecuteFunctions } from 'n8n-workflow';
import { readOptedOut } from '../../core/contact/optedOut';
import type { SetUpFinding } from '../../core/setUpFinding';
import { problem } from '../../core/setUpFinding';
import { isRecord } from '../../core/json';

/**
 * Salesforce and HubSpot say of every record whether the contact opted out, so an item that says nothing comes of a field that the
 * credential may not see, or of a node in between. Only the trigger can ask them; the items at hand tell it here.
 */
export function checkOptOutsSaid(context: IExecuteFunctions): SetUpFinding[] {
	if (context.getNodeParameter('optOuts', 0, 'block') === 'ignore') return [];
	return Object.entries(SOURCES).flatMap(([system, name]) => {
		const silent = context.getInputData().filter(({ json }) => isSilent(json, system)).length;
		if (silent === 0) return [];
		const reason = `${silent} of the contacts from ${name} do not say whether they opted out: the user of the credential may not see Email Opt Out, or a node in between left 'optedOut' out`;
		return [problem('Opt-Outs', { kind: 'stop', code: 'OPT_OUTS_HIDDEN', reason })];
	});
}

const SOURCES = { salesforce: 'Salesforce', hubspot: 'HubSpot' };

/** A record that was deleted for good says nothing at all. */
function isSilent({ source, change, optedOut }: Readonly<Record<string, unknown>>, system: string): boolean {
	const isOfSystem = isRecord(source) && source.system === system;
	return isOfSystem && change !== 'deleted' && readOptedOut(optedOut) === null;
}
