import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from '../demoError';
import { MAIL_ADDRESSES, NODE_TYPES, nodeOfType, quotaTemplate, readTemplate } from '../n8n/importTemplate';
import type { Progress } from '../process/progress';
import { Patience } from '../process/slowness';
import type { Stage } from '../stage';
import { Deliveries, type Delivered } from '../story/deliveries';
import { QuotaTable } from './quotaTable';
import { POLL_SECONDS, QuotaWorld } from './quotaWorld';

/** How the quota was crossed and raised; this is what `--json` prints under `quota`. */
export interface QuotaReport {
	readonly ok: boolean;
	readonly seconds: number;
	readonly problems: readonly string[];
	/** Subjects of the mails, in the order they came. */
	readonly mails: readonly string[];
	readonly used: number;
	readonly limit: number;
	/** Address of the data table's screen in n8n's editor. */
	readonly screen: string;
}

export interface QuotaOptions {
	readonly stage: Pick<Stage, 'api' | 'sandbox' | 'importTemplate'>;
	readonly progress: Progress;
	readonly signal?: AbortSignal;
}

/** The name of the data table in the templates. */
export const TABLE = 'Contact Sync Quota';
const REPORT = 'quota-usage-report';
const SCHEDULE = 'n8n-nodes-base.scheduleTrigger';
/** The templates that are imported here, with a small limit, and need not be imported before. */
export const playedTemplates = (): readonly string[] => [quotaTemplate('hubspot').name, REPORT];

const LIMIT = 10;
const RAISED = 20;
const FIRST = 8;
const MORE = 4;
const CARRIED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
const PAUSED_POLLS = 3;
/** Opt-outs come through a pause: one look an hour, in ten calls at most. */
const CALLS_FOR_OPT_OUTS = 10;
/** Time enough to switch the report off before it is sent again. */
const REPORT_SECONDS = 5;

/**
 * HB-17 to HB-20 on the real n8n: contacts cross 80 % and 100 % of a small quota, the sync pauses, the user raises the
 * limit in the data table, and the sync goes on. Tells each step and checks it. Nothing else may sync meanwhile.
 */
export async function playQuota(options: QuotaOptions): Promise<QuotaReport> {
	const startedAt = Date.now();
	const world = await QuotaWorld.prepare(options.stage, { taskLimit: LIMIT });
	const play = new QuotaPlay(options, world);
	const people = await play.reachEighty();
	await play.useUp();
	await play.changeWhilePaused(people);
	const screen = await play.raise(people);
	await play.report();
	const { used, limit } = await play.row();
	const differences = world.differences().map(({ who, what }) => `${who} ${what}`);
	const problems = [...play.problems, ...differences];
	const seconds = (Date.now() - startedAt) / 1000;
	const told = problems.length === 0 ? [`as it should be, after ${seconds.toFixed(1)} s`] : problems.map((problem) => `NOT AS IT SHOULD BE: ${problem}`); // prettier-ignore
	for (const line of told) options.progress.note(`   ${line}`);
	options.progress.note('');
	return { ok: problems.length === 0, seconds, problems, mails: play.mails, used, limit: limit ?? LIMIT, screen };
}

class QuotaPlay {
	readonly problems: string[] = [];
	readonly mails: string[] = [];
	private readonly deliveries: Deliveries;
	private readonly mailsBefore: number;

	constructor(
		private readonly options: QuotaOptions,
		private readonly world: QuotaWorld,
	) {
		this.deliveries = new Deliveries(options.stage.api, world.workflow);
		this.mailsBefore = world.subjects().length;
	}

	async reachEighty(): Promise<string[]> {
		const people = this.world.join(FIRST);
		await this.options.stage.api.publish(this.world.workflow.id);
		this.tell(`'${this.world.workflow.name}' with a quota of ${LIMIT} tasks; ${FIRST} people are on its HubSpot list.`);
		await this.carried(people);
		await this.expectUsed(FIRST, /80 %/);
		return people;
	}

	/** The batch that crosses the limit goes through whole. */
	async useUp(): Promise<void> {
		this.tell(`${MORE} more people join the list. The batch that crosses the limit is finished.`);
		await this.carried(this.world.join(MORE));
		await this.expectUsed(FIRST + MORE, /used up/);
	}

