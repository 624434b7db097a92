/** Most names that are proposed for one that does not exist. */
const MOST = 3;

/**
 * The names that one which does not exist may be a slip of: the nearest ones; none where no name is near. Capitals,
 * underscores and blanks do not count, and the beginning of a path (`Account` of `Account.Name`) is near to it.
 */
export function closeNames(typed: string, names: readonly string[]): readonly string[] {
	const wanted = bare(typed);
	const slips = allowedSlips(wanted);
	const near = names
		.map((name) => ({ name, distance: name.startsWith(`${typed}.`) ? 0 : editDistance(wanted, bare(name), slips) }))
		.filter(({ distance }) => distance <= slips);
	const nearest = Math.min(...near.map(({ distance }) => distance));
	return near.flatMap(({ name, distance }) => (distance === nearest ? [name] : [])).slice(0, MOST);
}

/** What to add to a message about names that do not exist; empty where no name is near. */
export function didYouMean(typed: readonly string[], names: readonly string[]): string {
	const near = [...new Set(typed.flatMap((name) => closeNames(name, names)))].slice(0, MOST);
	return near.length === 0 ? '' : `. Did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`;
}

const bare = (name: string): string => name.toLowerCase().replace(/[_\s]/g, '');

/** Short names are near to many: the shorter, the fewer letters may differ. */
const allowedSlips = (name: string): number => (name.length < 3 ? 0 : name.length < 6 ? 1 : 2);

/** Letters to add, drop, replace or swap with the next one, to make the one of the other; more than `most` where it is more. */
function editDistance(from: string, to: string, most: number): number {
	if (Math.abs(from.length - to.length) > most) return most + 1;
	let beforeLast: readonly number[] = [];
	let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (let row = 1; row <= from.length; row++) {
		const now = [row];
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1];
			const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			now.push(
				Math.min(
					(last[column] ?? 0) + 1,
					(now[column - 1] ?? 0) + 1,
					(last[column - 1] ?? 0) + (same ? 0 : 1),
					swapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
				),
			);
		}
		[beforeLast, last] = [last, now];
	}
	return last[to.length] ?? 0;
}
