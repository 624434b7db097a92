/** The mode of a resource locator that offers what `searchListMethod` finds. */
export const fromListMode = (placeholder: string, searchListMethod: string) => ({
	displayName: 'From List',
	name: 'list',
	type: 'list' as const,
	placeholder,
	typeOptions: { searchListMethod, searchable: true },
});

/** The mode for an id that is a number; the error names the `noun`, e.g. `list`. `optional`: nothing need be picked. */
export const numberMode = (example: string, noun: string, { optional = false } = {}) => ({
	displayName: 'By ID',
	name: 'id',
	type: 'string' as const,
	placeholder: `e.g. ${example}`,
	validation: [
		{
			type: 'regex',
			properties: { regex: `^\\s*[0-9]${optional ? '*' : '+'}\\s*$`, errorMessage: `The ID of a ${noun} is a number` },
		},
	],
});
