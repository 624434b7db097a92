import type { NodeHint } from 'n8n-workflow';

const TABLE_ROWS =
	"Object.entries($parameter.mapping?.value ?? {}).filter(([, value]) => value && !value.startsWith('__'))";
const BELOW = '($parameter.moreMappings?.row ?? []).map(row => row.destinationField)';
const MAPPED = `[...${TABLE_ROWS}.map(([name]) => name), ...${BELOW}]`;
/** Rows of the table that count and that the table marked when it was laid out (see `SavedRow` and `TableOption`). */
const MARKED = `($parameter.mapping?.schema ?? []).filter(row => !${BELOW}.includes(row.id)).some(row => {
	const value = $parameter.mapping.value?.[row.id];
	return value && (row.gone || (row.options ?? []).some(option => option.drifted && option.value === value));
})`;

/**
 * What the editor says beside the mapping before anything runs. n8n works the conditions out anew whenever a parameter
 * changes; they see what is stored, not what HubSpot and Brevo hold.
 */
export const mappingHints: NodeHint[] = [
	{
		message:
			'<b>Nothing is mapped yet.</b> Pick a source field for Email or SMS, and for whatever else is to be synced.',
		displayCondition: `={{ ${MAPPED}.length === 0 }}`,
		...beside('info'),
	},
	{
		message: '<b>Neither Email nor SMS is mapped.</b> One of the two is required (HB-11); the node stops without it.',
		displayCondition: `={{ ${MAPPED}.length > 0 && !${MAPPED}.some(name => name === 'EMAIL' || name === 'SMS') }}`,
		...beside('warning'),
	},
	{
		message:
			"<b>A mapped field is gone, or its type was changed and no longer fits.</b> The node stops before the first contact. Look for 'no longer' in the mapping, then pick another field in that row or remove the row.",
		displayCondition: `={{ ${MARKED} }}`,
		...beside('warning'),
	},
];

function beside(type: NodeHint['type']): Pick<NodeHint, 'type' | 'location' | 'whenToDisplay'> {
	return { type, location: 'outputPane', whenToDisplay: 'always' };
}
