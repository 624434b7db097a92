import { SandboxClock, startServer, type RunningServer } from '../engine';
import { reply, Resources, serve, type Account } from './api';
import { Cursors } from './cursors';
import { bodyForStatus, notFound, refusal, SalesforceError } from './errors';
import { Limits } from './limits';
import { ListViews } from './records/listViews';
import { appKeys, CONNECTED_APP, SEEDED_REFRESH_TOKEN } from './oauth/keys';
import { Sessions } from './oauth/sessions';
import { salesforceOperations } from './operations';
import { addCollections } from './routes/collections';
import { addComposite } from './routes/composite';
import { addListViews } from './routes/listViews';
import { mountOAuth } from './routes/oauth';
import { addObjects } from './routes/objects';
import { addQueries } from './routes/query';
import { addRecords } from './routes/records';
import { seedStore, USERS, type SeededIds, type SeedOptions } from './seed/seed';
import { defaultSettings, settingChoices, type SalesforceSettings } from './settings';
import { SalesforceStore } from './records/store';
import { mountView } from './view';

export { AWKWARD, AWKWARD_CONTACTS } from './seed/awkwardPeople';
export { CONNECTED_APP, SEEDED_REFRESH_TOKEN } from './oauth/keys';
export { USERS, type SeededIds, type SeedOptions } from './seed/seed';
export type { Edition, SalesforceSettings } from './settings';
export type { SalesforceStore } from './records/store';
export type { Row } from './schema/fields';

export interface SalesforceOptions extends SeedOptions {
	/** Default 0: any free port. The login host gets one of its own. */
	readonly port?: number;
	/** Default 0: any free port. */
	readonly loginPort?: number;
	readonly clock?: SandboxClock;
	readonly settings?: Partial<SalesforceSettings>;
}

/** A running Salesforce stand-in. `url` is the organisation's My Domain, which is its `instance_url` as well. */
export interface RunningSalesforce extends RunningServer {
	/** The stand-in for login.salesforce.com: OAuth alone, with a log and faults of its own. */
	readonly login: RunningServer;
	readonly loginUrl: string;
	/** State of the organisation; after `reset()` another object, so read it anew. */
	readonly store: SalesforceStore;
	readonly sessions: Sessions;
	readonly listViews: ListViews;
	readonly limits: Limits;
	/** Change in place. */
	readonly settings: SalesforceSettings;
	/** Ids of the seed; the same after a reset. */
	readonly ids: SeededIds;
	readonly app: typeof CONNECTED_APP;
	readonly users: typeof USERS;
	/** PEM of the key that signs assertions. */
	readonly privateKey: string;
	readonly refreshToken: string;
	/** Access token of a fresh session of the integration user, for tests that are not about signing in. */
	newToken(): string;
}

/** Starts a stand-in for Salesforce's REST API and its login host on loopback, seeded as `options` say. */
export async function startSalesforce(options: SalesforceOptions = {}): Promise<RunningSalesforce> {
	const clock = options.clock ?? new SandboxClock();
	const initial: SalesforceSettings = { ...defaultSettings, ...options.settings };
	const settings = { ...initial };
	let ids: SeededIds;
	const parts = () => {
		const store = new SalesforceStore(clock, settings);
		const listViews = new ListViews(store);
		ids = seedStore(store, listViews, options);
		return { store, listViews, sessions: new Sessions(store, settings), cursors: new Cursors(store, settings) };
	};
	const account: Account = { ...parts(), settings, limits: new Limits(() => clock.now(), settings) };
	const resources = new Resources();
	addQueries(resources, account);
	addObjects(resources, account);
	addListViews(resources, account);
	addCollections(resources, account);
	addComposite(resources, account);
	addRecords(resources, account);

	const origins = { login: '', myDomain: '' };
	const login = await startServer({
		name: 'Salesforce login',
		...(options.loginPort !== undefined && { port: options.loginPort }),
		clock,
		faultBody: (status) => ({
			error: status >= 500 ? 'server_error' : 'invalid_request',
			error_description: `status ${status}`,
		}),
		mount: (router) => mountOAuth(router, account, 'login', () => origins),
	});
	const server = await startServer({
		name: 'Salesforce',
		...(options.port !== undefined && { port: options.port }),
		clock,
		settings,
		settingChoices,
		operations: salesforceOperations(account),
		faultBody: bodyForStatus,
		routeOf: salesforceRoute,
		bodyProblem: (problem, _request, response) =>
			reply(response, () => {
				if (problem === 'tooLarge') throw refusal(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request entity too large');
				throw refusal(400, 'JSON_PARSER_ERROR', 'Unexpected character at [line:1, column:1]');
			}),
		mount: (router) => {
			router.use((request, response, next) => {
				const line = Buffer.byteLength(`${request.method} ${request.originalUrl} HTTP/1.1\r\n`);
				const headers = request.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
				if (line + headers <= settings.uriLimit) return next();
				const [status, text] =
					line > settings.uriLimit ? [414, 'URI Too Long'] : [431, 'Request Header Fields Too Large'];
				reply(response, () => {
					throw new SalesforceError(Number(status), text);
				});
			});
			mountOAuth(router, account, 'myDomain', () => origins);
			router.use((request, response, next) => {
				if (request.path.startsWith('/services/data')) serve(account, resources, request, response);
				else next();
			});
			router.use((_request, response) =>
				reply(response, () => {
					throw notFound();
				}),
			);
		},
		control: (router, context) => mountView(router, account, context),
		reset: () => {
			login.reset();
			Object.assign(settings, initial);
			Object.assign(account, parts());
			account.limits.clear();
		},
	});
	origins.login = login.origin;
	origins.myDomain = server.origin;
	return Object.defineProperties(
		{
			...server,
			login,
			loginUrl: login.origin,
			settings,
			limits: account.limits,
			app: CONNECTED_APP,
			users: USERS,
			refreshToken: SEEDED_REFRESH_TOKEN,
			newToken: () => account.sessions.open(account.store.integrationUserId, ['api', 'refresh_token', 'id']).token,
			close: async () => {
				await Promise.all([server.close(), login.close()]);
			},
		} as RunningSalesforce,
		{
			store: { get: () => account.store, enumerable: true },
			sessions: { get: () => account.sessions, enumerable: true },
			listViews: { get: () => account.listViews, enumerable: true },
			ids: { get: () => ids, enumerable: true },
			privateKey: { get: () => appKeys().privateKey, enumerable: true },
		},
	);
}

/** Ids, locators and key values replaced, so that calls of one kind are counted together. */
function salesforceRoute(path: string): string {
	return path
		.replace(/(\/query(?:All)?)\/[^/]+$/, '$1/:locator')
		.replace(/(\/sobjects\/[^/]+\/[^/]+)\/[^/]+$/, (whole, start: string) =>
			/\/(listviews|composite)\b/.test(whole) ? whole : `${start}/:value`,
		) // prettier-ignore
		.split('/')
		.map((segment) => (/^[0-9A-Za-z]{3}gK[0-9A-Za-z]{10,13}$/.test(segment) ? ':id' : segment))
		.join('/');
}
