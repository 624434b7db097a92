import { dirname, join } from 'node:path';
import { filesIn, read } from './repository';

const files = new Set(filesIn().filter((file) => file.endsWith('.ts')));

/** The files of this repository that a file imports from, types included. */
function importedBy(file: string): string[] {
	return [...read(file).matchAll(/\bfrom '(\.[^']*)'/g)].flatMap(([, path = '']) => {
		const target = join(dirname(file), path);
		return [`${target}.ts`, `${target}/index.ts`].filter((name) => files.has(name));
	});
}

/** Groups of files that each import every other one of their group, directly or not (Tarjan's algorithm). */
function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
	const cycles: string[][] = [];
	const order = new Map<string, number>();
	const open: string[] = [];
	const visit = (file: string): number => {
		order.set(file, order.size);
		let low = order.size - 1;
		open.push(file);
		for (const next of edges.get(file) ?? []) {
			if (!order.has(next)) low = Math.min(low, visit(next));
			else if (open.includes(next)) low = Math.min(low, order.get(next) ?? low);
		}
		if (low === order.get(file)) {
			const group = open.splice(open.indexOf(file));
			if (group.length > 1) cycles.push(group.sort());
		}
		return low;
	};
	for (const file of edges.keys()) if (!order.has(file)) visit(file);
	return cycles;
}

describe('imports', () => {
	it('of values or of types lead round in no circle (the lint rule sees those of values only)', () => {
		expect(cyclesOf(new Map([...files].map((file) => [file, importedBy(file)])))).toEqual([]);
	});

	it('that do are found', () => {
		const edges = new Map([
			['a', ['b', 'd']],
			['b', ['c']],
			['c', ['b']],
			['d', []],
		]);
		expect(cyclesOf(edges)).toEqual([['b', 'c']]);
	});
});
