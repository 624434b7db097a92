const tails = new Map<string, Promise<unknown>>();

/** Runs `work` when everything started before it with the same key has ended. Within this process; first come, first served. */
export async function exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = tails.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	const tail = mine.then(
		() => undefined,
		() => undefined,
	);
	tails.set(key, tail);
	void tail.then(() => {
		if (tails.get(key) === tail) tails.delete(key);
	});
	return await mine;
}
