import { spawnSync } from 'node:child_process';
import { childEnvironment } from '../../../demo/childEnvironment';
import { installFolder } from '../../../demo/n8nInstall';

/** Where PostgreSQL is, by the variables its own tools know. */
const POSTGRES = {
	PGHOST: process.env.PGHOST ?? '127.0.0.1',
	PGPORT: process.env.PGPORT ?? '5432',
	PGUSER: process.env.PGUSER ?? 'postgres',
	PGPASSWORD: process.env.PGPASSWORD ?? '',
} as const;

/** Where Redis is, by n8n's own variables. */
const REDIS = {
	QUEUE_BULL_REDIS_HOST: process.env.QUEUE_BULL_REDIS_HOST ?? '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: process.env.QUEUE_BULL_REDIS_PORT ?? '6379',
	QUEUE_BULL_REDIS_USERNAME: process.env.QUEUE_BULL_REDIS_USERNAME ?? '',
	QUEUE_BULL_REDIS_PASSWORD: process.env.QUEUE_BULL_REDIS_PASSWORD ?? '',
	QUEUE_BULL_REDIS_DB: process.env.QUEUE_BULL_REDIS_DB ?? '0',
} as const;

const CONNECT_WITHIN_MS = 3_000;
/** Only what begins like this is ever dropped or deleted. */
const OWN_NAME = `contact_sync_e2e_${process.pid}`;

const POSTGRES_SCRIPT = `
	const { Client } = require('pg');
	const client = new Client({ database: process.env.DATABASE, connectionTimeoutMillis: ${CONNECT_WITHIN_MS} });
	const work = async () => {
		await client.connect();
		for (const statement of JSON.parse(process.env.STATEMENTS)) await client.query(statement);
		await client.end();
	};
	work().catch((error) => { console.error(error.code ?? '', error.message); process.exit(1); });
`;

const REDIS_SCRIPT = `
	const Redis = require('ioredis');
	const redis = new Redis({
		host: process.env.QUEUE_BULL_REDIS_HOST,
		port: Number(process.env.QUEUE_BULL_REDIS_PORT),
		username: process.env.QUEUE_BULL_REDIS_USERNAME || undefined,
		password: process.env.QUEUE_BULL_REDIS_PASSWORD || undefined,
		db: Number(process.env.QUEUE_BULL_REDIS_DB),
		connectTimeout: ${CONNECT_WITHIN_MS}, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0,
	});
	let problem;
	redis.on('error', (error) => { problem = error; });
	const work = async () => {
		await redis.connect();
		await redis.ping();
		let cursor = '0';
		do {
			const [next, keys] = await redis.scan(cursor, 'MATCH', process.env.OWN_NAME + '*', 'COUNT', 1000);
			if (keys.length > 0) await redis.del(...keys);
			cursor = next;
		} while (cursor !== '0');
		redis.disconnect();
	};
	work().catch((error) => { const { code, message } = problem ?? error; console.error(code ?? '', message); process.exit(1); });
`;

/** Runs a script with the modules of the installed n8n, which brings clients for both; answers what went wrong. */
function runWithModulesOfN8n(script: string, env: NodeJS.ProcessEnv): string | undefined {
	const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
		cwd: installFolder(),
		env: childEnvironment(env),
		encoding: 'utf8',
		timeout: 30_000,
	});
	return status === 0 ? undefined : stderr.trim() || 'no answer';
}

const postgres = (database: string, statements: string[]): string | undefined =>
	runWithModulesOfN8n(POSTGRES_SCRIPT, { ...POSTGRES, DATABASE: database, STATEMENTS: JSON.stringify(statements) });

const deleteRedisKeys = (): string | undefined => runWithModulesOfN8n(REDIS_SCRIPT, { ...REDIS, OWN_NAME });

/** What queue mode needs and this machine does not offer; empty when all is there. */
export function missingForQueueMode(): string[] {
	const postgresProblem = postgres('postgres', ['SELECT 1']);
	const redisProblem = deleteRedisKeys();
	return [
		...(postgresProblem === undefined
			? []
			: [`PostgreSQL at ${POSTGRES.PGHOST}:${POSTGRES.PGPORT} (${postgresProblem}; see PGHOST, PGPORT, PGUSER)`]),
		...(redisProblem === undefined
			? []
			: [
					`Redis at ${REDIS.QUEUE_BULL_REDIS_HOST}:${REDIS.QUEUE_BULL_REDIS_PORT} ` +
						`(${redisProblem}; see QUEUE_BULL_REDIS_HOST, QUEUE_BULL_REDIS_PORT)`,
				]),
	];
}

/** `describe`, or a skipped one with a plain message where PostgreSQL or Redis is missing. */
export function describeInQueueMode(name: string, suite: () => void): void {
	const missing = missingForQueueMode();
	if (missing.length === 0) return describe(name, suite);
	process.stdout.write(`Skipped, because there is no ${missing.join(' and no ')}: ${name}\n`);
	describe.skip(name, suite);
}

/** A database and a Redis name space of this process alone, and the settings that make n8n use them in queue mode. */
export interface QueueBackend {
	readonly env: NodeJS.ProcessEnv;
	/** Drops both; what still uses them is cut off. */
	remove(): void;
}

export function createQueueBackend(): QueueBackend {
	const drop = `DROP DATABASE IF EXISTS ${OWN_NAME} WITH (FORCE)`;
	const problem = postgres('postgres', [drop, `CREATE DATABASE ${OWN_NAME}`]);
	if (problem !== undefined) throw new Error(`No database could be created: ${problem}`);
	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: POSTGRES.PGHOST,
			DB_POSTGRESDB_PORT: POSTGRES.PGPORT,
			DB_POSTGRESDB_USER: POSTGRES.PGUSER,
			DB_POSTGRESDB_PASSWORD: POSTGRES.PGPASSWORD,
			DB_POSTGRESDB_DATABASE: OWN_NAME,
			...REDIS,
			QUEUE_BULL_PREFIX: OWN_NAME,
			N8N_REDIS_KEY_PREFIX: OWN_NAME,
		},
		remove: () => {
			const problems = [postgres('postgres', [drop]), deleteRedisKeys()].filter((one) => one !== undefined);
			if (problems.length > 0) throw new Error(`Left behind under the name ${OWN_NAME}: ${problems.join('; ')}`);
		},
	};
}
