/**
 * The variables a program that we start inherits. `npm run` hands its own project settings down as variables
 * (`npm_config_ignore_scripts` from this project's .npmrc, `npm_config_local_prefix`, `npm_package_…`), which must not
 * steer an npm that works in another folder; jest sets NODE_ENV=test, which changes how n8n behaves; and settings of an
 * n8n that the user runs beside must not leak into ours.
 */
const DROPPED = [
	/^npm_(package|lifecycle|command|node_execpath|execpath)/i,
	/^npm_config_(ignore_scripts|allow_scripts|local_prefix|nodedir|omit_lockfile_registry_resolved|package_lock|dry_run|json)$/i,
	/^(INIT_CWD|NODE|NODE_ENV|NODE_OPTIONS|NODE_PATH|NODE_V8_COVERAGE|PREBUILDS_ONLY)$/,
	/^(JEST_|TSX_|ESBK_)/,
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|GENERIC_|OFFLOAD_)/,
];

export function childEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(([name]) => !DROPPED.some((pattern) => pattern.test(name)));
	return { ...Object.fromEntries(kept), ...extra };
}
