import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { N8nApi, StoredWorkflow } from '../../../demo/n8n/n8nApi';
import { PROJECT_ROOT } from '../../../demo/n8n/packageBuild';
import { scaled } from '../../../demo/process/slowness';
import { findBrowser } from '../../support/browser';
import { waitFor } from './waitFor';

/** Screenshots of the last run; not part of the repository. */
export const ARTEFACTS = join(PROJECT_ROOT, 'test-artefacts');

/**
 * n8n's editor in one tab of a headless Chromium, logged in as the owner. Loading it costs eight seconds of a processor, going
 * from one workflow to the next inside it one: tests share it. Close it.
 */
export class Editor {
	private tab: Page | undefined;

	private constructor(
		private readonly browser: Browser,
		private readonly context: BrowserContext,
		private readonly url: string,
	) {}

	static async open(api: N8nApi, viewport = { width: 1500, height: 1250 }): Promise<Editor> {
		// Without a sandbox of its own, because tests in containers run as root.
		const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
		const context = await browser.newContext({ viewport, deviceScaleFactor: 1, reducedMotion: 'reduce' });
		const cookie = await api.sessionCookie();
		const [name = '', ...value] = cookie.split('=');
		await context.addCookies([{ name, value: value.join('='), url: api.url }]);
		return new Editor(browser, context, api.url);
	}

	/** The canvas of a workflow, and nothing over it. Leaves the workflow before. */
	async showCanvas({ id, name, nodes }: StoredWorkflow): Promise<Page> {
		const path = `/workflow/${id}`;
		const page = this.tab === undefined ? await this.load(path) : await goInside(this.tab, path);
		this.tab = page;
		await page.waitForFunction((title) => document.title.includes(title), name);
		await page.locator(PANEL).waitFor({ state: 'detached' });
		for (const node of nodes) if (node.type !== STICKY_NOTE) await canvasNode(page, node.name).waitFor();
		return page;
	}

	/** The panel of a node, opened from the canvas. */
	async showNode(workflow: StoredWorkflow, node: string): Promise<Page> {
		const page = await this.showCanvas(workflow);
		await canvasNode(page, node).dblclick();
		await page.waitForSelector(PANEL);
		return page;
	}

	/** The panel of a node in a new tab, as by a link: nothing is known from before. */
	async showNodeAfresh({ id, nodes }: StoredWorkflow, node: string): Promise<Page> {
		await this.tab?.close();
		const nodeId = nodes.find(({ name }) => name === node)?.id ?? '';
		this.tab = await this.load(`/workflow/${id}/${nodeId}`);
		await this.tab.waitForSelector(PANEL);
		return this.tab;
	}

	/** Another page of n8n, such as `/home/datatables`. Leaves the workflow before. */
	async showPage(path: string): Promise<Page> {
		this.tab = this.tab === undefined ? await this.load(path) : await goInside(this.tab, path);
		return this.tab;
	}

	private async load(path: string): Promise<Page> {
		const page = await this.context.newPage();
		page.setDefaultTimeout(scaled(60_000));
		await page.goto(this.url + path);
		return page;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}
}

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const PANEL = '[data-test-id="ndv"]';

const canvasNode = (page: Page, name: string) => page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);

/** Goes to a path of the editor without loading it again, as the browser's own buttons do. */
async function goInside(page: Page, path: string): Promise<Page> {
	await page.evaluate((current) => {
		const state = { back: null, current, forward: null, replaced: false, position: history.length, scroll: null };
		history.pushState(state, '', current);
		window.dispatchEvent(new PopStateEvent('popstate', { state }));
	}, path);
	return page;
}

/** Lets the page come to rest where its pictures go into the docs. */
export async function settle(page: Page): Promise<void> {
	if (!process.env.UPDATE_IMAGES) return;
	await page.mouse.move(0, 0);
	await page.waitForTimeout(2_000);
}

/**
 * Keeps a picture of the page, also under the name `image` among the pictures of the docs when `UPDATE_IMAGES` is set; of its
 * upper part if a `height` is given.
 */
export async function keepPicture(page: Page, name: string, image?: string, height?: number): Promise<void> {
	const width = page.viewportSize()?.width ?? 0;
	const part = height === undefined ? {} : { clip: { x: 0, y: 0, width, height } };
	mkdirSync(ARTEFACTS, { recursive: true });
	await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), ...part });
	if (image !== undefined && process.env.UPDATE_IMAGES) {
		await page.screenshot({ path: join(PROJECT_ROOT, 'docs', 'images', image), ...part });
	}
}

/** The same of one element of the page, or of its upper part if a `height` is given. */
export async function keepPictureOf(element: Locator, name: string, image?: string, height?: number): Promise<void> {
	const page = element.page();
	await settle(page);
	// n8n says for a while that a node was executed.
	if (process.env.UPDATE_IMAGES) await page.locator('.el-notification').first().waitFor({ state: 'detached' });
	const box = (await element.first().boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
	const clip = { ...box, height: Math.min(box.height, height ?? box.height) };
	mkdirSync(ARTEFACTS, { recursive: true });
	await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), clip });
	if (image !== undefined && process.env.UPDATE_IMAGES)
		await page.screenshot({ path: join(PROJECT_ROOT, 'docs', 'images', image), clip });
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

/** Opens the list of a locator, searches in it and picks the first hit; answers the names before and after the search. */
export async function pickLocator(
	page: Page,
	parameter: string,
	search: string,
): Promise<{ all: string[]; found: string[] }> {
	const items = page.locator('[data-test-id="rlc-item"]:visible');
	await page.locator(`[data-test-id="resource-locator-${parameter}"] [data-test-id="rlc-input"]`).first().click();
	await items.first().waitFor();
	const all = await items.allInnerTexts();
	await page.locator('[data-test-id="rlc-search"]:visible').fill(search);
	const found = await waitFor('the search', async () => {
		const names = await items.allInnerTexts();
		return names.length > 0 && names.every((name) => name.toLowerCase().includes(search.toLowerCase())) && names;
	});
	await items.first().click();
	return { all, found };
}
