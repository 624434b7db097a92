/**
 * Poll times for a trigger that should look every few seconds. n8n refuses a single schedule of less than a minute, but
 * takes several of a minute each. `seconds` must divide 60.
 */
export const pollsEvery = (seconds: number) => ({
	item: Array.from({ length: 60 / seconds }, (_unused, index) => ({
		mode: 'custom',
		cronExpression: `${index * seconds} * * * * *`,
	})),
});
