import type { INode } from 'n8n-workflow';
import { mapped } from '../../support/mappedContacts';
import type { RunResult } from '../../support/n8n/engine';
import { runNodes } from '../../support/n8n/engine';
import type { EmptyBrevo } from './upsertRun';
import { outcomes, startEmptyBrevo, types } from './upsertRun';

const MINUTE_MS = 60_000;

describe('contacts that were kept for later', () => {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => await account.brevo.close());

	const run = async (
		mode: 'manual' | 'trigger' | 'retry',
		minutesOld: number,
		parameters: INode['parameters'] = {},
		change: Partial<INode> = {},
	): Promise<RunResult> => {
		const at = new Date(Date.now() - minutesOld * MINUTE_MS).toISOString();
		const contact = mapped(1, { email: 'ada@x.example' });
		const input = [{ ...contact, delivery: { phase: 'live', sequence: 3, at } }] as never[];
		const { node, credentials } = account;
		return await runNodes([node(parameters, change)], { types, credentials, input, mode });
	};
	const written = (): number => account.brevo.store.contacts.size;

	it("are refused when n8n's Retry runs an execution once more, with nothing written", async () => {
		const { error, run: ended } = await run('retry', 0);
		expect(ended.status).toBe('error');
		expect(error?.message).toContain('the trigger delivers these contacts by itself');
		expect(error?.description).toContain('delivers again by itself');
		expect(account.brevo.requests.total).toBe(0);
		expect(written()).toBe(0);
	});

	it('have an outcome each, with the reason, where the node goes on in spite of errors', async () => {
		const result = await run('retry', 0, {}, { onError: 'continueRegularOutput' });
		expect(outcomes(result.json('Upsert', 1))).toEqual(['failed STALE_DELIVERY']);
	});

	it.each([
		['in a test in the editor, after ten minutes', 'manual', 9, 11, 'fetch the test event'],
		['in a run that took hours to come here', 'trigger', 119, 121, 'by itself'],
	] as const)('are refused %s', async (_name, mode, fresh, old, says) => {
		expect((await run(mode, old)).error?.message).toContain(says);
		expect(written()).toBe(0);
		expect((await run(mode, fresh)).error).toBeUndefined();
		expect(written()).toBe(1);
	});

	it('may be looked at in a dry run, which writes nothing', async () => {
		const result = await run('retry', 500, { options: { dryRun: true } });
		expect(result.error).toBeUndefined();
		expect(outcomes(result.json('Upsert'))).toEqual(['planned']);
	});

	it('are refused by a retry also when they were read on demand: only a new run reads them as they are now', async () => {
		const at = new Date().toISOString();
		const item = { ...mapped(1, { email: 'ada@x.example' }), delivery: { phase: 'resync', sequence: 0, at } };
		const { node, credentials } = account;
		const started = async (mode: 'manual' | 'retry') =>
			await runNodes([node()], { types, credentials, input: [item] as never[], mode });
		expect((await started('retry')).error?.message).toContain('Start the workflow anew');
		expect(written()).toBe(0);
		expect((await started('manual')).error).toBeUndefined();
		expect(written()).toBe(1);
	});

	it('are written when they come from no trigger of ours: then a retry is the only way', async () => {
		const input = [mapped(1, { email: 'ada@x.example' })] as never[];
		const { node, credentials } = account;
		const { error } = await runNodes([node()], { types, credentials, input, mode: 'retry' });
		expect(error).toBeUndefined();
		expect(written()).toBe(1);
	});
});
