import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import type { MappedContact } from '../../../../../core/contact/contact';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const crowd = mappedCrowd(35);
const LEAVER = 'person1@crowd.example';
const later = { change: 'removed', changedAt: '2026-11-20T11:00:00.000Z' } as const;
const leaver = mapped(1, { email: LEAVER }, later);

const run = async (contacts: readonly MappedContact[], account: string, longestWaitMs = 20_000) =>
	await upsertIntoBrevo(sandbox.brevo, contacts, { list: { id: sandbox.list }, account, settings: { longestWaitMs } });

const onList = () => sandbox.contact(LEAVER)?.listIds.has(sandbox.list);

describe('an import that ends after its run', () => {
	it('is waited for, so that who left since is off the list in the end', async () => {
		const account = newAccount();
		sandbox.brevo.settings.importDelayMs = 5_000;
		expect((await run(crowd, account, 1_500)).failure?.code).toBe('NOT_CONFIRMED');
		const report = await run([leaver], account);
		await sandbox.brevo.idle();
		expect(report.failure).toBeUndefined();
		expect(onList()).toBe(false);
	}, 60_000);

	it('is waited for where its answer got lost, and not begun a second time', async () => {
		const account = newAccount();
		sandbox.brevo.settings.importDelayMs = 6_000;
		sandbox.brevo.faults.next('POST /contacts/import', {
			kind: 'afterWork',
			status: 524,
			times: 4,
			body: '<html></html>',
		});
		expect((await run(crowd, account)).failure?.code).toBe('UNAVAILABLE');
		expect(sandbox.brevo.requests.counts()['POST /contacts/import']).toBe(1);
		expect((await run([leaver], account)).failure).toBeUndefined();
		await sandbox.brevo.idle();
		expect(onList()).toBe(false);
	}, 60_000);

	it.each([
		['a new process', leaver],
		[
			'a delivery that comes again',
			mapped(1, { email: LEAVER }, { ...later, delivery: { phase: 'live', sequence: 2, again: true } }),
		],
	])(
		'is waited for by %s too',
		async (_name, contact) => {
			const account = newAccount();
			if (contact !== leaver) await run([mapped(99, { email: 'other@x.example' })], account);
			sandbox.brevo.settings.importDelayMs = 5_000;
			expect((await run(crowd, newAccount(), 1_500)).failure?.code).toBe('NOT_CONFIRMED');
			expect((await run([contact], account)).failure).toBeUndefined();
			await sandbox.brevo.idle();
			expect(onList()).toBe(false);
		},
		60_000,
	);

	it('fails the next run for now when it takes longer than the wait, and nothing is planned', async () => {
		const account = newAccount();
		sandbox.brevo.settings.importDelayMs = 60_000;
		await run(crowd, account, 1_000);
		const report = await run([leaver], account, 3_000);
		expect(report.failure).toMatchObject({ kind: 'retry', code: 'NOT_CONFIRMED' });
		expect(report.failure?.reason).toContain('import of an earlier run');
		expect(sandbox.brevo.requests.counts()['POST /contacts/lists/:id/contacts/remove']).toBeUndefined();
		sandbox.brevo.settings.importDelayMs = 0;
	}, 60_000);

	it('is asked for once in a process, and not at all when all is well', async () => {
		const account = newAccount();
		for (let start = 0; start < 3; start++) await run(mappedCrowd(35, 1 + 35 * start), account);
		const counts = sandbox.brevo.requests.counts();
		expect([counts['GET /processes'], counts['GET /processes/:id']]).toEqual([1, undefined]);
	});
});
