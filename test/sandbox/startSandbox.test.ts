import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startSandbox, type Sandbox } from '../../sandbox/startSandbox';
import { parseOptions } from '../../sandbox/options';
import type { Side } from '../../sandbox/page/comparison';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ members: 60 });
});
afterAll(() => sandbox.close());

const json = async (url: string, body?: object): Promise<unknown> => {
	const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	const reply = await fetch(url, init);
	if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
	return await reply.json();
};
const state = (query = '') => json(`${sandbox.page.url}state${query}`) as Promise<{ source: Side; target: Side }>;

describe('the sandbox as a whole', () => {
	it('starts all stand-ins with one clock; Brevo knows some of the people already', () => {
		const { hubspot, brevo, inbox, clock, list } = sandbox;
		expect(list).toEqual({ id: '101', name: 'Newsletter subscribers' });
		expect([hubspot.clock, brevo.clock, inbox.clock]).toEqual([clock, clock, clock]);
		const addresses = new Set(
			[...hubspot.store.contacts.contacts.values()].map(({ properties }) => properties['email']),
		);
		const known = [...brevo.store.contacts.values()].filter(({ identifiers }) => addresses.has(identifiers.email));
		expect(known.length).toBeGreaterThan(0);
		expect(known.length).toBeLessThan(30);
	});

	it('answers as slowly as the vendors do where that is asked for', async () => {
		const slow = await startSandbox({ members: 1, slow: true, salesforce: { contacts: 1, leads: 0 } });
		try {
			for (const { url } of [slow.hubspot, slow.brevo, slow.salesforce]) {
				const startedAt = performance.now();
				await Promise.all([1, 2, 3].map(async () => await fetch(`${url}/anything`)));
				expect(performance.now() - startedAt).toBeGreaterThan(75);
			}
			expect(slow.brevo.settings).toMatchObject({ importDelayMs: 5_000, longestImportMs: 300_000 });
		} finally {
			await slow.close();
		}
	});

	it('the page shows who is missing, who differs and who is the same', async () => {
		const { hubspot, brevo } = sandbox;
		const folder = [...brevo.store.folders.values()][0]?.id ?? 0;
		const target = brevo.store.createList('Target', folder);
		const ids = [1, 2, 3, 4].map((n) =>
			hubspot.store.addContact({ email: `row${n}@example.com`, firstname: `Row ${n}`, lastname: '<i>' }, ['101']),
		);
		const put = (index: number, firstname: string) =>
			brevo.store.createContact(
				{
					identifiers: {
						email: `row${index + 1}@example.com`,
						ext_id: `hubspot:${hubspot.settings.portalId}:contact:${ids[index]}`,
					},
					attributes: { FIRSTNAME: firstname, LASTNAME: '<i>' },
					addTo: [target.id],
				},
				'control',
			);
		put(0, 'Row 1');
		put(1, 'Someone else');
		put(2, 'Row 3');
		hubspot.store.optOut(ids[2] as string);
		const { source, target: shown } = await state(`?target=${target.id}&limit=4`);
		const matches = Object.fromEntries(source.contacts.map(({ firstname, match, why }) => [firstname, [match, why]]));
		expect(matches).toEqual({
			'Row 1': ['same', ''],
			'Row 2': ['differs', 'firstname differs'],
			'Row 3': ['differs', 'opted out in HubSpot, mailable in Brevo'],
			'Row 4': ['missing', 'not on the Brevo list'],
		});
		expect(shown.list).toMatchObject({ name: 'Target', size: 3 });
		expect(shown.contacts).toHaveLength(3);
	});

	it('the page reaches both control APIs from its own origin, and serves no script of others', async () => {
		const { url } = sandbox.page;
		await json(`${url}hubspot/_sandbox/do`, { op: 'addContact', properties: { email: 'proxied@example.com' } });
		expect(sandbox.hubspot.store.contacts.holderOf('proxied@example.com')).toBeDefined();
		expect(await json(`${url}brevo/_sandbox/requests`)).toMatchObject({ total: sandbox.brevo.requests.total });
		const page = await fetch(url);
		expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
		const html = await page.text();
		expect(html).not.toMatch(/https?:\/\//);
		for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
			expect({ file, status: (await fetch(url + file)).status }).toEqual({ file, status: 200 });
		}
	});

	it('leaves nothing behind when a port is taken', async () => {
		const taken = sandbox.brevo.port;
		await expect(startSandbox({ members: 1, port: taken - 1 })).rejects.toThrow(/EADDRINUSE/);
		const again = await startSandbox({ members: 1 });
		await again.close();
		await expect(fetch(again.hubspot.url)).rejects.toThrow();
	});
});

describe('npm run sandbox', () => {
	it('reads its options and refuses what makes no sense', () => {
		expect(parseOptions(['--members', '10', '--port', '5000', '--json'])).toMatchObject({
			members: 10,
			port: 5000,
			json: true,
		});
		for (const args of [
			['--members', '-1'],
			['--members', 'ten'],
			['--port', '70000'],
			['--what'],
			['--only', 'sugar'],
			['--contacts', 'x'],
		]) {
			expect(() => parseOptions(args)).toThrow();
		}
	});

	it.each(['SIGINT', 'SIGTERM'] as const)(
		'prints one line of JSON, stays up, and ends cleanly on %s',
		async (signal) => {
			const root = resolve(__dirname, '../..');
			const args = ['--import', 'tsx', 'sandbox/index.ts', '--members', '12', '--json'];
			const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
			const lines: string[] = [];
			const reader = createInterface({ input: child.stdout });
			reader.on('line', (line) => lines.push(line));
			await once(reader, 'line');
			const told = JSON.parse(lines[0] as string) as {
				hubspot: { url: string; accessToken: string; lists: unknown[] };
				brevo: { url: string; apiKey: string };
				page: string;
			};
			expect(told.hubspot.lists[0]).toEqual({ id: '101', name: 'Newsletter subscribers', size: 12 });
			const lists = await fetch(`${told.hubspot.url}/crm/lists/2026-09/101`, {
				headers: { authorization: `Bearer ${told.hubspot.accessToken}` },
			});
			expect(lists.status).toBe(200);
			const account = await fetch(`${told.brevo.url}/account`, { headers: { 'api-key': told.brevo.apiKey } });
			expect(account.status).toBe(200);
			expect((await fetch(told.page)).status).toBe(200);
			child.kill(signal);
			const [code] = (await once(child, 'exit')) as [number | null];
			expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 1 });
		},
	);
});
