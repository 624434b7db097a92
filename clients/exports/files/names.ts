import type { TableNames } from './table';

/** The names in what people know a table by: `export.zip › folder/subscribed.csv`. */
export function namesOf(name: string, sheet = ''): TableNames {
	const inArchives = name.split(' › ');
	const [first = '', ...paths] = inArchives;
	const parts = paths.length === 0 ? [first.split('/').at(-1) ?? first] : paths.flatMap((path) => path.split('/'));
	return { file: parts.at(-1) ?? name, sheet, folders: parts.slice(0, -1) };
}
