import type { IExecuteFunctions } from 'n8n-workflow';
import { readOptedOut } from '../../core/contact/optedOut';
import type { SetUpFinding } from '../../core/setUpFinding';
import { problem } from '../../core/setUpFinding';
import { isRecord } from '../../core/json';

/**
 * Salesforce says of every record whether the contact opted out, so an item that says nothing comes of a field that the user
 * of the credential may not see. Only the trigger can ask Salesforce; the items at hand tell it here.
 */
export function checkOptOutsSaid(context: IExecuteFunctions): SetUpFinding[] {
	if (context.getNodeParameter('optOuts', 0, 'block') === 'ignore') return [];
	const silent = context.getInputData().filter(({ json }) => isSilent(json)).length;
	if (silent === 0) return [];
	const reason = `${silent} of the contacts from Salesforce do not say whether they opted out: the user of the credential may not see Email Opt Out`;
	return [problem('Opt-Outs', { kind: 'stop', code: 'OPT_OUTS_HIDDEN', reason })];
}

/** A record that was deleted for good says nothing at all. */
function isSilent({ source, change, optedOut }: Readonly<Record<string, unknown>>): boolean {
	const isFromSalesforce = isRecord(source) && source.system === 'salesforce';
	return isFromSalesforce && change !== 'deleted' && readOptedOut(optedOut) === null;
}
