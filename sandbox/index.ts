/* The command `npm run sandbox`: starts the stand-ins and stays up until it is told to end. */
import { startBrevo, type RunningBrevo } from './brevo';
import { startHubSpot, type RunningHubSpot } from './hubspot';
import { parseOptions, USAGE, type SandboxCliOptions } from './options';
import { generatePeople } from './people';
import { startSandbox } from './startSandbox';

interface Running {
	readonly hubspot?: RunningHubSpot;
	readonly brevo?: RunningBrevo;
	readonly page?: { readonly url: string };
	close(): Promise<void>;
}

async function start({ members, seed, port, only }: SandboxCliOptions): Promise<Running> {
	if (only === 'hubspot') {
		const hubspot = await startHubSpot({ members, seed, port });
		return { hubspot, close: () => hubspot.close() };
	}
	if (only === 'brevo') {
		const brevo = await startBrevo({ seed, port, people: generatePeople(members, seed) });
		return { brevo, close: () => brevo.close() };
	}
	return await startSandbox({ members, seed, port });
}

/** Addresses, keys and lists, for programs. */
function summary({ hubspot, brevo, page }: Running): Record<string, unknown> {
	return {
		...(hubspot && {
			hubspot: {
				url: hubspot.url,
				control: `${hubspot.origin}/_sandbox`,
				accessToken: hubspot.token,
				portalId: hubspot.settings.portalId,
				lists: hubspot.store.lists.all().map(({ id, name, members }) => ({ id: String(id), name, size: members.size })),
			},
		}),
		...(brevo && {
			brevo: {
				url: brevo.url,
				control: `${brevo.origin}/_sandbox`,
				apiKey: brevo.apiKey,
				lists: [...brevo.store.lists.values()].map(({ id, name, members }) => ({ id, name, size: members.size })),
			},
		}),
		...(page && { page: page.url }),
	};
}

function describe({ hubspot, brevo, page }: Running): string {
	const lines: string[] = [];
	if (hubspot) {
		lines.push('HubSpot', `  Base URL      ${hubspot.url}`, `  Access token  ${hubspot.token}`, '  Lists');
		for (const { id, name, members } of hubspot.store.lists.all())
			lines.push(`    ${String(id).padEnd(6)}${name} (${members.size})`);
	}
	if (brevo) {
		lines.push('Brevo', `  Base URL      ${brevo.url}`, `  API key       ${brevo.apiKey}`, '  Lists');
		for (const { id, name, members } of brevo.store.lists.values())
			lines.push(`    ${String(id).padEnd(6)}${name} (${members.size})`);
	}
	if (page) lines.push('Both lists, live', `  ${page.url}`);
	lines.push('', 'Press Ctrl+C to end.');
	return lines.join('\n');
}

async function main(): Promise<void> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		process.stdout.write(`${USAGE}\n`);
		return;
	}
	const running = await start(options);
	process.stdout.write(`${options.json ? JSON.stringify(summary(running)) : describe(running)}\n`);
	let isEnding = false;
	const end = () => {
		if (isEnding) return;
		isEnding = true;
		running.close().then(
			() => process.exit(0),
			() => process.exit(1),
		);
	};
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
}

main().catch((error: unknown) => {
	const reason = error instanceof Error ? error.message : String(error);
	process.stderr.write(`The sandbox could not start: ${reason}\n\`npm run sandbox -- --help\` lists the options.\n`);
	process.exit(1);
});
