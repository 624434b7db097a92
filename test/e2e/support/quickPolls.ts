/**
 * Poll times for a trigger that should look every ten seconds. n8n refuses a single schedule of less than a minute, but
 * takes several of a minute each.
 */
export const QUICK_POLLS = {
	item: [0, 10, 20, 30, 40, 50].map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })),
};
