import type { IExecuteFunctions } from 'n8n-workflow';
import { TRIGGER_NODE } from '../shared/n8n/workflow/ourNodes';

/** The parameters of our triggers that say `selected` where the fields to read were picked by hand. */
const SELECTIONS = ['propertySelection', 'fieldSelection', 'attributeSelection'];

/**
 * Whether contacts that lack a mapped field can only be older than the mapping: a run in the editor works with what was fetched
 * before, and a trigger that reads the mapped fields by itself would read them all by now.
 */
export function mayBeStale(context: IExecuteFunctions): boolean {
	if (context.getMode() !== 'manual') return false;
	const triggers = context
		.getParentNodes(context.getNode().name, { includeNodeParameters: true })
		.filter(({ type, disabled }) => TRIGGER_NODE.test(type) && !disabled);
	return (
		triggers.length > 0 &&
		triggers.every(({ parameters }) => SELECTIONS.every((selection) => parameters?.[selection] !== 'selected'))
	);
}

/** What is said about contacts of a test that lack mapped fields. `fields`: as people know them. */
export const staleMessage = (fields: readonly string[]): string =>
	`These test contacts were fetched before ${listed(fields)} ${fields.length > 1 ? 'were' : 'was'} mapped. Press Fetch Test Event in the trigger again; what is still missing then, a node in between drops.`;

const listed = (names: readonly string[]): string =>
	names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}` : names.join();
