/* The command `npm run sandbox`: starts the stand-ins and stays up until it is told to end. */
import { startBrevo, type RunningBrevo } from './brevo';
import { startHubSpot, type RunningHubSpot } from './hubspot';
import { startInbox, type RunningInbox } from './inbox';
import { parseOptions, USAGE, type SandboxCliOptions } from './options';
import { generatePeople } from './people';
import { startSalesforce, type RunningSalesforce } from './salesforce';
import { beSlow } from './slow';
import { startSandbox } from './startSandbox';

interface Running {
	readonly hubspot?: RunningHubSpot;
	readonly salesforce?: RunningSalesforce;
	readonly brevo?: RunningBrevo;
	readonly inbox?: RunningInbox;
	readonly page?: { readonly url: string };
	close(): Promise<void>;
}

async function start(options: SandboxCliOptions): Promise<Running> {
	const running = await startAll(options);
	if (options.slow) beSlow(running);
	return running;
}

async function startAll({ members, contacts, leads, seed, port, only }: SandboxCliOptions): Promise<Running> {
	if (only === 'hubspot') {
		const hubspot = await startHubSpot({ members, seed, port });
		return { hubspot, close: () => hubspot.close() };
	}
	if (only === 'brevo') {
		const brevo = await startBrevo({ seed, port, people: generatePeople(members, seed) });
		return { brevo, close: () => brevo.close() };
	}
	if (only === 'salesforce') {
		const ports = port === undefined ? {} : { port, loginPort: port + 1 };
		const salesforce = await startSalesforce({ contacts, leads, seed, ...ports });
		return { salesforce, close: () => salesforce.close() };
	}
	if (only === 'inbox') {
		const inbox = await startInbox(port === undefined ? {} : { port, controlPort: port + 1 });
		return { inbox, close: () => inbox.close() };
	}
	return await startSandbox({ members, seed, port, salesforce: { contacts, leads } });
}

/** What each way to connect needs; the same values go into n8n's credentials. */
const accessTo = ({ url, loginUrl, app, users, refreshToken }: RunningSalesforce) => ({
	url,
	loginUrl,
	consumerKey: app.consumerKey,
	consumerSecret: app.consumerSecret,
	username: users.sync,
	refreshToken,
});

const sizesOf = ({ store }: RunningSalesforce) =>
	(['Contact', 'Lead'] as const).map((object) => ({
		object,
		size: [...store.table(object).rows.values()].filter((row) => row['IsDeleted'] === false).length,
	}));

/** What n8n's credential _SMTP account_ asks for. */
const mailAccount = ({ host, port, settings: { user, password } }: RunningInbox) => ({ host, port, user, password });

/** Addresses, keys and lists, for programs. */
function summary({ hubspot, salesforce, brevo, inbox, page }: Running): Record<string, unknown> {
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
		...(salesforce && {
			salesforce: {
				...accessTo(salesforce),
				privateKey: salesforce.privateKey,
				control: `${salesforce.origin}/_sandbox`,
				ids: salesforce.ids,
				objects: sizesOf(salesforce),
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
		...(inbox && { inbox: { ...mailAccount(inbox), control: `${inbox.origin}/_sandbox` } }),
		...(page && { page: page.url }),
	};
}

function describe({ hubspot, salesforce, brevo, inbox, page }: Running): string {
	const lines: string[] = [];
	if (hubspot) {
		lines.push('HubSpot', `  Base URL      ${hubspot.url}`, `  Access token  ${hubspot.token}`, '  Lists');
		for (const { id, name, members } of hubspot.store.lists.all())
			lines.push(`    ${String(id).padEnd(6)}${name} (${members.size})`);
	}
	if (salesforce) {
		const { url, loginUrl, consumerKey, consumerSecret, username } = accessTo(salesforce);
		lines.push('Salesforce', `  My Domain        ${url}`, `  Login host       ${loginUrl}`);
		lines.push(
			`  Consumer key     ${consumerKey}`,
			`  Consumer secret  ${consumerSecret}`,
			`  User name        ${username}`,
		);
		lines.push('  Private key      with --json', '  Records');
		for (const { object, size } of sizesOf(salesforce)) lines.push(`    ${object} (${size})`);
	}
	if (brevo) {
		lines.push('Brevo', `  Base URL      ${brevo.url}`, `  API key       ${brevo.apiKey}`, '  Lists');
		for (const { id, name, members } of brevo.store.lists.values())
			lines.push(`    ${String(id).padEnd(6)}${name} (${members.size})`);
	}
	if (inbox) {
		const { host, port, user, password } = mailAccount(inbox);
		lines.push('Inbox (SMTP without TLS)', `  Host          ${host}`, `  Port          ${port}`);
		lines.push(`  User          ${user}`, `  Password      ${password}`);
	}
	if (page) lines.push('All of it, live', `  ${page.url}`);
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
