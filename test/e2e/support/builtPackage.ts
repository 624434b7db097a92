import type { BuiltPackage } from '../../../demo/n8n/packageBuild';

/** Test files run in processes of their own, which inherit this variable from the global set-up. */
const VARIABLE = 'CONTACT_SYNC_E2E_PACKAGE';

let shared: BuiltPackage | undefined;

export function shareBuiltPackage(built: BuiltPackage): void {
	shared = built;
	process.env[VARIABLE] = built.folder;
}

export function removeBuiltPackage(): void {
	shared?.remove();
}

/** The folder of the unpacked package. Throws when the tests were not started with jest.e2e.config.js. */
export function builtPackage(): Pick<BuiltPackage, 'folder'> {
	const folder = process.env[VARIABLE];
	if (folder === undefined) throw new Error('Run the end-to-end tests with `jest --config jest.e2e.config.js`');
	return { folder };
}
