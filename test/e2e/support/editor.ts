import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { N8nApi } from '../../../demo/n8nApi';
import { PROJECT_ROOT } from '../../../demo/packageBuild';

/** Screenshots of the last run; not part of the repository. */
export const ARTEFACTS = join(PROJECT_ROOT, 'test-artefacts');

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** `CHROMIUM_PATH`, or where Debian and others put Chromium; undefined when there is none. */
export const findBrowser = (): string | undefined =>
	[process.env.CHROMIUM_PATH, ...BROWSERS].find((path) => path !== undefined && path !== '' && existsSync(path));

/** `describe`, or a skipped one with a plain message where no browser can be had. */
export function describeInBrowser(name: string, suite: () => void): void {
	if (findBrowser() !== undefined) return describe(name, suite);
	process.stdout.write(
		`Skipped, because Chromium is not installed (apt-get install chromium, or set CHROMIUM_PATH): ${name}\n`,
	);
	describe.skip(name, suite);
}

/** n8n's editor in a headless Chromium, logged in as the owner. Close it. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		private readonly context: BrowserContext,
		private readonly url: string,
	) {}

	static async open(api: N8nApi, viewport = { width: 1500, height: 1250 }): Promise<Editor> {
		// Without a sandbox of its own, because tests in containers run as root.
		const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
		const context = await browser.newContext({ viewport, deviceScaleFactor: 1 });
		const cookie = await api.sessionCookie();
		const [name = '', ...value] = cookie.split('=');
		await context.addCookies([{ name, value: value.join('='), url: api.url }]);
		return new Editor(browser, context, api.url);
	}

	/** The canvas of a workflow, or the panel of one of its nodes. */
	async page(workflowId: string, nodeId?: string): Promise<Page> {
		const page = await this.context.newPage();
		await page.goto(`${this.url}/workflow/${workflowId}${nodeId === undefined ? '' : `/${nodeId}`}`);
		await page.waitForSelector(nodeId === undefined ? '[data-test-id="canvas-node"]' : '[data-test-id="ndv"]', {
			timeout: 60_000,
		});
		return page;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

/** Keeps a picture of the page, also under the name `image` among the pictures of the docs when `UPDATE_IMAGES` is set. */
export async function keepPicture(page: Page, name: string, image?: string): Promise<void> {
	mkdirSync(ARTEFACTS, { recursive: true });
	await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
	if (image !== undefined && process.env.UPDATE_IMAGES) {
		await page.screenshot({ path: join(PROJECT_ROOT, 'docs', 'images', image) });
	}
}

/** Types into the dropdown of a parameter and takes the first entry with that text; answers all entries it had. */
export async function pickOption(page: Page, parameter: string, text: string): Promise<string[]> {
	const input = page.locator(`[data-test-id="parameter-input-${parameter}"] input`).first();
	await input.scrollIntoViewIfNeeded();
	await input.click();
	const entries = page.locator('.el-select-dropdown__item:visible');
	await entries.first().waitFor();
	const all = await entries.allInnerTexts();
	await input.fill(text);
	await entries.filter({ hasText: text }).first().click();
	return all.map((entry) => entry.split('\n')[0]?.trim() ?? '');
}
