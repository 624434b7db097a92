import fc from 'fast-check';
import type { MappedContact } from '../../../../core/contact/contact';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { newAccount } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { startHurriedBrevo, upsertHurried } from '../support/hurriedBrevo';
import { propertyRuns } from '../../../support/propertyRuns';

let brevo: RunningBrevo;
beforeAll(async () => {
	brevo = await startHurriedBrevo();
});
afterAll(async () => await brevo.close());

/** Few people and addresses, so that they meet all the time; a second source fills the same list. */
const person = fc.integer({ min: 1, max: 5 });
const address = fc.integer({ min: 1, max: 5 }).map((n) => `p${n}@x.example`);
const keyOf = (id: number): string => `hubspot:1:contact:${id}`;

const change: fc.Arbitrary<MappedContact> = fc
	.record({
		id: person,
		webshop: fc.constantFrom(false, false, false, true),
		email: fc.option(address, { nil: undefined, freq: 6 }),
		former: fc.option(address, { nil: undefined }),
		phone: fc.option(
			fc.integer({ min: 1, max: 3 }).map((n) => `+4930123450${n}`),
			{ nil: undefined },
		),
		CITY: fc.constantFrom('Bonn', 'Rom', null),
		optedOut: fc.constantFrom(true, false, null),
		kind: fc.constantFrom('updated', 'updated', 'added', 'optedOut', 'removed', 'deleted'),
		merged: fc.option(person, { nil: undefined, freq: 1 }),
	})
	.map(({ id, webshop, email, former, phone, CITY, optedOut, kind, merged }) =>
		mapped(
			id,
			{ email, phone, attributes: { CITY } },
			{
				change: kind,
				optedOut,
				...(former ? { previousEmail: former } : {}),
				...(webshop ? { key: `webshop:7:customer:${id}` } : {}),
				...(merged !== undefined && merged !== id && !webshop ? { mergedFrom: [keyOf(merged)] } : {}),
			},
		),
	);

/** People who pass their addresses round. */
const ring = fc
	.uniqueArray(person, { minLength: 2, maxLength: 3 })
	.map((ids) =>
		ids.map((id, index) => mapped(id, { email: `p${ids[(index + 1) % ids.length]}@x.example`, attributes: {} })),
	);
const changes = fc.oneof(
	{ weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 5 }) },
	{ weight: 1, arbitrary: ring },
);

/**
 * A batch for one of the two paths, at times after a dry run with an unsubscribe in between; edits in Brevo by hand; or
 * Brevo failing four times, which the client gives up after.
 */
const batchStep = fc.record({
	batch: changes,
	byImport: fc.constantFrom(false, false, false, true),
	foreseenBefore: fc.option(address, { nil: undefined, freq: 1 }),
});
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
	const history = new History(brevo.store.createList('Synced', 1).id);
	for (const [index, next] of steps.entries()) {
		if ('unsubscribed' in next) history.unsubscribe(next.unsubscribed, next.sms);
		else if ('down' in next) {
			const fault = next.afterWork ? { kind: 'afterWork' as const, status: 502 } : { status: 500 };
			brevo.faults.next(next.down, { ...fault, times: 4 });
		} else {
			const batch = [...next.batch, ...(next.byImport ? mappedCrowd(30, 1_000 + 30 * index) : [])];
			if (next.foreseenBefore !== undefined) {
				const writes = brevo.store.writes.length;
				await history.deliver(batch, true);
				expect(brevo.store.writes.length).toBe(writes);
				history.unsubscribe(next.foreseenBefore, false);
			}
			await history.deliver(batch, false);
		}
	}
	brevo.faults.clear();
	await history.deliver([mapped(99, { email: 'last@x.example' })], false);
	history.checkPeople();
}

/** Deliveries into one list, and who opted out on the way. */
class History {
	private readonly account = newAccount();
	/** Keys of people who were delivered opted out, which did not fail. */
	private readonly optedOut = new Set<string>();

	constructor(private readonly list: number) {}

	unsubscribe(email: string, sms: boolean): void {
		const contact = brevo.store.owner('email', email);
		if (contact) brevo.store.changeContact(contact, sms ? { smsBlocked: true } : { emailBlocked: true }, 'control');
	}

	async deliver(batch: readonly MappedContact[], dryRun: boolean): Promise<void> {
		const { account, list } = this;
		const run = upsertHurried(brevo, batch, { list, account, settings: { dryRun } });
		// The settings cannot be checked while Brevo is down: then nothing was written.
		const report = await run.catch((error: Error) => void expect(error.message).toMatch(/^UNAVAILABLE/));
		if (!report) return;
		expect(report.results).toHaveLength(batch.length);
		if (dryRun) return;
		for (const [index, { outcome }] of report.results.entries()) {
			const change = batch[index];
			const superseded = outcome.code === 'SUPERSEDED';
			if (change?.optedOut !== true || outcome.retryable === true || superseded) continue;
			this.optedOut.add(change.key);
			if (!['created', 'updated', 'removed'].includes(outcome.status)) continue;
			expect(brevo.store.contacts.get(Number(outcome.destinationId))?.emailBlocked).toBe(true);
		}
		this.forgetStrangers();
		if (!report.failure) this.checkPeople();
	}

	/** Whom Brevo does not hold may come back as what the source says by then. */
	private forgetStrangers(): void {
		for (const key of this.optedOut) if (!brevo.store.owner('ext_id', key)) this.optedOut.delete(key);
	}

	/** Whoever was ever delivered opted out is held by no contact that may be mailed. */
	checkPeople(): void {
		for (const key of this.optedOut) {
			const held = brevo.store.owner('ext_id', key);
			if (held) expect({ key, blocked: held.emailBlocked }).toEqual({ key, blocked: true });
		}
	}
}

/** These histories are long: a tenth of what is asked for. */
const propertyOf = (name: string) => propertyRuns(`Brevo, ${name}`, 15, 0.1);

describe('promise 1 over random histories of both systems', () => {
	it('no write makes an opted-out person mailable, on either path', async () => {
		const runs = propertyOf('no write lifts a block');
		await fc.assert(
			fc.asyncProperty(history, async (steps) => {
				brevo.reset();
				await play(steps);
				expect(brevo.store.resubscriptions).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);

	it('whoever was blocked is blocked in the end, even where Brevo lifts the block with every change of address', async () => {
		const runs = propertyOf('a lifted block is set again');
		await fc.assert(
			fc.asyncProperty(history, async (steps) => {
				brevo.reset();
				brevo.settings.emailChangeAlwaysLifts = true;
				await play(steps);
				for (const { contactId } of brevo.store.resubscriptions) {
					expect(brevo.store.contacts.get(contactId)).toMatchObject({ emailBlocked: true });
				}
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);
});
