import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

/** Good statuses with words that are not Brevo's: of a proxy, or of a network that wants a sign-in. */
const FOREIGN: ReadonlyArray<readonly [number, unknown]> = [
	[200, { message: 'busy' }],
	[200, {}],
	[200, ''],
	[200, '<html>Sign in</html>'],
	[201, { message: 'busy' }],
];

describe('a good status is no success where the body is not what Brevo answers', () => {
	describe.each(FOREIGN)('%d %j', (status, body) => {
		it('promise 2: no contact fails for good by it, and none counts as updated', async () => {
			const account = newAccount();
			const options = { list: { id: sandbox.list }, account };
			await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], options);
			sandbox.brevo.faults.next('PUT /contacts/*', { status, body, times: 50 });
			const changed = mapped(1, { email: 'a@x.example', attributes: { CITY: 'Bonn' } });
			const report = await upsertIntoBrevo(sandbox.brevo, [changed], options);
			sandbox.brevo.faults.clear();
			expect(report.failure?.kind).toMatch(/retry|stop/);
			await upsertIntoBrevo(sandbox.brevo, [changed], options);
			expect(sandbox.brevo.store.owner('email', 'a@x.example')?.attributes.CITY).toBe('Bonn');
		});

		it('promise 1: an opt-out that was answered so is carried with the next delivery', async () => {
			const account = newAccount();
			const options = { list: { id: sandbox.list }, account };
			await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], options);
			for (const route of ['PUT /contacts/*', 'POST /contacts/*'])
				sandbox.brevo.faults.next(route, { status, body, times: 50 });
			const gone = mapped(1, { email: 'a@x.example' }, { change: 'removed', optedOut: true });
			const report = await upsertIntoBrevo(sandbox.brevo, [gone], options);
			sandbox.brevo.faults.clear();
			expect(report.failure?.kind).toMatch(/retry|stop/);
			await upsertIntoBrevo(sandbox.brevo, [gone], options);
			const held = sandbox.brevo.store.owner('email', 'a@x.example');
			expect([held?.emailBlocked, held?.listIds.has(sandbox.list)]).toEqual([true, false]);
		});

		it('promise 2: a leaver that was answered so is taken off with the next delivery', async () => {
			const account = newAccount();
			const options = { list: { id: sandbox.list }, account };
			await upsertIntoBrevo(sandbox.brevo, [mapped(1, { email: 'a@x.example' })], options);
			sandbox.brevo.faults.next('POST /contacts/lists/*', { status, body, times: 50 });
			const gone = mapped(1, { email: 'a@x.example' }, { change: 'removed' });
			const report = await upsertIntoBrevo(sandbox.brevo, [gone], options);
			sandbox.brevo.faults.clear();
			expect(report.failure?.kind).toMatch(/retry|stop/);
			await upsertIntoBrevo(sandbox.brevo, [gone], options);
			expect(sandbox.brevo.store.owner('email', 'a@x.example')?.listIds.has(sandbox.list)).toBe(false);
		});

		it('promise 2: new contacts that were answered so come with the next delivery', async () => {
			const account = newAccount();
			const options = { list: { id: sandbox.list }, account };
			sandbox.brevo.faults.next('POST /contacts', { status, body, times: 50 });
			const fresh = [1, 2].map((n) => mapped(n, { email: `p${n}@x.example` }, { change: 'added' }));
			const report = await upsertIntoBrevo(sandbox.brevo, fresh, options);
			sandbox.brevo.faults.clear();
			expect(report.failure?.kind).toMatch(/retry|stop/);
			await upsertIntoBrevo(sandbox.brevo, fresh, options);
			expect(sandbox.brevo.store.owner('email', 'p2@x.example')?.listIds.has(sandbox.list)).toBe(true);
		});
	});
});
