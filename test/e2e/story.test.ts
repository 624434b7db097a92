import type { Tally } from '../../demo/firstSync';
import type { Difference } from '../../demo/truth/compare';
import { silentProgress } from '../../demo/process/progress';
import { CHAPTERS } from '../../demo/story/chapters';
import { STORY_TRIGGER } from '../../demo/story/playStory';
import { tellStory } from '../../demo/story/storyReport';
import { NODE_TYPES, nodeOfType } from '../../demo/n8n/importTemplate';
import type { StoredWorkflow } from '../../demo/n8n/n8nApi';
import { TABLE } from '../../demo/quota/playQuota';
import { QuotaTable } from '../../demo/quota/quotaTable';
import { QuotaWorld } from '../../demo/quota/quotaWorld';
import { type E2e, startE2e } from './support/startE2e';
import { waitFor } from './support/waitFor';

describe('the story of a sync', () => {
	let e2e: E2e;
	let workflow: StoredWorkflow;
	let tally: Tally;

	beforeAll(async () => {
		e2e = await startE2e({ members: 200, editor: false });
		workflow = await e2e.importSync({ [NODE_TYPES.trigger]: STORY_TRIGGER });
		await e2e.api.publish(workflow.id);
		expect(e2e.differences(workflow)).not.toEqual([]);
		tally = await e2e.finishSync(workflow);
	});

	afterAll(async () => {
		await e2e?.close();
	});

	/** `npm run demo -- --story`: what happens to contacts in real life, one chapter after the other. */
	it('HB-08, HB-21 to HB-24, promises 1 and 2: each chapter ends as it should, and both sides agree in the end', async () => {
		const { chapters, differences, ok } = await tellStory({ stage: e2e, workflow, progress: silentProgress });
		expect(chapters.map(({ id, problems }) => ({ id, problems }))).toEqual(
			CHAPTERS.map(({ id }) => ({ id, problems: [] })),
		);
		expect(differences).toEqual([]);
		expect(ok).toBe(true);
	});

	it('HB-18, HB-19: with a quota, a mail server that is down stops nothing, and the run fails only after what is within was written', async () => {
		const { api, sandbox } = e2e;
		const world = await QuotaWorld.prepare(e2e, { taskLimit: 5, whenExceeded: 'strict' });
		nodeOfType(world.workflow, NODE_TYPES.sendEmail).waitBetweenTries = 0;
		await api.updateWorkflow(world.workflow.id, world.workflow);
		const people = world.join(7).map((id) => world.keyOf(id));
		const inBrevo = () => people.filter((key) => world.firstNameIn(key) !== undefined);
		await sandbox.inbox.down();
		await api.publish(world.workflow.id);
		const { id } = await waitFor('the run that is over the quota', async () =>
			(await api.listExecutions(world.workflow.id)).find(({ status }) => status === 'error'),
		);
		const { runData, error } = (await api.getExecution(id)).data?.resultData ?? { runData: {} };
		expect(error?.message).toMatch(/^The quota 'Contact Sync' of 5 tasks is used up/);
		const ran = Object.keys(runData);
		expect(ran).toEqual(expect.arrayContaining(['Send Email', 'Contact List Upsert']));
		expect(ran.at(-1)).toBe('Stop and Error');
		expect(inBrevo()).toHaveLength(5);

		await sandbox.inbox.up();
		const table = await QuotaTable.find(api, TABLE);
		await table.setLimit(world.quota, 20);
		await waitFor('the others', () => inBrevo().length === 7);
		expect(world.differences()).toEqual([]);
		await waitFor('the mail', () => world.subjects().length > 0);
		expect(world.subjects()).toEqual([expect.stringContaining('raised to 20 tasks')]);
		expect((await table.row(world.quota)).used).toBe(7);
	});

	it('promises 2 and 3: everybody had one outcome; after a kill one batch at most comes again; and these tests notice where the two sides differ', async () => {
		const { api, sandbox, n8n, choices } = e2e;
		const { created, updated, unchanged, excluded } = tally;
		expect(tally).toMatchObject({ read: 200, failed: 0 });
		expect(created + updated + unchanged + excluded).toBe(200);

		// The story and the quota left contacts that this comparison does not expect.
		const differences = e2e.differences(workflow);
		await n8n.kill();
		await n8n.start();
		const executions = (await api.listExecutions(workflow.id)).length;
		sandbox.hubspot.requests.clear();
		await waitFor('the first poll after the restart', () => sandbox.hubspot.requests.total > 0, { withinMs: 90_000 });
		expect((await api.listExecutions(workflow.id)).length - executions).toBeLessThanOrEqual(1);
		expect(e2e.differences(workflow)).toEqual(differences);

		const { store } = sandbox.brevo;
		const target = Number(choices.destinationList.id);
		const [first, second, third] = [...store.contacts.values()].filter(({ listIds }) => listIds.has(target));
		if (!first || !second || !third) throw new Error('Three contacts should be on the list');
		store.changeContact(first, { attributes: { FIRSTNAME: 'Somebody else' } }, 'control');
		store.changeContact(second, { removeFrom: [target] }, 'control');
		store.deleteContact(third, 'control');
		const isNew = (one: Difference) => !differences.some(({ who, what }) => who === one.who && what === one.what);
		const found = e2e.differences(workflow).filter(isNew);
		expect(found.map(({ what }) => what)).toEqual(
			expect.arrayContaining([
				'the attribute FIRSTNAME differs',
				'is not on the destination list',
				'is missing in Brevo',
			]),
		);
	});
});
