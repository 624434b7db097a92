import fc from 'fast-check';
import { BrevoClient } from '../../../clients/brevo/brevoClient';
import type { MappedContact } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import { CallLimiter } from '../../../core/resilience/callLimiter';
import { startBrevo, type RunningBrevo } from '../../../sandbox/brevo';
import { newAccount, upsertIntoBrevo } from '../../support/brevoAccount';
import { fetchHttp } from '../../support/fetchHttp';
import { mapped, mappedCrowd } from '../../support/mappedContacts';

/** Waits cost nothing here: the sandbox has no limits and carries imports out at once. */
const hurried: Clock = {
	now: () => Date.now(),
	sleep: async () => await new Promise((resolve) => setImmediate(resolve)),
};

let brevo: RunningBrevo;
beforeAll(async () => {
	brevo = await startBrevo({
		people: [],
		strangers: 0,
		settings: { limits: false, importDelayMs: 0, importMsPerRow: 0 },
	});
});
afterAll(async () => await brevo.close());

/** Few people and addresses, so that they meet all the time. */
const address = fc.integer({ min: 1, max: 5 }).map((n) => `p${n}@x.example`);

const change: fc.Arbitrary<MappedContact> = fc
	.record({
		id: fc.integer({ min: 1, max: 5 }),
		email: address,
		former: fc.option(address, { nil: undefined }),
		phone: fc.option(
			fc.integer({ min: 1, max: 3 }).map((n) => `+4930123450${n}`),
			{ nil: undefined },
		),
		CITY: fc.constantFrom('Bonn', 'Rom', null),
		optedOut: fc.constantFrom(true, false, null),
		kind: fc.constantFrom('updated', 'updated', 'added', 'optedOut', 'removed', 'deleted'),
	})
	.map(({ id, email, former, phone, CITY, optedOut, kind }) =>
		mapped(
			id,
			{ email, phone, attributes: { CITY } },
			{
				change: kind,
				optedOut,
				...(former ? { previousEmail: former } : {}),
			},
		),
	);

/** A batch for one of the two paths, somebody at work in Brevo, or Brevo failing four times, which the client gives up after. */
const batchStep = fc.record({ batch: fc.array(change, { minLength: 1, maxLength: 5 }), byImport: fc.boolean() });
const unsubscribeStep = fc.record({ unsubscribed: address, sms: fc.boolean() });
const downStep = fc.record({
	down: fc.constantFrom('GET /contacts/:id', 'PUT /contacts/:id', 'POST /contacts/import', 'GET /contacts', '*'),
	afterWork: fc.boolean(),
});
const history = fc.array(
	fc.oneof(
		{ weight: 4, arbitrary: batchStep },
		{ weight: 1, arbitrary: unsubscribeStep },
		{ weight: 1, arbitrary: downStep },
	),
	{ minLength: 1, maxLength: 8 },
);
type Step = typeof history extends fc.Arbitrary<Array<infer T>> ? T : never;

/** Plays a history from an empty account. In the end Brevo is back, and one more contact is delivered. */
async function play(steps: readonly Step[]): Promise<void> {
	const list = brevo.store.createList('Synced', 1).id;
	const account = newAccount();
	for (const [index, next] of steps.entries()) {
		if ('unsubscribed' in next) {
			const contact = brevo.store.owner('email', next.unsubscribed);
			if (contact)
				brevo.store.changeContact(contact, next.sms ? { smsBlocked: true } : { emailBlocked: true }, 'control');
		} else if ('down' in next) {
			const fault = next.afterWork ? { kind: 'afterWork' as const, status: 502 } : { status: 500 };
			brevo.faults.next(next.down, { ...fault, times: 4 });
		} else {
			await deliver(list, account, [...next.batch, ...(next.byImport ? mappedCrowd(30, 1_000 + 30 * index) : [])]);
		}
	}
	brevo.faults.clear();
	await deliver(list, account, [mapped(99, { email: 'last@x.example' })]);
}

async function deliver(list: number, account: string, batch: readonly MappedContact[]): Promise<void> {
	const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], hurried);
	const limiters = { contacts: limiter, others: limiter };
	const client = new BrevoClient(fetchHttp(brevo.url, { 'api-key': brevo.apiKey }), hurried, limiters);
	const run = upsertIntoBrevo(brevo, batch, { list: { id: list }, account, client, clock: hurried });
	// The settings cannot be checked while Brevo is down: then nothing was written.
	const report = await run.catch((error: Error) => void expect(error.message).toMatch(/^UNAVAILABLE/));
	if (!report) return;
	expect(report.results).toHaveLength(batch.length);
	for (const [index, { outcome }] of report.results.entries()) {
		if (batch[index]?.optedOut !== true || !['created', 'updated', 'removed'].includes(outcome.status)) continue;
		expect(brevo.store.contacts.get(Number(outcome.destinationId))?.emailBlocked).toBe(true);
	}
}

/** More of them: PROPERTY_RUNS=10000 npx jest test/clients/brevo/optOut */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) };

describe('promise 1 over random histories of both systems', () => {
	it('no write makes an opted-out person mailable, on either path', async () => {
		await fc.assert(
			fc.asyncProperty(history, async (steps) => {
				brevo.reset();
				await play(steps);
				expect(brevo.store.resubscriptions).toEqual([]);
			}),
			RUNS,
		);
	}, 3_600_000);

	it('whoever was blocked is blocked in the end, even where Brevo lifts the block with every change of address', async () => {
		await fc.assert(
			fc.asyncProperty(history, async (steps) => {
				brevo.reset();
				brevo.settings.emailChangeAlwaysLifts = true;
				await play(steps);
				for (const { contactId } of brevo.store.resubscriptions) {
					expect(brevo.store.contacts.get(contactId)).toMatchObject({ emailBlocked: true });
				}
			}),
			RUNS,
		);
	}, 3_600_000);
});
