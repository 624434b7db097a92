import { createTransport } from 'nodemailer';
import { chromium, type Browser } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/startSandbox';
import { describeInBrowser, findBrowser } from '../support/browser';

describeInBrowser('the page in a browser', () => {
	let sandbox: Sandbox;
	let browser: Browser;
	beforeAll(async () => {
		sandbox = await startSandbox({ members: 60 });
		browser = await chromium.launch({ executablePath: findBrowser() ?? '', args: ['--no-sandbox'] });
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
		await page.locator('#source tbody tr').first().waitFor();
		expect(await page.locator('#source .size').textContent()).toBe('60');

		const id = sandbox.hubspot.store.addContact(
			{ email: 'live@example.com', firstname: '<img src=x onerror=alert(1)>', lastname: 'Live' },
			['101'],
		);
		const first = page.locator('#source tbody tr').first();
		await first.filter({ hasText: '<img src=x onerror=alert(1)> Live' }).waitFor({ timeout: 5_000 });
		expect(await page.locator('#source tbody img').count()).toBe(0);
		expect(await first.textContent()).toContain('mailable');
		sandbox.hubspot.store.optOut(id);
		await first.filter({ hasText: 'opted out' }).waitFor({ timeout: 5_000 });

		await page.locator('select[name=person]').selectOption(id);
		await page.getByRole('button', { name: 'Take off the list' }).click();
		await page.locator('#source .size', { hasText: /^60$/ }).waitFor({ timeout: 5_000 });
		expect(sandbox.hubspot.store.list('101').members.has(Number(id))).toBe(false);
		await page.locator('#former tbody tr', { hasText: 'live@example.com' }).waitFor({ timeout: 5_000 });
		await page.locator('#log li', { hasText: 'Live: off the list' }).waitFor({ timeout: 5_000 });
		expect(await page.locator('#log img').count()).toBe(0);

		await page.getByLabel('New value', { exact: true }).fill('Alexandra');
		await page.getByRole('button', { name: 'Change', exact: true }).click();
		await page.locator('#source tbody tr', { hasText: 'Alexandra' }).waitFor({ timeout: 5_000 });
		await page.getByRole('button', { name: 'Swap their addresses' }).click();
		await page.locator('#log li', { hasText: 'email changed' }).first().waitFor({ timeout: 5_000 });
		await page.locator('#source .head select').selectOption({ label: 'Nobody yet' });
		await page.locator('#source .size', { hasText: /^0$/ }).waitFor({ timeout: 5_000 });
		expect(problems).toEqual([]);
	});

	it('shows Salesforce contacts and leads, and lets things happen to them', async () => {
		const { store } = sandbox.salesforce;
		const page = await browser.newPage();
		const problems: string[] = [];
		page.on('pageerror', (error) => problems.push(error.message));
		await page.goto(sandbox.page.url);
		await page.locator('#kinds').getByLabel('Salesforce contacts').check();
		await page.locator('#source h2', { hasText: 'Salesforce contacts' }).waitFor();
		await page.locator('#source .size', { hasText: /^59$/ }).waitFor();
		const id = store.insert('Contact', { FirstName: 'Live', LastName: '<b>Contact</b>', Email: 'live@example.com' })[
			'Id'
		] as string;
		await page.locator('#source tbody tr').first().filter({ hasText: 'Live <b>Contact</b>' }).waitFor();
		await page.locator('select[name=record]').selectOption(id);
		await page.getByRole('button', { name: 'Edit', exact: true }).click();
		await page
			.locator('#log li', { hasText: 'Alexandra <b>Contact</b>: FirstName changed' })
			.waitFor({ timeout: 5_000 });
		for (const button of ['Opt out', 'Add to the campaign', 'Delete']) {
			await page.getByRole('button', { name: button, exact: true }).click();
			await page
				.locator('#log li', { hasText: /opted out of e-mail|added to a campaign|deleted/ })
				.first()
				.waitFor();
		}
		await page.locator('#former tbody tr', { hasText: 'live@example.com' }).waitFor({ timeout: 5_000 });
		expect(store.must('Contact', id)).toMatchObject({
			FirstName: 'Alexandra',
			HasOptedOutOfEmail: true,
			IsDeleted: true,
		});

		await page.locator('#kinds').getByLabel('Salesforce leads').check();
		await page.locator('#source h2', { hasText: 'Salesforce leads' }).waitFor();
		await page.getByRole('button', { name: 'Convert', exact: true }).click();
		await page.locator('#former tbody tr', { hasText: 'converted' }).first().waitFor({ timeout: 5_000 });
		await page.locator('#log li', { hasText: ': converted' }).waitFor({ timeout: 5_000 });
		expect(problems).toEqual([]);
	});

	it('shows the mails of the inbox as they look, and nothing of them runs or loads', async () => {
		const { host, port, settings } = sandbox.inbox;
		const auth = { user: settings.user, pass: settings.password };
		const transport = createTransport({ host, port, secure: false, auth });
		const page = await browser.newPage();
		await page.goto(sandbox.page.url);
		const inbox = page.locator('#inbox');
		await inbox.getByText('Nothing yet.').waitFor();

		const mail = { from: 'Sync <sync@example.com>', to: 'ops@example.com' };
		const html = `<h2 style="color: rgb(10, 20, 30)">As sent</h2><img src="${sandbox.hubspot.url}/x.png"><script>document.body.textContent = 'ran'</script>`;
		await transport.sendMail({ ...mail, subject: '<i>80 %</i>', text: 'As text', html });
		await inbox.getByRole('button', { name: '<i>80 %</i>' }).waitFor({ timeout: 5_000 });
		const frame = inbox.frameLocator('iframe');
		const heading = frame.getByRole('heading', { name: 'As sent' });
		await heading.waitFor({ timeout: 5_000 });
		expect(await heading.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(10, 20, 30)');

		await transport.sendMail({ ...mail, subject: 'Second', text: 'Only <text>' });
		await frame.getByText('Only <text>').waitFor({ timeout: 5_000 });
		await inbox.getByRole('button', { name: '<i>80 %</i>' }).click();
		await heading.waitFor({ timeout: 5_000 });
		expect(sandbox.hubspot.requests.count(({ path }) => path === '/x.png')).toBe(0);
		sandbox.inbox.reset();
		await inbox.getByText('Nothing yet.').waitFor({ timeout: 5_000 });
		expect(await inbox.locator('iframe').isVisible()).toBe(false);
	});

	it('is usable by keyboard and by screen readers', async () => {
		const page = await browser.newPage();
		await page.goto(sandbox.page.url);
		await page.locator('#target tbody tr').first().waitFor();
		expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
		expect(await page.getByRole('region', { name: 'Members of the HubSpot list', exact: true }).count()).toBe(1);
		expect(await page.getByRole('status').textContent()).toMatch(/members shown|agree/);
		await page.keyboard.press('Tab');
		expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value)).toBe('hubspot');
		await page.keyboard.press('Tab');
		expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value)).toBe('brevo');
		await page.keyboard.press('Tab');
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Add a contact');
	});

	it('shows HubSpot and Salesforce beside each other where the address says so', async () => {
		const page = await browser.newPage();
		await page.goto(`${sandbox.page.url}#hubspot/Contact`);
		await page.locator('#source h2', { hasText: 'HubSpot' }).waitFor();
		await page.locator('#target h2', { hasText: 'Salesforce contacts' }).waitFor();
		await page.locator('#target tbody tr').first().waitFor();
		expect(await page.locator('#former').isVisible()).toBe(false);
		await page.locator('#beside').getByLabel('Brevo').check();
		await page.locator('#target h2', { hasText: 'Brevo' }).waitFor();
		expect(await page.locator('#beside').getByLabel('HubSpot').isDisabled()).toBe(true);
	});
});
