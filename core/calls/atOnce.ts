import pLimit from 'p-limit';

/**
 * A function that carries out calls, `most` of them at once, and the others in their order. The package ships its own p-limit in this file
 * (gulpfile.js): n8n 1.x has none that a community node can load.
 */
export const atOnce = (most: number): (<T>(call: () => Promise<T>) => Promise<T>) => {
	const limit = pLimit(most);
	return async (call) => await limit(call);
};
