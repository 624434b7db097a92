import type { INodeProperties } from 'n8n-workflow';

type DisplayOptions = INodeProperties['displayOptions'];

/** How a node words the choice of what is read of each record. */
export interface FieldSelection {
	/** As the system calls what it knows of a record. */
	readonly noun: 'Property' | 'Field' | 'Attribute';
	readonly selection: string;
	readonly picked: string;
	readonly loadOptionsMethod: string;
	readonly loadOptionsDependsOn?: string[];
	/** How texts call the node: "trigger", "node". */
	readonly node: 'trigger' | 'node';
	readonly description: string;
	readonly show?: NonNullable<DisplayOptions>['show'];
}

const NOUNS = { Property: 'properties', Field: 'fields', Attribute: 'attributes' } as const;

/** Which fields are read: by themselves, or those that are picked. */
export function fieldSelectionFields(choice: FieldSelection): INodeProperties[] {
	const { noun, selection, picked, loadOptionsMethod, loadOptionsDependsOn, node, description, show } = choice;
	const nouns = NOUNS[noun];
	return [
		{
			displayName: `${nouns.charAt(0).toUpperCase()}${nouns.slice(1)} to Read`,
			name: selection,
			type: 'options',
			noDataExpression: true,
			...(show ? { displayOptions: { show } } : {}),
			options: [
				{
					name: 'Automatic',
					value: 'automatic',
					description: `The ${nouns} that the nodes after this ${node} use: those mapped in Map Contact Fields, and those named in expressions, of a filter for instance; without a mapping the most common ones`,
				},
				{ name: 'Selected', value: 'selected', description: `The ${nouns} you pick` },
			],
			default: 'automatic',
			description,
		},
		{
			displayName: `${noun} Names or IDs`,
			name: picked,
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod, ...(loadOptionsDependsOn ? { loadOptionsDependsOn } : {}) },
			displayOptions: { show: { ...show, [selection]: ['selected'] } },
			default: [],
			description:
				'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		},
	];
}
