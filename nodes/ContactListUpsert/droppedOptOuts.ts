import type { IExecuteFunctions, INodeExecutionData, NodeTypeAndVersion } from 'n8n-workflow';
import { readOptedOut } from '../../core/contact/optedOut';
import { textOf } from '../../core/json';
import { inWords } from '../../core/upsert/describeRun';
import { handedOn } from '../shared/n8n/workflow/handedOn';
import { MAPPING_NODE, QUOTA_NODE, READ_NODE, TRIGGER_NODE, UPSERT_NODE } from '../shared/n8n/workflow/ourNodes';

/** By this output Map Contact Fields and Quota Guard keep contacts back, each with its reason. */
const KEPT_BACK = 1;

/**
 * Contacts that opted out or left, and that a node between the trigger and this one took out, such as a Filter on a field that they
 * do not carry: they stay on the list and mailable. Undefined where there are none, or where another Contact List Upsert may have
 * had them.
 */
export function droppedOptOuts(context: IExecuteFunctions, items: readonly INodeExecutionData[]): string | undefined {
	const { name } = context.getNode();
	const before = context.getParentNodes(name).filter(({ disabled }) => disabled !== true);
	// A Read Contacts in between reads other contacts: what starts it is filtered on purpose.
	if (namesOf(before, READ_NODE).length > 0) return undefined;
	const triggers = namesOf(before, TRIGGER_NODE);
	const others = triggers.flatMap((trigger) => namesOf(context.getChildNodes(trigger), UPSERT_NODE));
	if (others.some((other) => other !== name)) return undefined;
	const itemsOf = handedOn(context);
	const must = triggers
		.flatMap((trigger) => itemsOf(trigger, 0))
		.filter(({ optedOut, change }) => readOptedOut(optedOut) === true || change === 'removed' || change === 'deleted');
	if (must.length === 0) return undefined;
	const keepers = [...namesOf(before, MAPPING_NODE), ...namesOf(before, QUOTA_NODE)];
	const seen = [...items.map(({ json }) => json), ...keepers.flatMap((keeper) => itemsOf(keeper, KEPT_BACK))];
	const keys = new Set(seen.map(({ key }) => textOf(key)));
	const lost = new Set(must.map(({ key }) => textOf(key)).filter((key) => !keys.has(key))).size;
	if (lost === 0) return undefined;
	return `${inWords(lost, 'contact')} that opted out or left did not get here: a node such as a Filter took ${lost === 1 ? 'it' : 'them'} out, so ${lost === 1 ? 'it stays' : 'they stay'} on the list as before. Let items pass whose 'change' is 'removed' or 'deleted', or whose 'optedOut' is true.`;
}

const namesOf = (nodes: readonly NodeTypeAndVersion[], type: RegExp): string[] =>
	nodes.filter((node) => type.test(node.type)).map(({ name }) => name);
