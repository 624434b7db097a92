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

/** A batch for one of the two paths, or somebody at work in Brevo. */
const step = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ batch: fc.array(change, { minLength: 1, maxLength: 5 }), byImport: fc.boolean() }),
	},
	{ weight: 1, arbitrary: fc.record({ unsubscribed: address, sms: fc.boolean() }) },
);

async function play(steps: ReadonlyArray<typeof step extends fc.Arbitrary<infer T> ? T : never>): Promise<void> {
	const list = brevo.store.createList('Synced', 1).id;
	const account = newAccount();
	let fillers = 0;
	for (const next of steps) {
		if ('unsubscribed' in next) {
			const contact = brevo.store.owner('email', next.unsubscribed);
			if (contact)
				brevo.store.changeContact(contact, next.sms ? { smsBlocked: true } : { emailBlocked: true }, 'control');
			continue;
		}
		const others = next.byImport ? mappedCrowd(30, 1_000 + 30 * fillers++) : [];
		const limiter = new CallLimiter([{ limit: 1_000_000, perMs: 1 }], hurried);
		const client = new BrevoClient(fetchHttp(brevo.url, { 'api-key': brevo.apiKey }), hurried, {
			contacts: limiter,
			others: limiter,
		});
		const { results } = await upsertIntoBrevo(brevo, [...next.batch, ...others], {
			list: { id: list },
			account,
			client,
			clock: hurried,
		});
		expect(results).toHaveLength(next.batch.length + others.length);
		for (const [index, { outcome }] of results.entries()) {
			if (next.batch[index]?.optedOut !== true || !['created', 'updated', 'removed'].includes(outcome.status)) continue;
			expect(brevo.store.contacts.get(Number(outcome.destinationId))?.emailBlocked).toBe(true);
		}
	}
}

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) };

describe('promise 1 over random histories of both systems', () => {
	it('no write makes an opted-out person mailable, on either path', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
				brevo.reset();
				await play(steps);
				expect(brevo.store.resubscriptions).toEqual([]);
			}),
			RUNS,
		);
	}, 600_000);

	it('whoever was blocked is blocked in the end, even where Brevo lifts the block with every change of address', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
				brevo.reset();
				brevo.settings.emailChangeAlwaysLifts = true;
				await play(steps);
				for (const { contactId } of brevo.store.resubscriptions) {
					expect(brevo.store.contacts.get(contactId)).toMatchObject({ emailBlocked: true });
				}
			}),
			RUNS,
		);
	}, 600_000);
});
