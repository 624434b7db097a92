import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** What no commit holds: installed, built or written by a run. */
const NOT_OURS = ['node_modules', 'dist', '.git', '.cache', 'coverage', 'test-artefacts'];

/** The text of a file, named by its path from the root. */
export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every file below a folder, as its path from the root with `/` between the names. */
export function filesIn(folder = ''): string[] {
	return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
		if (NOT_OURS.includes(entry.name)) return [];
		const path = join(ROOT, folder, entry.name);
		const name = relative(ROOT, path).split(sep).join('/');
		return entry.isDirectory() ? filesIn(name) : [name];
	});
}

/** Every page of the docs: Markdown anywhere in the repository. */
export const pages = (): string[] => filesIn().filter((file) => file.endsWith('.md'));

/** The anchors of a page's headings, as GitHub makes them: lower-case, marks left out, blanks as hyphens. */
export function anchorsOf(page: string): string[] {
	const seen = new Map<string, number>();
	return [...withoutBlocks(page).matchAll(/^#{1,6} +(.+?)\s*$/gm)].map(([, heading = '']) => {
		const anchor = heading
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-');
		const before = seen.get(anchor) ?? 0;
		seen.set(anchor, before + 1);
		return before === 0 ? anchor : `${anchor}-${before}`;
	});
}

/** A page without its blocks of code. */
export const withoutBlocks = (page: string): string => page.replace(/^ *```[\s\S]*?^ *```/gm, '');