	async changeWhilePaused([renamed = '', leaver = '']: readonly string[]): Promise<void> {
		const { world } = this;
		this.tell('One of them is renamed, twice, and another leaves the list. The sync pauses.');
		for (const name of ['Alexandra', 'Maxime']) world.rename(renamed, name);
		world.leave(leaver);
		const calls = world.calls();
		// A poll that pauses asks n8n alone, and once an hour the source for opt-outs, so nothing that could be waited for happens.
		await pause(PAUSED_POLLS * POLL_SECONDS * 1000, undefined, { signal: this.options.signal });
		const delivered = await this.deliveries.readNew();
		this.note(`${PAUSED_POLLS} polls later: ${delivered.length} contacts delivered, ${world.calls() - calls} calls to HubSpot and Brevo`); // prettier-ignore
		this.expect(delivered.length === 0, 'contacts were delivered although the quota is used up');
		this.expect(
			world.calls() - calls <= CALLS_FOR_OPT_OUTS,
			'polls that pause called HubSpot or Brevo for more than opt-outs',
		);
	}

	/** As a person does on the screen of the data table, whose address it answers. */
	async raise([renamed = '', leaver = '']: readonly string[]): Promise<string> {
		const { world } = this;
		const table = await this.table();
		await table.setLimit(world.quota, RAISED);
		this.tell(`The limit is raised: in n8n's data table '${TABLE}', the cell 'limit' becomes ${RAISED}.`);
		this.note(table.screen);
		const delivered = await this.carried([renamed, leaver]);
		const keys = delivered.map(({ key }) => key);
		this.expect(new Set(keys).size === 2 && keys.length === 2, `${keys.length} contacts were delivered instead of 2`);
		this.expect(world.firstNameIn(world.keyOf(renamed)) === 'Maxime', 'Brevo has not got the newest name');
		await this.expectUsed(FIRST + MORE + 2, /raised/);
		return table.screen;
	}

	/** The template of the daily report, once, without waiting for the morning. */
	async report(): Promise<void> {
		const { api, importTemplate } = this.options.stage;
		const workflow = await importTemplate(readTemplate(REPORT), { [NODE_TYPES.quotaGuard]: { taskLimit: LIMIT } });
		const hasty = structuredClone(workflow);
		nodeOfType(hasty, SCHEDULE).parameters.rule = { interval: [{ field: 'seconds', secondsInterval: REPORT_SECONDS }] };
		await api.updateWorkflow(workflow.id, hasty);
		this.tell(`'${workflow.name}' is sent, which otherwise comes every morning.`);
		const patience = new Patience(CARRIED_WITHIN_MS);
		await api.publish(workflow.id);
		while (this.newMails().length === 0) {
			this.options.signal?.throwIfAborted();
			if (patience.isOver) throw new DemoError('The report about the quota does not come');
			await pause(LOOK_EVERY_MS);
		}
		await api.unpublish(workflow.id);
		await api.updateWorkflow(workflow.id, workflow);
		// On a slow machine it may be sent again before it is switched off.
		this.expectMail(/70 %/, { again: true });
	}

	async row() {
		return await (await this.table()).row(this.world.quota);
	}

	private async table(): Promise<QuotaTable> {
		return await QuotaTable.find(this.options.stage.api, TABLE);
	}

	private async carried(people: readonly string[]): Promise<Delivered[]> {
		const keys = people.map((id) => this.world.keyOf(id));
		const delivered = await this.deliveries.untilCarried(keys, CARRIED_WITHIN_MS, this.options.signal);
		this.expect(
			keys.every((key) => delivered.some((one) => one.key === key)),
			'a contact was not delivered',
		);
		this.note(`${delivered.length} contacts went through`);
		return delivered;
	}

	private async expectUsed(used: number, mail: RegExp): Promise<void> {
		const row = await this.row();
		this.note(`The data table says: ${row.used} used; told: ${row.alerted}`);
		this.expect(row.used === used, `${row.used} tasks are counted instead of ${used}`);
		this.expectMail(mail);
	}

	/** One mail came since the last look, or with `again` the same one several times. */
	private expectMail(about: RegExp, { again = false } = {}): void {
		const all = this.newMails();
		const fresh = again ? [...new Set(all)] : all;
		this.mails.push(...fresh);
		for (const subject of fresh) this.note(`Mail to ${MAIL_ADDRESSES.toEmail}: ${subject}`);
		const [subject = ''] = fresh;
		this.expect(
			fresh.length === 1 && about.test(subject),
			`a mail about ${String(about)} should have come, and no other`,
		);
	}

	private newMails(): string[] {
		return this.world.subjects().slice(this.mailsBefore + this.mails.length);
	}

	private expect(isSo: boolean, otherwise: string): void {
		if (!isSo) this.problems.push(otherwise);
	}

	private tell(what: string): void {
		this.options.progress.note('');
		this.options.progress.note(what);
	}

	private note(what: string): void {
		this.options.progress.note(`   ${what}`);
	}
}
