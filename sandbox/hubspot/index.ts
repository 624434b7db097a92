import express from 'express';
import { SandboxClock, startServer, type RunningServer } from '../engine';
import { answer, Api, type Account } from './api';
import { bodyForStatus, HubSpotError, notFound, validationError } from './errors';
import { Limits } from './limits';
import { hubSpotOperations } from './operations';
import { mountAccountInfo } from './routes/accountInfo';
import { mountContactReads } from './routes/contactReads';
import { mountContactWrites } from './routes/contactWrites';
import { mountImports } from './routes/imports';
import { mountLists } from './routes/lists';
import { mountMemberships } from './routes/memberships';
import { mountOAuth } from './routes/oauth';
import { mountPreferences } from './routes/preferences';
import { mountPreferencesV3 } from './routes/preferencesV3';
import { mountProperties } from './routes/properties';
import { SEEDED_LISTS, seedStore, type SeedOptions } from './seed/seed';
import { defaultSettings, settingChoices, type HubSpotSettings } from './settings';
import { HubSpotStore } from './store';
import { DEFAULT_TOKEN, Tokens } from './tokens';
import { mountView } from './view';

export * from './tokens';
export { SEEDED_LISTS, type SeedOptions } from './seed/seed';
export { AWKWARD } from './seed/awkwardPeople';
export type { AccountTier, HubSpotSettings } from './settings';
export type { HubSpotStore } from './store';
export type { Contact, ContactList } from './entities';

export interface HubSpotOptions extends SeedOptions, Partial<HubSpotSettings> {
	/** Default 0: any free port. */
	readonly port?: number;
	readonly clock?: SandboxClock;
}

/** A running HubSpot sandbox. `url` goes into the credential's base URL, `token` is one with every scope. */
export interface RunningHubSpot extends RunningServer {
	/** The account's state; after `reset()` another object, so read it anew. */
	readonly store: HubSpotStore;
	/** Change in place. */
	readonly settings: HubSpotSettings;
	readonly limits: Limits;
	readonly tokens: Tokens;
	readonly token: string;
	readonly lists: typeof SEEDED_LISTS;
}

/** Longest URL; longer ones answer 414 (seen by airbyte's source-hubspot, BEHAVIOR.md). */
const MAX_URL = 16_000;
/** Largest form: the files of free accounts have 20 MB at most. */
const MAX_FORM = '20mb';

/** Starts a stand-in for HubSpot's CRM API on loopback, seeded as `options` say. */
export async function startHubSpot(options: HubSpotOptions = {}): Promise<RunningHubSpot> {
	const clock = options.clock ?? new SandboxClock();
	const initial = settingsOf(options);
	const settings: HubSpotSettings = { ...initial };
	const makeStore = (): HubSpotStore => {
		const store = new HubSpotStore(clock, settings, options.extraProperties);
		seedStore(store, options);
		return store;
	};
	const account: Account = {
		store: makeStore(),
		tokens: new Tokens(() => clock.now()),
		limits: new Limits(clock, settings),
		settings,
		now: () => clock.now(),
	};

	const server = await startServer({
		name: 'HubSpot',
		...(options.port !== undefined && { port: options.port }),
		clock,
		settings,
		settingChoices,
		operations: hubSpotOperations(account),
		faultBody: bodyForStatus,
		routeOf: hubSpotRoute,
		bodyProblem: (problem, _request, response) =>
			answer(response, () => {
				if (problem === 'tooLarge') throw new HubSpotError(413, { message: 'Request entity too large' });
				throw validationError('Invalid input JSON on line 1, column 1: the body is not JSON');
			}),
		mount: (router) => {
			router.use((request, response, next) => {
				if (request.originalUrl.length <= MAX_URL) return next();
				answer(response, () => {
					throw new HubSpotError(414, { message: 'URI Too Long' });
				});
			});
			router.use(express.raw({ type: 'multipart/form-data', limit: MAX_FORM }));
			const api = new Api(router, account);
			mountContactReads(api, account);
			mountContactWrites(api, account);
			mountLists(api, account);
			mountMemberships(api, account);
			mountProperties(api, account);
			mountPreferences(api, account);
			mountPreferencesV3(api, account);
			mountImports(api, account);
			mountAccountInfo(api, account);
			mountOAuth(router, account);
			router.use((_request, response) =>
				answer(response, () => {
					throw notFound();
				}),
			);
		},
		control: (router, context) => mountView(router, account, context),
		reset: () => {
			Object.assign(settings, initial);
			account.store = makeStore();
			account.tokens = new Tokens(() => clock.now());
			account.limits.clear();
		},
	});
	return Object.defineProperties(
		{ ...server, settings, limits: account.limits, token: DEFAULT_TOKEN, lists: SEEDED_LISTS } as RunningHubSpot,
		{
			store: {
				get: () => {
					account.store.catchUp();
					return account.store;
				},
				enumerable: true,
			},
			tokens: { get: () => account.tokens, enumerable: true },
		},
	);
}

function settingsOf(options: HubSpotOptions): HubSpotSettings {
	const given = Object.entries(options).filter(([name, value]) => name in defaultSettings && value !== undefined);
	return { ...defaultSettings, ...Object.fromEntries(given) };
}

/** Ids, addresses, list names and property names replaced, so that calls of one kind are counted together. */
function hubSpotRoute(path: string): string {
	return path
		.replace(/\/name\/[^/]+$/, '/name/:name')
		.replace(/(\/statuses|\/status\/email)\/(?!batch\/)[^/]+/, '$1/:email')
		.replace(/(\/contacts)\/(?!batch$|search$|merge$|gdpr-delete$)[^/]+$/, '$1/:id')
		.split('/')
		.map((segment) => (/^\d+$/.test(segment) ? ':id' : segment))
		.join('/');
}
