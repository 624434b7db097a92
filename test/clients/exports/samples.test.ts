import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '../../support/describeUnless';
import { file, read } from './reading';

/** A folder with files of the tools themselves, where one is at hand. */
const FOLDER = process.env.EXPORT_SAMPLES ?? '';
const isThere = FOLDER !== '' && existsSync(FOLDER);

describeUnless(isThere ? undefined : 'EXPORT_SAMPLES names no folder', 'files of the tools themselves', () => {
	// A suite that is skipped is set up all the same.
	const files = isThere ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }) : ['none.csv'];
	const names = files.filter((name) => /\.(?:csv|txt|xlsx?|zip)$/.test(name));

	it.each(names)('MG-02: %s is read', async (name) => {
		const { result } = await read([file(name, new Uint8Array(readFileSync(join(FOLDER, name))))]);
		expect(result).toMatchObject({ kind: 'read' });
	});
});
