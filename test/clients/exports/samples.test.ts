import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { file, read } from './reading';

/** Real headers and files of the tools, where a folder with them is at hand. */
const FOLDER = process.env.EXPORT_SAMPLES ?? '';
const names = existsSync(FOLDER)
	? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:csv|txt|xlsx?|zip)$/.test(name))
	: [];

describe('files of the tools themselves', () => {
	if (names.length === 0) it.skip('MG-02: are read (EXPORT_SAMPLES names no folder with samples)', () => {});

	it.each(names)('MG-02: %s is read', async (name) => {
		const taken = await read([file(name, new Uint8Array(readFileSync(join(FOLDER, name))))]);
		if (process.env.SHOW_NUMBERS)
			console.log(
				name,
				JSON.stringify(taken.result.kind === 'read' ? taken.result.summary : taken.result),
				taken.standings,
				taken.refused,
			);
		expect(taken.result.kind).toBe('read');
	});
});
