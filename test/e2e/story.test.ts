import { silentProgress } from '../../demo/progress';
import { CHAPTERS } from '../../demo/story/chapters';
import { STORY_TRIGGER } from '../../demo/story/playStory';
import { tellStory } from '../../demo/story/storyReport';
import { NODE_TYPES } from '../../demo/importTemplate';
import type { StoredWorkflow } from '../../demo/n8nApi';
import { type E2e, startE2e } from './support/startE2e';

/** `npm run demo -- --story` on the real n8n: what happens to contacts in real life, one chapter after the other. */
describe('the story of a sync', () => {
	let e2e: E2e;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		e2e = await startE2e({ members: 200, editor: false });
		workflow = await e2e.importSync({ [NODE_TYPES.trigger]: STORY_TRIGGER });
		await e2e.api.publish(workflow.id);
		await e2e.finishSync(workflow);
	});

	afterAll(async () => {
		await e2e?.close();
	});

	it('HB-08, HB-21 to HB-24, promises 1 and 2: each chapter ends as it should, and both sides agree in the end', async () => {
		const { chapters, differences, ok } = await tellStory({ stage: e2e, workflow, progress: silentProgress });
		expect(chapters.map(({ id, problems }) => ({ id, problems }))).toEqual(
			CHAPTERS.map(({ id }) => ({ id, problems: [] })),
		);
		expect(differences).toEqual([]);
		expect(ok).toBe(true);
	});
});
