import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, filesIn, pages, read, ROOT, withoutBlocks } from './repository';

/** How many `.ts` files a folder may hold. */
const LARGEST_FOLDER = 14;
const README_LINES = 120;
/** Folders that a path in the docs may begin with. */
const TOP = filesIn().flatMap((file) => (file.includes('/') ? [file.slice(0, file.indexOf('/'))] : []));

const files = filesIn();
/** A file by its path, or by the end of it where the text has named the folder before. */
const isFile = (name: string): boolean => files.some((file) => file === name || file.endsWith(`/${name}`));
const isFolder = (name: string): boolean => files.some((file) => file.startsWith(`${name.replace(/\/$/, '')}/`));

describe('the repository', () => {
	it.each(['core', 'clients', 'nodes', 'credentials', 'sandbox', 'demo', 'benchmark', 'scripts', 'test'])(
		`no folder of %s holds more than ${LARGEST_FOLDER} .ts files`,
		(top) => {
			const counts = new Map<string, number>();
			for (const file of filesIn(top).filter((name) => name.endsWith('.ts')))
				counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
			expect([...counts].filter(([, count]) => count > LARGEST_FOLDER)).toEqual([]);
		},
	);

	it(`README has at most ${README_LINES} lines`, () => {
		expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(README_LINES);
	});
});

describe('an index', () => {
	it.each([
		['docs', 'md'],
		['docs/decisions', 'md'],
		['workflows', 'json'],
	])('%s/README.md links to every file of its folder', (folder, kind) => {
		const here = filesIn(folder).filter((file) => dirname(file) === folder && file.endsWith(`.${kind}`));
		const linked = [...read(`${folder}/README.md`).matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) =>
			join(folder, target),
		);
		expect(here.filter((file) => !file.endsWith('/README.md') && !linked.includes(file))).toEqual([]);
	});
});

describe('what the docs name exists', () => {
	it.each(pages())('%s: pages, images and headings that it links to', (page) => {
		const missing = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)[^)]*\)/g)].flatMap(([, target = '']) => {
			const [path = '', anchor] = decodeURIComponent(target).split('#');
			const file = path === '' ? page : join(dirname(page), path);
			if (!existsSync(join(ROOT, file))) return [target];
			return anchor === undefined || anchorsOf(read(file)).includes(anchor) ? [] : [target];
		});
		expect(missing).toEqual([]);
	});

	it.each(pages())('%s: files and folders in backticks', (page) => {
		const named = [...withoutBlocks(read(page)).matchAll(/`([\w@.-]+(?:\/[\w@.-]+)*\/?)`/g)].map(
			([, name = '']) => name,
		);
		const missing = named.filter((name) => {
			if (/\.(?:ts|js|mjs|md|yml)$/.test(name)) return !isFile(name);
			const [top = ''] = name.split('/');
			return name.includes('/') && TOP.includes(top) && !isFolder(name) && !isFile(name) && !isFile(`${name}.ts`);
		});
		expect(missing).toEqual([]);
	});

	it.each(pages())('%s: scripts of package.json', (page) => {
		const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
		const named = [...read(page).matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(test)\b)/g)].map(
			([, script, test]) => script ?? test ?? '',
		);
		expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
	});

	it('pages that code names, with their headings', () => {
		const code = files.filter((file) => /\.(?:ts|mjs|js|json|yml)$/.test(file) && !file.endsWith('package-lock.json'));
		const missing = code.flatMap((file) =>
			[
				...read(file).matchAll(
					/(?<![\w/.-]|blob\/main\/)((?:docs|sandbox|workflows)\/[\w/-]+\.md)(?:#([\w-]+))?|blob\/main\/([\w/-]+\.md)(?:#([\w-]+))?/g,
				),
			]
				.map(([, path, heading, linked, anchor]) => ({ page: path ?? linked ?? '', anchor: heading ?? anchor }))
				.filter(
					({ page, anchor }) =>
						!files.includes(page) || (anchor !== undefined && !anchorsOf(read(page)).includes(anchor)),
				)
				.map(({ page, anchor }) => `${file}: ${page}#${anchor ?? ''}`),
		);
		expect(missing).toEqual([]);
	});
});
