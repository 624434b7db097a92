import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { freePort } from '../../demo/process/freePort';
import { sizeOf } from '../support/sizes';

const MEMBERS = sizeOf(2_000, 10_000);
const LEADS = sizeOf(500, 2_000);

interface DemoNumbers {
	readonly equal: boolean;
	readonly read: number;
	readonly created: number;
	readonly updated: number;
	readonly unchanged: number;
	readonly excluded: number;
	readonly failed: number;
	readonly executions: number;
	readonly calls: Readonly<Record<'HubSpot' | 'Salesforce' | 'Brevo', number>>;
	readonly rateLimited: Readonly<Record<string, number>>;
	readonly dailyCalls?: { readonly used: number };
	readonly quota?: { readonly ok: boolean; readonly problems: readonly string[]; readonly mails: readonly string[] };
	readonly memory: { readonly before: number; readonly peak: number };
}

/** Runs `npm run demo` as a newcomer does. */
async function demo(...options: string[]): Promise<{ code: number | null; lines: string[] }> {
	const child = spawn('npm', ['run', '--silent', 'demo', '--', ...options], {
		cwd: resolve(__dirname, '../..'),
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.setEncoding('utf8');
	child.stdout.on('data', (part: string) => (output += part));
	const code = await new Promise<number | null>((done) => child.once('close', done));
	return { code, lines: output.trim().split('\n') };
}

describe('npm run demo', () => {
	it(`HB-01, HB-13, HB-17 to HB-20: brings ${MEMBERS} members into Brevo with as few calls as the README says, meets no limit, compares, and crosses a quota`, async () => {
		const { code, lines } = await demo(
			'--once',
			'--json',
			'--members',
			String(MEMBERS),
			'--port',
			String(await freePort()),
		);
		const numbers = JSON.parse(lines.at(-1) ?? '{}') as DemoNumbers;
		expect({ code, equal: numbers.equal, read: numbers.read, failed: numbers.failed }).toEqual({
			code: 0,
			equal: true,
			read: MEMBERS,
			failed: 0,
		});
		expect(numbers.created + numbers.updated + numbers.unchanged + numbers.excluded).toBe(MEMBERS);
		expect(numbers.rateLimited).toEqual({ HubSpot: 0, Brevo: 0 });
		// README's numbers are those of 10,000. A slow machine polls a few times while it syncs.
		expect(numbers.calls.HubSpot).toBeLessThanOrEqual(sizeOf(50, 150));
		expect(numbers.calls.Brevo).toBeLessThanOrEqual(sizeOf(30, 60));
		expect(lines.join('\n')).toMatch(/API calls to HubSpot +\d+/);

		// HB-17 to HB-20: and then what happens at 80 % and 100 % of a quota.
		expect(numbers.quota).toMatchObject({ ok: true, problems: [] });
		expect(numbers.quota?.mails).toEqual(
			['80 %', 'used up', 'raised to 20', '70 %'].map((words) => expect.stringContaining(words) as string),
		);
		expect(lines.join('\n')).toMatch(/the cell 'limit' becomes 20\.\n.*http:\/\/\S+\/datatables\/\w+/);
	});

	it('SB-02, SB-29: with --flow salesforce brings leads into Brevo, compares, and tells calls of the day and memory', async () => {
		const port = String(await freePort());
		const options = [
			'--flow',
			'salesforce',
			'--object',
			'leads',
			'--once',
			'--json',
			'--members',
			String(LEADS),
			'--port',
			port,
		];
		const { code, lines } = await demo(...options);
		const numbers = JSON.parse(lines.at(-1) ?? '{}') as DemoNumbers;
		// The seed has a converted lead.
		expect({ code, equal: numbers.equal, read: numbers.read, failed: numbers.failed }).toEqual({
			...{ code: 0, equal: true, read: LEADS - 1, failed: 0 },
		});
		expect([numbers.created, numbers.updated, numbers.unchanged].every((count) => count > 0)).toBe(true);
		expect(numbers.calls.Salesforce).toBeLessThanOrEqual(10);
		expect(numbers.dailyCalls?.used).toBeGreaterThan(0);
		expect(numbers.memory.peak - numbers.memory.before).toBeLessThan(300);
		expect(lines.join('\n')).toMatch(/Salesforce's calls of the day +\d+[\s\S]*n8n's memory grew by MB +\d+/);
	});
});
