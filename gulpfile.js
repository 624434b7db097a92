// Finishes what `n8n-node build` (tsc plus icons) leaves in dist: packs the one library that must ship into the file that
// uses it, because community nodes may not have runtime dependencies, and drops images that only the docs need.
const { readFileSync } = require('node:fs');
const { rm } = require('node:fs/promises');
const { build } = require('esbuild');
const { series } = require('gulp');

const LIBRARIES = [{ file: 'dist/core/contact/phoneLibrary.js', library: 'libphonenumber-js' }];

async function bundleLibraries() {
	for (const { file, library } of LIBRARIES) {
		const license = readFileSync(`node_modules/${library}/LICENSE`, 'utf8').trim();
		await build({
			entryPoints: [file],
			outfile: file,
			allowOverwrite: true,
			bundle: true,
			format: 'cjs',
			platform: 'node',
			target: 'es2021',
			// The community-node scanner refuses any console call, also in a library.
			drop: ['console'],
			banner: { js: `/* Includes ${library}:\n\n${license.replaceAll('*/', '* /')}\n*/` },
		});
	}
}

async function dropStrayImages() {
	await Promise.all(['docs', 'test-artefacts', 'sandbox', 'demo'].map((folder) => rm(`dist/${folder}`, { recursive: true, force: true })));
}

exports.default = series(bundleLibraries, dropStrayImages);
