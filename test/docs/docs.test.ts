import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { REASONS } from '../../core/outcome';
import { reasonCodesPage } from '../../scripts/reasonCodesPage';

const ROOT = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

function markdownFiles(folder = ROOT): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		if (['node_modules', 'dist', '.git', 'test-artefacts'].includes(entry.name)) return [];
		const path = join(folder, entry.name);
		return entry.isDirectory() ? markdownFiles(path) : entry.name.endsWith('.md') ? [path] : [];
	});
}

describe('the docs', () => {
	it('list every reason code as the code has it', () => {
		expect(read('docs/reason-codes.md')).toBe(reasonCodesPage());
	});

	it('give advice in whole sentences', () => {
		for (const { advice } of Object.values(REASONS)) expect(advice).toMatch(/^[A-Z'].*\.$/);
	});

	it('only link to pages and images that exist', () => {
		const missing = markdownFiles().flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
				.map(([, target]) => join(dirname(file), decodeURIComponent(target ?? '')))
				.filter((target) => !existsSync(target))
				.map((target) => `${file}: ${target}`),
		);
		expect(missing).toEqual([]);
	});
});
