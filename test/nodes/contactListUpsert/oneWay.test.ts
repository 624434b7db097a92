import { mapped } from '../../support/mappedContacts';
import type { EmptyBrevo } from './upsertRun';
import { outcomes, startEmptyBrevo } from './upsertRun';

let account: EmptyBrevo;
beforeEach(async () => void (account = await startEmptyBrevo()));
afterEach(async () => await account.brevo.close());

const blocked = (email: string): boolean | undefined => account.brevo.store.owner('email', email)?.emailBlocked;
const optedOut = () => mapped(1, { email: 'out@x.example' }, { optedOut: true });
/** The block is taken off in Brevo, by hand. */
const unblock = async (email: string): Promise<void> => {
	const done = await fetch(`${new URL(account.brevo.url).origin}/_sandbox/do`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ op: 'resubscribe', email }),
	});
	expect(done.status).toBeLessThan(300);
	expect(blocked(email)).toBe(false);
};

describe('what the vendor leaves out, and what it does one way', () => {
	it('HB-22 with Opt-Outs: Ignore: the status of the source is not carried; nobody is unblocked by it either', async () => {
		const { brevo, run } = account;
		brevo.store.createContact({ identifiers: { email: 'blocked@x.example' }, emailBlocked: true }, 'seed');
		const batch = [optedOut(), mapped(2, { email: 'blocked@x.example' }, { optedOut: false })];
		expect(outcomes((await run(batch, { optOuts: 'ignore' })).json('Upsert'))).toEqual(['created', 'updated']);
		expect([blocked('out@x.example'), blocked('blocked@x.example')]).toEqual([false, true]);
	});

	it('HB-22 with Opt-Outs: Carry as a Block (default): who opted out at the source is blocked', async () => {
		const { run } = account;
		expect(outcomes((await run([optedOut()])).json('Upsert'))).toEqual(['created']);
		expect(blocked('out@x.example')).toBe(true);
	});

	it('SB-23: a phone that is empty at the source stays in Brevo, and the outcome says so', async () => {
		const { brevo, run } = account;
		const email = 'phone@x.example';
		expect(outcomes((await run([mapped(1, { email, phone: '+33612345678' })])).json('Upsert'))).toEqual(['created']);
		expect(outcomes((await run([mapped(1, { email })])).json('Upsert'))).toEqual(['unchanged']);
		expect(brevo.store.owner('email', email)?.identifiers.SMS).toBe('33612345678');
	});

	it('HB-23: who was unblocked in Brevo by hand stays so while the source says nothing else', async () => {
		const { brevo, run } = account;
		brevo.store.createContact({ identifiers: { email: 'back@x.example' }, emailBlocked: true }, 'seed');
		await unblock('back@x.example');
		for (const said of [false, null]) {
			const result = await run([mapped(1, { email: 'back@x.example' }, { optedOut: said })]);
			expect(result.error).toBeUndefined();
			expect(blocked('back@x.example')).toBe(false);
		}
	});

	it('HB-23: when the source still says opted out, the next delivery of the contact blocks it again', async () => {
		const { run } = account;
		await run([optedOut()]);
		await unblock('out@x.example');
		const again = await run([optedOut()]);
		expect(again.json('Upsert')[0]?.outcome).toMatchObject({
			status: 'updated',
			changes: { emailBlacklisted: { to: true } },
		});
		expect(blocked('out@x.example')).toBe(true);
	});
});
