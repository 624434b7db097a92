import { scaled } from '../../../demo/process/slowness';
import { describeUnless } from '../../support/describeUnless';
import { runWithModulesOfN8n } from './modulesOfN8n';
import { type PostgresDatabase, createPostgresDatabase, missingPostgres } from './postgres';

/** Where Redis is, by n8n's own variables. */
const REDIS = {
	QUEUE_BULL_REDIS_HOST: process.env.QUEUE_BULL_REDIS_HOST ?? '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: process.env.QUEUE_BULL_REDIS_PORT ?? '6379',
	QUEUE_BULL_REDIS_USERNAME: process.env.QUEUE_BULL_REDIS_USERNAME ?? '',
	QUEUE_BULL_REDIS_PASSWORD: process.env.QUEUE_BULL_REDIS_PASSWORD ?? '',
	QUEUE_BULL_REDIS_DB: process.env.QUEUE_BULL_REDIS_DB ?? '0',
} as const;

const CONNECT_WITHIN_MS = scaled(3_000);
/** Only what begins like this is ever deleted. */
const OWN_NAME = `contact_sync_e2e_${process.pid}`;

const SCRIPT = `
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

const deleteRedisKeys = (): string | undefined => runWithModulesOfN8n(SCRIPT, { ...REDIS, OWN_NAME });

function missingRedis(): string | undefined {
	const problem = deleteRedisKeys();
	return problem === undefined
		? undefined
		: `Redis at ${REDIS.QUEUE_BULL_REDIS_HOST}:${REDIS.QUEUE_BULL_REDIS_PORT} ` +
				`(${problem}; see QUEUE_BULL_REDIS_HOST, QUEUE_BULL_REDIS_PORT)`;
}

/** What queue mode needs and this machine does not offer; empty when all is there. */
export function missingForQueueMode(): string[] {
	return [missingPostgres(), missingRedis()].filter((missing) => missing !== undefined);
}

/** `describe`, or a skipped one with a plain message where PostgreSQL or Redis is missing. */
export function describeInQueueMode(name: string, suite: () => void): void {
	const missing = missingForQueueMode();
	describeUnless(missing.length > 0 ? `there is no ${missing.join(' and no ')}` : undefined, name, suite);
}

/** A database and a Redis name space of this process alone, and the settings that make n8n use them in queue mode. */
export interface QueueBackend {
	readonly env: NodeJS.ProcessEnv;
	/** Drops both; what still uses them is cut off. */
	remove(): void;
}

/** `database`: one that an n8n has used before; a new one when absent. */
export function createQueueBackend(database: PostgresDatabase = createPostgresDatabase()): QueueBackend {
	return {
		env: {
			...database.env,
			EXECUTIONS_MODE: 'queue',
			...REDIS,
			QUEUE_BULL_PREFIX: OWN_NAME,
			N8N_REDIS_KEY_PREFIX: OWN_NAME,
		},
		remove: () => {
			const left = deleteRedisKeys();
			database.remove();
			if (left !== undefined) throw new Error(`Keys ${OWN_NAME}… were left behind in Redis: ${left}`);
		},
	};
}
