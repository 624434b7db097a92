import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/startSandbox';

const executablePath = [
	process.env['CHROMIUM_PATH'] ?? '',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));
if (executablePath === undefined)
	console.warn('No Chromium here (CHROMIUM_PATH, /usr/bin/chromium): the page is not looked at.');

(executablePath === undefined ? describe.skip : describe)('the page in a browser', () => {
	let sandbox: Sandbox;
	let browser: Browser;
	beforeAll(async () => {
		sandbox = await startSandbox({ members: 60 });
		browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
	});
	afterAll(async () => {
		await browser.close();
		await sandbox.close();
	});

	it('shows both lists live, names with angle brackets as text, and who is opted out', async () => {
		const page = await browser.newPage();
		const problems: string[] = [];
		page.on('pageerror', (error) => problems.push(error.message));
		page.on('console', (message) => {
			if (message.type() === 'error') problems.push(message.text());
		});
		await page.goto(sandbox.page.url);
		await page.locator('#hubspot tbody tr').first().waitFor();
		expect(await page.locator('#hubspot .size').textContent()).toBe('60');

		const id = sandbox.hubspot.store.addContact(
			{ email: 'live@example.com', firstname: '<img src=x onerror=alert(1)>', lastname: 'Live' },
			['101'],
		);
		const first = page.locator('#hubspot tbody tr').first();
		await first.filter({ hasText: '<img src=x onerror=alert(1)> Live' }).waitFor({ timeout: 5_000 });
		expect(await page.locator('#hubspot tbody img').count()).toBe(0);
		expect(await first.textContent()).toContain('mailable');
		sandbox.hubspot.store.optOut(id);
		await first.filter({ hasText: 'opted out' }).waitFor({ timeout: 5_000 });

		await page.locator('select[name=person]').selectOption(id);
		await page.getByRole('button', { name: 'Take off the list' }).click();
		await page.locator('#hubspot .size', { hasText: /^60$/ }).waitFor({ timeout: 5_000 });
		expect(sandbox.hubspot.store.list('101').members.has(Number(id))).toBe(false);
		await page.locator('#former tbody tr', { hasText: 'live@example.com' }).waitFor({ timeout: 5_000 });
		await page.locator('#log li', { hasText: 'Live: off the list' }).waitFor({ timeout: 5_000 });
		expect(await page.locator('#log img').count()).toBe(0);

		await page.getByLabel('New value').fill('Alexandra');
		await page.getByRole('button', { name: 'Change', exact: true }).click();
		await page.locator('#hubspot tbody tr', { hasText: 'Alexandra' }).waitFor({ timeout: 5_000 });
		await page.getByRole('button', { name: 'Swap their addresses' }).click();
		await page.locator('#log li', { hasText: 'email changed' }).first().waitFor({ timeout: 5_000 });
		await page.locator('#hubspot .head select').selectOption({ label: 'Nobody yet' });
		await page.locator('#hubspot .size', { hasText: /^0$/ }).waitFor({ timeout: 5_000 });
		expect(problems).toEqual([]);
	});

	it('is usable by keyboard and by screen readers', async () => {
		const page = await browser.newPage();
		await page.goto(sandbox.page.url);
		await page.locator('#brevo tbody tr').first().waitFor();
		expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
		expect(await page.getByRole('region', { name: 'Members of the HubSpot list', exact: true }).count()).toBe(1);
		expect(await page.getByRole('status').textContent()).toMatch(/members shown|agree/);
		await page.keyboard.press('Tab');
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Add a contact');
	});
});
