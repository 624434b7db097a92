import { scaled } from '../../../demo/process/slowness';
import { describeUnless } from '../../support/describeUnless';
import { runWithModulesOfN8n } from './modulesOfN8n';

/** Where PostgreSQL is, by the variables its own tools know. */
const POSTGRES = {
	PGHOST: process.env.PGHOST ?? '127.0.0.1',
	PGPORT: process.env.PGPORT ?? '5432',
	PGUSER: process.env.PGUSER ?? 'postgres',
	PGPASSWORD: process.env.PGPASSWORD ?? '',
} as const;

const CONNECT_WITHIN_MS = scaled(3_000);
/** Only a database of this name is ever dropped. */
const OWN_NAME = `contact_sync_e2e_${process.pid}`;

const SCRIPT = `
	const { Client } = require('pg');
	const client = new Client({ database: 'postgres', connectionTimeoutMillis: ${CONNECT_WITHIN_MS} });
	const work = async () => {
		await client.connect();
		for (const statement of JSON.parse(process.env.STATEMENTS)) await client.query(statement);
		await client.end();
	};
	work().catch((error) => { console.error(error.code ?? '', error.message); process.exit(1); });
`;

const postgres = (statements: readonly string[]): string | undefined =>
	runWithModulesOfN8n(SCRIPT, { ...POSTGRES, STATEMENTS: JSON.stringify(statements) });

/** Why there is no PostgreSQL to work with; undefined when there is one. */
export function missingPostgres(): string | undefined {
	const problem = postgres(['SELECT 1']);
	return problem === undefined
		? undefined
		: `PostgreSQL at ${POSTGRES.PGHOST}:${POSTGRES.PGPORT} (${problem}; see PGHOST, PGPORT, PGUSER)`;
}

/** `describe`, or a skipped one with a plain message where PostgreSQL is missing. */
export function describeOnPostgres(name: string, suite: () => void): void {
	const missing = missingPostgres();
	describeUnless(missing && `there is no ${missing}`, name, suite);
}

/** A database of this process alone, and the settings that make n8n use it. */
export interface PostgresDatabase {
	readonly env: NodeJS.ProcessEnv;
	/** Drops it; what still uses it is cut off. */
	remove(): void;
}

export function createPostgresDatabase(): PostgresDatabase {
	const drop = `DROP DATABASE IF EXISTS ${OWN_NAME} WITH (FORCE)`;
	const problem = postgres([drop, `CREATE DATABASE ${OWN_NAME}`]);
	if (problem !== undefined) throw new Error(`No database could be created: ${problem}`);
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: POSTGRES.PGHOST,
			DB_POSTGRESDB_PORT: POSTGRES.PGPORT,
			DB_POSTGRESDB_USER: POSTGRES.PGUSER,
			DB_POSTGRESDB_PASSWORD: POSTGRES.PGPASSWORD,
			DB_POSTGRESDB_DATABASE: OWN_NAME,
		},
		remove: () => {
			const left = postgres([drop]);
			if (left !== undefined) throw new Error(`The database ${OWN_NAME} was left behind: ${left}`);
		},
	};
}
