import type { INode } from 'n8n-workflow';
import { mapped } from '../../support/mappedContacts';
import type { RunResult } from '../../support/n8n/engine';
import { runNodes } from '../../support/n8n/engine';
import type { EmptyBrevo } from './upsertRun';
import { outcomes, startEmptyBrevo, types } from './upsertRun';

describe('a published run that writes nothing', () => {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => await account.brevo.close());

	const delivery = { phase: 'live', sequence: 3, at: new Date().toISOString() };
	const run = async (
		mode: 'manual' | 'trigger',
		parameters: INode['parameters'],
		more: Record<string, unknown> = { delivery },
	): Promise<RunResult> => {
		const input = [{ ...mapped(1, { email: 'ada@x.example' }), ...more }] as never[];
		const { node, credentials } = account;
		return await runNodes([node(parameters)], { types, credentials, input, mode });
	};

	it('fails as a check of the set-up, so that the trigger keeps the contacts', async () => {
		const { error } = await run('trigger', { operation: 'checkSetUp' });
		expect(error?.message).toContain("published with the operation 'Check Set-Up' in 'Upsert'");
		expect(error?.message).toContain('kept and delivered then');
	});

	it('checks the set-up in a test, and where no contact came', async () => {
		expect((await run('manual', { operation: 'checkSetUp' })).error).toBeUndefined();
		const { node, credentials } = account;
		const nodes = [node({ operation: 'checkSetUp' })];
		const scheduled = await runNodes(nodes, { types, credentials, input: [{ at: 'noon' }], mode: 'trigger' });
		expect(scheduled.error).toBeUndefined();
	});

	it('ends well in a dry run that the trigger knows of, and writes nothing', async () => {
		const known = await run('trigger', { options: { dryRun: true } }, { delivery: { ...delivery, dryRun: true } });
		expect(outcomes(known.json('Upsert', 0))).toEqual(['planned']);
		expect(account.brevo.store.contacts.size).toBe(0);
	});

	it('fails in a dry run that the trigger cannot see', async () => {
		const { error } = await run('trigger', { options: { dryRun: '={{ true }}' } });
		expect(error?.message).toContain("'Dry Run' is on in 'Upsert' where the trigger cannot see it");
		expect((await run('manual', { options: { dryRun: '={{ true }}' } })).error).toBeUndefined();
	});

	it('ends well in a dry run of contacts that no trigger of ours delivered', async () => {
		expect((await run('trigger', { options: { dryRun: true } }, {})).error).toBeUndefined();
	});
});
