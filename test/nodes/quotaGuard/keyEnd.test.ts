import { keyEnding, keyWith } from '../../support/n8n/endingKey';
import type { RunningGuard } from './guardRun';
import { people, startGuard } from './guardRun';
import { n8nKeyFinding } from '../../../nodes/shared/quota/n8nKey';

let guard: RunningGuard;
beforeEach(async () => void (guard = await startGuard()));
afterEach(async () => await guard.close());

const DAY = 24 * 60 * 60_000;
const USAGE = { operation: 'getUsage' };
/** Whole seconds, as in a key. */
const inDays = (days: number): number => Math.floor((Date.now() + days * DAY) / 1_000) * 1_000;
const dayOf = (instant: number): string => new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }); // prettier-ignore

/** A run of the node with this key; nothing it says may hold the key. */
async function runWith(apiKey: string, parameters = {}) {
	Object.assign(guard.credentials.contactSyncN8nApi ?? {}, { apiKey });
	const result = await guard.run(people(1), parameters);
	const [, payload = ''] = apiKey.split('.');
	expect(JSON.stringify([result.run, result.error?.message])).not.toContain(payload);
	return result;
}

/** What Check Set-Up can tell of the key afterwards. */
const found = () => n8nKeyFinding({ getWorkflow: () => ({ id: 'test' }), getTimezone: () => 'UTC' }, 'Guard');

describe("a key of n8n's API that ends", () => {
	it.each([{}, USAGE])('and did so stops the run before any call and names the day (%j)', async (parameters) => {
		const end = inDays(-3);
		const { error } = await runWith(keyEnding(end), parameters);
		expect(error?.message).toMatch(`The n8n API key expired on ${dayOf(end)}. Create a new one`);
		expect(guard.n8n.calls).toEqual([]);
	});

	it.each([{}, USAGE])('soon is warned about under the node (%j)', async (parameters) => {
		const end = inDays(13);
		const { hints } = await runWith(keyEnding(end), parameters);
		expect(hints).toContainEqual(expect.stringContaining(`The n8n API key expires on ${dayOf(end)}; `));
		expect(found()).toMatchObject({
			check: "n8n API key of 'Guard'",
			status: 'warning',
			message: `The n8n API key expires on ${dayOf(end)}; from then on the quota stops the sync`,
		});
	});

	it('later is told by Get Usage, also for a report, and Reserve does not speak of it', async () => {
		const end = inDays(20);
		const told = await runWith(keyEnding(end), USAGE);
		expect(told.hints).toContainEqual(`The n8n API key is good until ${dayOf(end)}`);
		expect(told.json('Guard')[0]).toMatchObject({ apiKeyExpiresAt: new Date(end).toISOString() });
		const { hints } = await runWith(keyEnding(end));
		expect(hints.join()).not.toContain('API key');
		expect(found()).toMatchObject({ status: 'ok', message: `The n8n API key is good until ${dayOf(end)}` });
	});

	it('never is not spoken of', async () => {
		const told = await runWith(keyWith({}), USAGE);
		expect(told.hints.join()).not.toContain('API key');
		expect(told.json('Guard')[0]).not.toHaveProperty('apiKeyExpiresAt');
		expect(found()).toBeUndefined();
	});
});
