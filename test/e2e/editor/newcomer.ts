import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { ARTEFACTS } from '../support/editor';

interface Step {
	readonly step: string;
	clicks: number;
	typed: number;
	seconds: number;
}

/** A person at n8n's editor who has never seen it: each click and each field that is typed into counts. */
export class Newcomer {
	private readonly steps: Step[] = [];
	private startedAt = 0;

	constructor(readonly page: Page) {}

	/** What is counted from here on belongs to this step. */
	begin(step: string): void {
		this.endStep();
		this.steps.push({ step, clicks: 0, typed: 0, seconds: 0 });
		this.startedAt = Date.now();
	}

	async click(target: Locator): Promise<void> {
		await target.first().click();
		this.current.clicks += 1;
	}

	async doubleClick(target: Locator): Promise<void> {
		await target.first().dblclick();
		this.current.clicks += 2;
	}

	async type(target: Locator, text: string): Promise<void> {
		await target.first().fill(text);
		this.current.typed += 1;
	}

	/** An element by n8n's own mark for tests. */
	at(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Searches the node creator and adds what was found: the node's action where it has several. Answers all names it offered. */
	async addNode(search: string, node: string, action = 'Add to workflow'): Promise<string[]> {
		await this.type(this.at('node-creator-search-bar'), search);
		const found = this.at('node-creator-item-name');
		await found.filter({ hasText: node }).waitFor();
		const names = await found.allInnerTexts();
		await this.click(found.filter({ hasText: node }));
		await this.click(this.page.getByText(action, { exact: true }));
		await this.at('ndv').waitFor();
		return names;
	}

	/** Fills the window of a credential and saves it, which tests it. */
	async saveCredential(values: Readonly<Record<string, string>>): Promise<void> {
		const window = this.at('editCredential-modal');
		for (const [name, value] of Object.entries(values))
			await this.type(window.locator(`[data-test-id="parameter-input-${name}"] input`), value);
		await this.click(this.at('credential-save-button'));
	}

	/** Picks from the list of a locator by name. Answers all names. */
	async pickFromList(parameter: string, name: string): Promise<string[]> {
		await this.click(this.page.locator(`[data-test-id="resource-locator-${parameter}"] [data-test-id="rlc-input"]`));
		const items = this.page.locator('[data-test-id="rlc-item"]:visible');
		await items.filter({ hasText: name }).first().waitFor();
		const names = await items.allInnerTexts();
		await this.click(items.filter({ hasText: name }));
		return names;
	}

	async pickOption(parameter: string, option: string): Promise<void> {
		await this.click(this.page.locator(`[data-test-id="parameter-input-${parameter}"] input`));
		await this.click(this.page.locator('.el-select-dropdown__item:visible').filter({ hasText: option }));
	}

	async flip(parameter: string): Promise<void> {
		await this.click(this.page.locator(`[data-test-id="parameter-input-${parameter}"] .el-switch`));
	}

	/** Runs the node whose panel is open, and waits for what its output shows. */
	async execute(shows: Locator): Promise<void> {
		await this.click(this.at('node-execute-button'));
		await shows.first().waitFor();
	}

	/** Names of the columns of the output, which is shown as a table. */
	async columns(): Promise<string[]> {
		const names = this.at('ndv').locator('th:visible');
		await names.first().waitFor();
		return (await names.allInnerTexts()).map((name) => name.trim());
	}

	async closePanel(): Promise<void> {
		await this.click(this.at('ndv-close-button'));
		await this.at('ndv').waitFor({ state: 'detached' });
	}

	/** Clicks, typed fields and seconds by step, and of all steps; kept among the pictures of the run. */
	finish(): Omit<Step, 'step'> {
		this.endStep();
		const sum = (of: (step: Step) => number): number => this.steps.reduce((total, step) => total + of(step), 0);
		const all = { clicks: sum(({ clicks }) => clicks), typed: sum(({ typed }) => typed), seconds: sum(({ seconds }) => seconds) }; // prettier-ignore
		writeFileSync(join(ARTEFACTS, 'first-hour.json'), JSON.stringify({ all, steps: this.steps }, null, '\t'));
		return all;
	}

	private get current(): Step {
		const step = this.steps.at(-1);
		if (!step) throw new Error('No step was begun');
		return step;
	}

	private endStep(): void {
		const step = this.steps.at(-1);
		if (step) step.seconds = Math.round((Date.now() - this.startedAt) / 100) / 10;
	}
}
