// Finishes what `n8n-node build` (tsc plus icons) leaves in dist: packs each library that must ship into the file that uses it,
// because community nodes may not have runtime dependencies, and drops images that only the docs need.
const { readdirSync, readFileSync } = require('node:fs');
const { rm } = require('node:fs/promises');
const { build } = require('esbuild');
const { series } = require('gulp');

// Each with what it is built on. The workbook reader's build for modules has half the size: it leaves out code pages of before 1997.
const LIBRARIES = [
	{ file: 'dist/core/contact/phoneLibrary.js', libraries: ['libphonenumber-js'] },
	{ file: 'dist/core/calls/atOnce.js', libraries: ['p-limit', 'yocto-queue'] },
	{ file: 'dist/clients/exports/files/text/csvLibrary.js', libraries: ['papaparse'] },
	{ file: 'dist/clients/exports/files/archive/inflateLibrary.js', libraries: ['fflate'] },
	{ file: 'dist/clients/exports/files/workbook/workbookLibrary.js', libraries: ['@e965/xlsx'], conditions: ['import'] },
];

// Parts of libraries for browsers, workers and files on a disk, none of which is used. The scanner refuses them.
const ABSENT = {
	console: 'undefined',
	setTimeout: 'undefined',
	setImmediate: 'undefined',
	process: 'undefined',
	self: 'undefined',
	window: 'undefined',
	PAPA_BROWSER_CONTEXT: 'true',
};

const withoutBuiltIns = {
	name: 'without built-ins',
	setup(bundle) {
		bundle.onResolve({ filter: /^(?:stream|fs|module|worker_threads)$/ }, ({ path }) => ({
			path,
			namespace: 'absent',
		}));
		bundle.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
	},
};

function licenseOf(library) {
	const file = readdirSync(`node_modules/${library}`).find((name) => /^licen[sc]e(\.\w+)?$/i.test(name));
	return `${library}:\n\n${readFileSync(`node_modules/${library}/${file}`, 'utf8').trim()}`;
}

async function bundleLibraries() {
	for (const { file, libraries, conditions = [] } of LIBRARIES) {
		const licenses = libraries.map(licenseOf).join('\n\n');
		await build({
			entryPoints: [file],
			outfile: file,
			allowOverwrite: true,
			bundle: true,
			format: 'cjs',
			platform: 'node',
			target: 'es2021',
			conditions,
			define: ABSENT,
			plugins: [withoutBuiltIns],
			// The community-node scanner refuses any console call, also in a library.
			drop: ['console'],
			banner: { js: `/* Includes ${licenses.replaceAll('*/', '* /')}\n*/` },
		});
	}
}

async function dropStrayImages() {
	await Promise.all(
		['docs', 'test-artefacts', 'sandbox', 'demo'].map((folder) =>
			rm(`dist/${folder}`, { recursive: true, force: true }),
		),
	);
}

exports.default = series(bundleLibraries, dropStrayImages);
