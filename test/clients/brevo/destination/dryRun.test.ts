import fc from 'fast-check';
import type { MappedContact } from '../../../../core/contact/contact';
import type { HeldContact } from '../../../../core/upsert/destination';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { newAccount, upsertIntoBrevo } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { foreseen, randomBatch, randomHoldings, randomRules } from '../../../support/randomBatches';
import { startHurriedBrevo, upsertHurried } from '../support/hurriedBrevo';

let brevo: RunningBrevo;
beforeAll(async () => {
	brevo = await startHurriedBrevo();
});
afterAll(async () => await brevo.close());

/** A list with these contacts, in an empty account. */
function prepare(holdings: ReadonlyArray<Partial<HeldContact>>): number {
	brevo.reset();
	const list = brevo.store.createList('Synced', 1).id;
	for (const { email, phone, sourceKey, optedOut, onList, attributes } of holdings) {
		const identifiers = {
			...(email === undefined ? {} : { email }),
			...(phone === undefined ? {} : { SMS: phone.slice(1) }),
			...(sourceKey === undefined ? {} : { ext_id: sourceKey }),
		};
		const addTo = onList ? [list] : [];
		const values = { ...attributes } as Record<string, string>;
		brevo.store.createContact(
			{ identifiers, attributes: values, emailBlocked: optedOut, addTo },
			'seed',
			Date.now() - 3_600_000,
		);
	}
	return list;
}

/** A mixed batch: a swap, a merge, opt-outs with and without address, leavers, a shared number, a new and a known contact. */
function mixed(extra: number): { holdings: Array<Partial<HeldContact>>; batch: MappedContact[] } {
	const key = (id: number): string => `hubspot:1:contact:${id}`;
	const hold = (id: number, more: Partial<HeldContact> = {}): Partial<HeldContact> => ({
		email: `p${id}@x.example`,
		sourceKey: key(id),
		onList: true,
		optedOut: false,
		attributes: {},
		...more,
	});
	return {
		holdings: [
			...[1, 2, 3, 4, 5, 6].map((id) => hold(id)),
			hold(7, { phone: '+4930123456' }),
			hold(8, { sourceKey: 'webshop:7:customer:1' }),
		],
		batch: [
			mapped(1, { email: 'p2@x.example' }),
			mapped(2, { email: 'p1@x.example', attributes: { CITY: 'Rom' } }, { optedOut: true }),
			mapped(3, { email: 'p3@x.example' }, { mergedFrom: [key(4)] }),
			mapped(5, {}, { optedOut: true }),
			mapped(6, { email: 'p6@x.example' }, { change: 'removed' }),
			mapped(9, { email: 'p9@x.example', phone: '+4930123456' }),
			mapped(8, { email: 'p8@x.example' }, { change: 'deleted', optedOut: true }),
			...mappedCrowd(extra, 1_000),
		],
	};
}

describe.each([
	['the single path', 0],
	['the import path', 40],
])('a mixed batch on %s', (_name, extra) => {
	it('is foreseen by a dry run, which writes nothing', async () => {
		const { holdings, batch } = mixed(extra);
		const list = prepare(holdings);
		const dry = await upsertHurried(brevo, batch, { list, settings: { dryRun: true } });
		expect(brevo.store.writes).toEqual([]);
		const real = await upsertHurried(brevo, batch, { list });
		expect(foreseen(dry)).toEqual(foreseen(real));
		expect(dry.cost?.tasks).toBe(real.cost?.tasks);
		expect(Math.abs((dry.cost?.calls ?? 0) - (real.cost?.calls ?? 0))).toBeLessThanOrEqual(extra === 0 ? 0 : 3);
	});

	it('writes nothing when it is delivered again', async () => {
		const { holdings, batch } = mixed(extra);
		const list = prepare(holdings);
		const account = newAccount();
		expect((await upsertHurried(brevo, batch, { list, account })).failure).toBeUndefined();
		const writes = brevo.store.writes.length;
		expect(writes).toBeGreaterThan(8 + extra);
		for (const again of [account, newAccount()]) {
			const report = await upsertHurried(brevo, batch, { list, account: again });
			expect(report.results.map(({ outcome }) => outcome.status)).not.toContain('updated');
			expect(report.cost?.tasks).toBe(0);
			expect(brevo.store.writes.length).toBe(writes);
		}
	});
});

it('a dry run counts the calls that create the list, and creates none', async () => {
	prepare([]);
	const list = { name: 'New', create: false };
	const dry = await upsertIntoBrevo(brevo, mappedCrowd(2), { list, settings: { dryRun: true } });
	expect([...brevo.store.lists.values()].some(({ name }) => name === 'New')).toBe(false);
	const real = await upsertIntoBrevo(brevo, mappedCrowd(2), { list: { ...list, create: true } });
	expect(dry.cost).toEqual(real.cost);
});

/** More of them: PROPERTY_RUNS=10000 npx jest test/clients/brevo/dryRun */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 100) };

it('a dry run predicts results, tasks and calls of the real run, on random states of an account', async () => {
	await fc.assert(
		fc.asyncProperty(
			randomHoldings,
			randomBatch,
			randomRules,
			fc.boolean(),
			async (holdings, changes, rules, byImport) => {
				const list = prepare(holdings);
				const batch = [...changes, ...(byImport ? mappedCrowd(30, 1_000) : [])];
				const dry = await upsertHurried(brevo, batch, { list, settings: { ...rules, dryRun: true } });
				expect(brevo.store.writes).toEqual([]);
				const real = await upsertHurried(brevo, batch, { list, settings: rules });
				expect(foreseen(dry)).toEqual(foreseen(real));
				expect(dry.cost?.tasks).toBe(real.cost?.tasks);
				const difference = Math.abs((dry.cost?.calls ?? 0) - (real.cost?.calls ?? 0));
				expect(difference).toBeLessThanOrEqual(byImport ? 3 : 0);
				expect(brevo.store.resubscriptions).toEqual([]);
			},
		),
		RUNS,
	);
}, 3_600_000);
