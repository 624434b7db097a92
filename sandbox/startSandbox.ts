import { startBrevo, type BrevoOptions, type RunningBrevo } from './brevo';
import { SandboxClock } from './engine';
import { SEEDED_LISTS, startHubSpot, type HubSpotOptions, type RunningHubSpot } from './hubspot';
import { startPage, type RunningPage } from './page/server';
import { generatePeople } from './people';

export interface SandboxOptions {
	/** Members of the HubSpot list "Newsletter subscribers". Default 200. */
	readonly members?: number;
	/** Default 1: the same data for the same seed. */
	readonly seed?: number;
	/** First of three ports: HubSpot, Brevo, page. Default: any free ones. */
	readonly port?: number;
	/** Shared by both vendors. Default: a new one. */
	readonly clock?: SandboxClock;
	readonly hubspot?: HubSpotOptions;
	readonly brevo?: BrevoOptions;
}

/** Both vendors and the page that shows them; Brevo knows some of HubSpot's people already. */
export interface Sandbox {
	readonly hubspot: RunningHubSpot;
	readonly brevo: RunningBrevo;
	readonly page: RunningPage;
	readonly clock: SandboxClock;
	/** The HubSpot list that a sync reads. */
	readonly list: { readonly id: string; readonly name: string };
	close(): Promise<void>;
}

/** Starts everything on loopback. Rejects, and leaves nothing behind, when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const clock = options.clock ?? new SandboxClock();
	const seed = options.seed ?? 1;
	const members = options.members ?? 200;
	const ports = options.port === undefined ? [] : [options.port, options.port + 1, options.port + 2];
	const running: Array<{ close(): Promise<void> }> = [];
	const close = async () => {
		for (const server of running.splice(0).reverse()) await server.close();
	};
	try {
		const hubspot = await startHubSpot({ clock, seed, members, port: ports[0], ...options.hubspot });
		running.push(hubspot);
		const people = generatePeople(members, seed);
		const brevo = await startBrevo({ clock, seed, people, port: ports[1], ...options.brevo });
		running.push(brevo);
		const page = await startPage({ hubspot, brevo, port: ports[2] });
		running.push(page);
		return { hubspot, brevo, page, clock, list: SEEDED_LISTS.newsletter, close };
	} catch (error) {
		await close();
		throw error;
	}
}
