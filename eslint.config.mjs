import communityNodes from '@n8n/eslint-plugin-community-nodes';
import { importX } from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'core/**/*.ts', 'clients/**/*.ts'];
const DEVELOPMENT = ['sandbox/**/*.ts', 'demo/**/*.ts', 'scripts/**/*.ts', 'benchmark/**/*.ts', 'test/**/*.ts'];

// The five rules that n8n's own review switches off too.
const OFF_IN_REVIEW = {
	'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
	'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
	'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
	'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
	'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
};

const clientsExcept = (vendor) => ({
	target: `./clients/${vendor}`,
	from: './clients',
	except: [`./${vendor}`],
	message: 'A client knows its own vendor only.',
});

/** The rooms of a vendor's folder: `api` is at the bottom; what follows changes and what writes know it, never each other. */
const roomsOf = (vendor, rooms) =>
	Object.entries(rooms).map(([room, knows]) => ({
		target: `./clients/${vendor}/${room}`,
		from: `./clients/${vendor}`,
		except: [room, ...knows].map((known) => `./${known}`),
		message: `clients/${vendor}/${room} knows ${knows.length > 0 ? knows.join(', ') : 'no other room'} only.`,
	}));

export default tseslint.config(
	{ ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'test-artefacts/**', '**/*.js', '**/*.mjs'] },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
		},
	},
	{ files: SHIPPED, extends: [communityNodes.configs.recommended], rules: { 'no-console': 'error' } },
	{
		files: ['package.json'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: n8nNodesBase.configs.community.rules,
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: { ...n8nNodesBase.configs.credentials.rules, ...OFF_IN_REVIEW },
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: { ...n8nNodesBase.configs.nodes.rules, ...OFF_IN_REVIEW },
	},
	{
		// The arrows of docs/architecture.md: nodes and credentials → clients → core.
		files: ['**/*.ts'],
		plugins: { 'import-x': importX },
		settings: {
			'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
			'import-x/extensions': ['.ts'],
			'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
		},
		rules: {
			'import-x/no-cycle': 'error',
			'import-x/no-restricted-paths': [
				'error',
				{
					basePath: import.meta.dirname,
					zones: [
						{
							target: './core',
							from: ['./clients', './nodes', './credentials', './sandbox', './demo', './benchmark', './test'],
							message: 'The core knows neither vendors nor n8n.',
						},
						{
							target: './clients',
							from: ['./nodes', './credentials', './sandbox', './demo', './benchmark', './test'],
							message: 'Clients know the core only.',
						},
						clientsExcept('hubspot'),
						clientsExcept('brevo'),
						clientsExcept('salesforce'),
						clientsExcept('n8n'),
						clientsExcept('exports'),
						...roomsOf('brevo', { api: [], source: ['api'], destination: ['api'] }),
						...roomsOf('hubspot', { api: [], source: ['api'], destination: ['api'] }),
						...roomsOf('salesforce', {
							api: ['soql'],
							soql: ['api/limits.ts'],
							signIn: ['api'],
							scope: ['api', 'soql'],
							source: ['api', 'soql', 'scope'],
							destination: ['api', 'soql'],
						}),
						{
							target: './nodes',
							from: ['./credentials', './sandbox', './demo', './benchmark', './test'],
							message: 'Nodes know clients and the core only.',
						},
						{
							target: './sandbox',
							from: ['./core', './clients', './nodes', './credentials', './demo', './test'],
							message: 'The sandbox is a second reading of the vendors’ pages; it shares nothing with what it tests.',
						},
						{
							target: './demo',
							from: ['./core', './clients', './nodes', './credentials', './test'],
							message: 'The demo judges the package from outside.',
						},
					],
				},
			],
		},
	},
	{
		files: ['core/**/*.ts', 'clients/**/*.ts'],
		rules: {
			'no-restricted-imports': ['error', { paths: [{ name: 'n8n-workflow', message: 'Only nodes and credentials know n8n.' }] }],
		},
	},
	{
		files: DEVELOPMENT,
		rules: {
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			// Stand-ins fill asynchronous interfaces with synchronous answers.
			'@typescript-eslint/require-await': 'off',
		},
	},
);
