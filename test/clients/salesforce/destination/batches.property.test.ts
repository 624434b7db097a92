import fc from 'fast-check';
import type { MappedContact } from '../../../../core/contact/contact';
import type { HeldContact } from '../../../../core/upsert/destination';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { mapped } from '../../../support/mappedContacts';
import { PROPERTY_SEED, propertyRuns } from '../../../support/propertyRuns';
import { foreseen, randomBatch, randomHoldings, randomRules } from '../../../support/randomBatches';
import { operate } from '../support/organisation';
import { addRecord, KEY_FIELD, recordsOf, upsertIntoSalesforce, withEmail, writesIn } from './upsertIntoSalesforce';

let salesforce: RunningSalesforce;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, settings: { duplicateRule: 'off' } });
});
afterAll(async () => await salesforce.close());

/** Names and titles instead of numbers and cities: no record is found by a number here. */
const asRecords = (batch: readonly MappedContact[]): MappedContact[] =>
	batch.map((one) => {
		const title = one.contact.attributes['CITY'];
		const attributes = { LastName: `Lovelace ${one.source.id}`, ...(title === undefined ? {} : { Title: title }) };
		return { ...one, contact: { email: one.contact.email, attributes } };
	});

async function fill(holdings: ReadonlyArray<Partial<HeldContact>>, twins: number, keyed: boolean): Promise<void> {
	salesforce.reset();
	const campaign = salesforce.ids.campaigns.newsletter;
	for (const [index, { email, sourceKey, optedOut, onList }] of holdings.entries()) {
		const values: Record<string, string | boolean | null> = {
			Email: email ?? null,
			LastName: `There ${index}`,
			HasOptedOutOfEmail: optedOut === true,
		};
		const key: Record<string, string> = sourceKey !== undefined && keyed ? { [KEY_FIELD]: sourceKey } : {};
		const id = await addRecord(salesforce, { ...values, ...key });
		if (onList === true) await operate(salesforce, 'addToCampaign', { campaign, object: 'Contact', ids: [id] });
		if (index < twins) await addRecord(salesforce, { ...values, LastName: `Twin ${index}`, HasOptedOutOfEmail: false });
	}
}

const world = fc.record({
	holdings: randomHoldings,
	batch: randomBatch.map(asRecords),
	rules: randomRules,
	twins: fc.constantFrom(0, 0, 1, 3),
	keyed: fc.boolean(),
	severalMatches: fc.constantFrom('none' as const, 'oldest' as const, 'newest' as const),
});

const optedOut = (): Set<unknown> =>
	new Set(recordsOf(salesforce, 'Contact').filter((row) => row['HasOptedOutOfEmail'] === true).map((row) => row['Id'])); // prettier-ignore

it('a dry run foresees any batch, opt-outs stay, and a repeated batch writes nothing', async () => {
	const runs = propertyRuns('Salesforce, batches', 25, 0.1);
	await fc.assert(
		fc.asyncProperty(world, async ({ holdings, batch, rules, twins, keyed, severalMatches }) => {
			await fill(holdings, twins, keyed);
			const campaign = { id: salesforce.ids.campaigns.newsletter };
			const options = { severalMatches, campaign, ...(keyed ? {} : { keyField: undefined }) };
			const before = optedOut();
			const dry = await upsertIntoSalesforce(salesforce, batch, { ...options, settings: { ...rules, dryRun: true } });
			expect(writesIn(salesforce)).toBe(0);
			const real = await upsertIntoSalesforce(salesforce, batch, { ...options, settings: rules });
			expect(real.failure).toBeUndefined();
			expect(foreseen(dry)).toEqual(foreseen(real));
			expect(dry.cost).toEqual(real.cost);
			const after = optedOut();
			for (const id of before) expect(after).toContain(id);
			salesforce.requests.clear();
			const again = await upsertIntoSalesforce(salesforce, batch, { ...options, settings: rules });
			expect(again.failure).toBeUndefined();
			// Of several records another one may come first, now that some carry keys.
			if (twins === 0) expect(writesIn(salesforce)).toBe(0);
			runs.count();
		}),
		{ ...runs.parameters, seed: PROPERTY_SEED },
	);
}, 300_000);

it('an opt-out reaches every record with the address, whatever becomes of the rest', async () => {
	const runs = propertyRuns('Salesforce, opt-outs', 25, 0.1);
	const one = fc.record({
		email: fc.integer({ min: 1, max: 6 }).map((n) => `p${n}@x.example`),
		id: fc.integer({ min: 1, max: 6 }),
		change: fc.constantFrom('updated' as const, 'optedOut' as const, 'removed' as const, 'deleted' as const),
		mode: fc.constantFrom('upsert' as const, 'updateOnly' as const, 'createOnly' as const),
	});
	await fc.assert(
		fc.asyncProperty(world, one, async ({ holdings, twins, keyed, severalMatches }, { email, id, change, mode }) => {
			await fill(holdings, twins, keyed);
			const contact = mapped(id, { email, attributes: { LastName: 'Lovelace' } }, { change, optedOut: true });
			const options = { severalMatches, ...(keyed ? {} : { keyField: undefined }) };
			// A contact that leaves has nothing to do with the record of another contact.
			const leaves = change === 'removed' || change === 'deleted';
			const isOthers = (key: unknown): boolean =>
				typeof key === 'string' && /^hubspot:/.test(key) && key !== contact.key;
			const there = withEmail(salesforce, email)
				.filter((row) => !leaves || !isOthers(row[KEY_FIELD]))
				.map((row) => row['Id']);
			await upsertIntoSalesforce(salesforce, [contact], { ...options, settings: { mode } });
			for (const known of there) expect(optedOut()).toContain(known);
			runs.count();
		}),
		{ ...runs.parameters, seed: PROPERTY_SEED },
	);
}, 300_000);
