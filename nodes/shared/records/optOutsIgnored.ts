import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { UPSERT_NODE } from '../n8n/workflow/ourNodes';

/** Whether every destination after the running node is set to leave opt-outs at the source. */
export function optOutsAreIgnored(context: IExecuteFunctions | IPollFunctions): boolean {
	const destinations = nodesAfter(context, UPSERT_NODE);
	return destinations.length > 0 && destinations.every(({ parameters }) => parameters?.optOuts === 'ignore');
}
