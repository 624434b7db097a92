import type { NodeHint } from 'n8n-workflow';
import { destinationKinds } from '../../shared/vendors/destinationSystems';

const TABLE_ROWS =
	"Object.entries($parameter.mapping?.value ?? {}).filter(([, value]) => value && !value.startsWith('__'))";
const BELOW = '($parameter.moreMappings?.row ?? []).map(row => row.destinationField)';
const MAPPED = `[...${TABLE_ROWS}.map(([name]) => name), ...${BELOW}]`;
/** Rows of the table that count and that the table marked when it was laid out (see `SavedRow` and `TableOption`). */
const MARKED = `($parameter.mapping?.schema ?? []).filter(row => !${BELOW}.includes(row.id)).some(row => {
	const value = $parameter.mapping.value?.[row.id];
	return value && (row.gone || (row.options ?? []).some(option => option.drifted && option.value === value));
})`;

/** How a row comes back that was removed from the table, in the words of n8n's editor. */
export const BRING_BACK = "A row that was removed comes back with 'Add attribute to send' below the rows.";

/**
 * What the editor says beside the mapping before anything runs. n8n works the conditions out anew whenever a parameter
 * changes; they see what is stored, not what source and destination hold.
 */
export const mappingHints: NodeHint[] = [
	...Object.entries(destinationKinds).flatMap(([name, { identifiers }]) => [
		{
			message: `<b>Nothing is mapped yet.</b> Pick a source field for ${identifiers.map(({ label }) => label).join(' or ')}, and for whatever else is to be synced.`,
			displayCondition: `={{ $parameter.destination === '${name}' && ${MAPPED}.length === 0 }}`,
			...beside('info'),
		},
		{
			message: `<b>${noneOf(identifiers.map(({ label }) => label))} mapped.</b> ${identifiers.length === 2 ? 'One of the two' : 'One of them'} is required; the node stops without it. ${BRING_BACK}`,
			displayCondition: `={{ $parameter.destination === '${name}' && ${MAPPED}.length > 0 && !${MAPPED}.some(name => ${JSON.stringify(identifiers.map(({ field }) => field))}.includes(name)) }}`,
			...beside('warning'),
		},
	]),
	{
		message:
			"<b>A mapped field is gone, or its type was changed and no longer fits.</b> The node stops before the first contact. Look for 'no longer' in the mapping, then pick another field in that row or remove the row.",
		displayCondition: `={{ ${MARKED} }}`,
		...beside('warning'),
	},
];

/** 'Email is not', or 'Neither Email nor SMS is'. */
function noneOf(labels: readonly string[]): string {
	return labels.length > 1 ? `Neither ${labels.join(' nor ')} is` : `${labels[0] ?? ''} is not`;
}

function beside(type: NodeHint['type']): Pick<NodeHint, 'type' | 'location' | 'whenToDisplay'> {
	return { type, location: 'outputPane', whenToDisplay: 'always' };
}
