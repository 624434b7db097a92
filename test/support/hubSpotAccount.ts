import { KEY_PROPERTY } from '../../demo/flows/keyFields';
import { HubSpotClient } from '../../clients/hubspot/api/hubSpotClient';
import { HubSpotWriter } from '../../clients/hubspot/api/hubSpotWriter';
import { sharedHubSpotLimits } from '../../clients/hubspot/api/limits';
import type { HubSpotSettings } from '../../clients/hubspot/destination/openDestination';
import { openHubSpotDestination } from '../../clients/hubspot/destination/openDestination';
import type { MappedContact } from '../../core/contact/contact';
import type { HttpPort, HttpRequest } from '../../core/ports';
import type { UpsertReport, UpsertSettings } from '../../core/upsert/upsertContacts';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import type { RunningHubSpot } from '../../sandbox/hubspot';
import { DEFAULT_UPSERT, newAccount } from './brevoAccount';
import { plainHttp } from './http/plainHttp';
import { sandboxClock } from './triggerFollower';

export interface HubSpotRun extends Partial<Omit<HubSpotSettings, 'fieldNames'>> {
	readonly account?: string;
	readonly upsert?: Partial<UpsertSettings>;
	readonly token?: string;
	/** Told of each call before it is sent: other people may change the account meanwhile. */
	readonly beforeCall?: (request: HttpRequest) => void;
}

/** One batch into the stand-in HubSpot, as the node does it. Throws when the settings are refused. */
export async function upsertIntoHubSpot(
	hubspot: RunningHubSpot,
	contacts: readonly MappedContact[],
	{ account = newAccount(), upsert, token = hubspot.token, beforeCall, ...settings }: HubSpotRun = {},
): Promise<UpsertReport> {
	const clock = sandboxClock(hubspot);
	const direct = plainHttp(hubspot.url, { authorization: `Bearer ${token}` });
	const http: HttpPort = {
		async send(request) {
			beforeCall?.(request);
			return await direct.send(request);
		},
	};
	const limits = sharedHubSpotLimits(account, clock);
	const client = new HubSpotClient(http, clock, limits);
	const writer = new HubSpotWriter(http, clock, limits);
	const fieldNames = [...new Set(contacts.flatMap(({ contact }) => Object.keys(contact.attributes)))];
	const destination = await openHubSpotDestination(client, writer, account, clock, { ...settings, fieldNames });
	if (destination.kind !== 'ok') throw new Error(`${destination.code}: ${destination.reason}`);
	return await upsertContacts(contacts, destination.value, { ...DEFAULT_UPSERT, ...upsert }, clock);
}

/** Calls that change something, by route. */
export const writesOf = (hubspot: RunningHubSpot): Record<string, number> =>
	Object.fromEntries(
		Object.entries(hubspot.requests.counts()).filter(
			([route]) => !route.startsWith('GET ') && !/\/(search|read)$/.test(route),
		),
	);

/** Creates the property that carries our key, as the docs tell people to. */
export async function addKeyProperty(hubspot: RunningHubSpot, name: string = KEY_PROPERTY.name): Promise<void> {
	const body = { ...KEY_PROPERTY, name };
	const http = plainHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` });
	const answer = await http.send({ method: 'POST', path: '/crm/properties/2026-09/contacts', body });
	if (answer.kind !== 'reply' || answer.status >= 300) throw new Error('The property was not created');
	hubspot.requests.clear();
}
