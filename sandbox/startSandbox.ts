import { startBrevo, type BrevoOptions, type RunningBrevo } from './brevo';
import { SandboxClock } from './engine';
import { SEEDED_LISTS, startHubSpot, type HubSpotOptions, type RunningHubSpot } from './hubspot';
import { startInbox, type RunningInbox } from './inbox';
import { startPage, type RunningPage } from './page/server';
import { generatePeople, type Person } from './people';
import { startSalesforce, type RunningSalesforce, type SalesforceOptions } from './salesforce';
import { beSlow } from './slow';

export interface SandboxOptions {
	/** Members of the HubSpot list "Newsletter subscribers". Default 200. */
	readonly members?: number;
	/** Default 1: the same data for the same seed. */
	readonly seed?: number;
	/** First of seven ports: HubSpot, Brevo, page, Salesforce, its login host, the inbox, its control API. Default: any free ones. */
	readonly port?: number;
	/** Answers as slowly as the vendors do (`beSlow`). */
	readonly slow?: boolean;
	/** Shared by all vendors. Default: a new one. */
	readonly clock?: SandboxClock;
	readonly hubspot?: HubSpotOptions;
	readonly brevo?: BrevoOptions;
	/** Default: 60 contacts and 30 leads. */
	readonly salesforce?: SalesforceOptions;
}

/** All vendors, the inbox and the page that shows them; Brevo knows some of HubSpot's and Salesforce's people already. */
export interface Sandbox {
	readonly hubspot: RunningHubSpot;
	readonly salesforce: RunningSalesforce;
	readonly brevo: RunningBrevo;
	/** Where mails of the workflows go. */
	readonly inbox: RunningInbox;
	readonly page: RunningPage;
	readonly clock: SandboxClock;
	/** The HubSpot list that a sync reads. */
	readonly list: { readonly id: string; readonly name: string };
	close(): Promise<void>;
}

const CONTACTS = 60;

/** Starts everything on loopback. Rejects, and leaves nothing behind, when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const clock = options.clock ?? new SandboxClock();
	const seed = options.seed ?? 1;
	const members = options.members ?? 200;
	const contacts = options.salesforce?.contacts ?? CONTACTS;
	const leads = options.salesforce?.leads ?? Math.round(contacts / 2);
	const port = (index: number) => (options.port === undefined ? undefined : options.port + index);
	const running: Array<{ close(): Promise<void> }> = [];
	const started = <T extends { close(): Promise<void> }>(server: T): T => {
		running.push(server);
		return server;
	};
	const close = async () => {
		for (const server of running.splice(0).reverse()) await server.close();
	};
	try {
		const hubspot = started(await startHubSpot({ clock, seed, members, port: port(0), ...options.hubspot }));
		const people = generatePeople(Math.max(members, contacts + leads), seed);
		const brevo = started(await startBrevo({ clock, seed, people, port: port(1), ...options.brevo }));
		const salesforce = started(
			await startSalesforce({
				...{ clock, seed, contacts, leads, people: contactsThenLeads(people, contacts, leads) },
				...portsOf(port(3), port(4)),
				...options.salesforce,
			}),
		);
		if (options.slow === true) beSlow({ hubspot, salesforce, brevo });
		const inbox = started(await startInbox({ clock, port: port(5), controlPort: port(6) }));
		const page = started(await startPage({ hubspot, salesforce, brevo, inbox, port: port(2) }));
		return { hubspot, salesforce, brevo, inbox, page, clock, list: SEEDED_LISTS.newsletter, close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Leads come from between the contacts, so that Brevo, which knows the first of all people, knows some of both. */
export function contactsThenLeads(people: readonly Person[], contacts: number, leads: number): Person[] {
	const taken = people.slice(0, contacts + leads);
	const isLead = ({ n }: Person) =>
		Math.floor(((n + 1) * leads) / taken.length) > Math.floor((n * leads) / taken.length);
	return [...taken.filter((person) => !isLead(person)), ...taken.filter(isLead)];
}

const portsOf = (port?: number, loginPort?: number): Pick<SalesforceOptions, 'port' | 'loginPort'> => ({
	...(port !== undefined && { port }),
	...(loginPort !== undefined && { loginPort }),
});
