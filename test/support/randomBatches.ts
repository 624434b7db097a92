import fc from 'fast-check';
import type { FieldValue, MappedContact } from '../../core/contact/contact';
import type { HeldContact } from '../../core/upsert/destination';
import type { PlanSettings } from '../../core/upsert/plan/planContact';
import type { UpsertReport } from '../../core/upsert/upsertContacts';
import { mapped } from './mappedContacts';

/** Few people, addresses and numbers, so that they meet all the time: shared ones, swaps, leavers, merges, two sources. */
const person = fc.integer({ min: 1, max: 6 });
const address = fc.integer({ min: 1, max: 6 }).map((n) => `p${n}@x.example`);
const phone = fc.integer({ min: 1, max: 4 }).map((n) => `+4930123450${n}`);
const keyOf = (id: number): string => `hubspot:1:contact:${id}`;
const otherKey = person.map((n) => `webshop:7:customer:${n}`);

const change: fc.Arbitrary<MappedContact> = fc
	.record({
		id: person,
		email: fc.option(address, { nil: undefined, freq: 8 }),
		number: fc.option(phone, { nil: undefined, freq: 1 }),
		CITY: fc.constantFrom('Bonn', 'Rom', undefined),
		optedOut: fc.constantFrom(true, false, false, null),
		kind: fc.constantFrom('updated', 'updated', 'updated', 'added', 'optedOut', 'removed', 'deleted'),
		former: fc.option(address, { nil: undefined, freq: 1 }),
		merged: fc.option(fc.uniqueArray(person, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 }),
		minute: fc.integer({ min: 0, max: 59 }),
	})
	.map(({ id, email, number, CITY, optedOut, kind, former, merged, minute }) =>
		mapped(
			id,
			{ email, phone: number, attributes: CITY === undefined ? {} : { CITY } },
			{
				change: kind,
				optedOut,
				changedAt: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
				...(former ? { previousEmail: former } : {}),
				...(merged ? { mergedFrom: merged.filter((other) => other !== id).map(keyOf) } : {}),
			},
		),
	);

/** Two to four people who pass their addresses round. */
const ring = fc
	.uniqueArray(person, { minLength: 2, maxLength: 4 })
	.map((ids) =>
		ids.map((id, index) =>
			mapped(id, { email: `p${ids[(index + 1) % ids.length]}@x.example`, attributes: { CITY: 'Köln' } }),
		),
	);

export const randomBatch: fc.Arbitrary<MappedContact[]> = fc
	.tuple(fc.array(change, { maxLength: 8 }), fc.option(ring, { nil: [] }))
	.map(([changes, moving]) => [...changes, ...moving]);

/** What a destination holds: most people at the address with their own number, which is where rings start from. */
export const randomHoldings: fc.Arbitrary<Array<Partial<HeldContact>>> = fc
	.array(
		fc.record({
			email: address,
			number: fc.option(phone, { nil: undefined, freq: 1 }),
			key: fc.oneof(
				{ weight: 5, arbitrary: fc.constant('own' as const) },
				{ weight: 2, arbitrary: person },
				{ weight: 2, arbitrary: otherKey },
				{ weight: 2, arbitrary: fc.constant(undefined) },
			),
			optedOut: fc.constantFrom(true, false, false),
			onList: fc.constantFrom(true, true, false),
			CITY: fc.constantFrom('Bonn', 'Rom', undefined),
		}),
		{ maxLength: 6 },
	)
	.map((contacts) => {
		const taken = new Set<string>();
		return contacts.flatMap(({ email, number, key, optedOut, onList, CITY }) => {
			const sourceKey = key === 'own' ? keyOf(Number(email[1])) : typeof key === 'number' ? keyOf(key) : key;
			const names = [email, number, sourceKey].filter((name): name is string => name !== undefined);
			if (names.some((name) => taken.has(name))) return [];
			for (const name of names) taken.add(name);
			const attributes: Record<string, FieldValue> = CITY === undefined ? {} : { CITY };
			return [{ email, phone: number, sourceKey, optedOut, onList, attributes }];
		});
	});

export const randomRules: fc.Arbitrary<PlanSettings> = fc.record({
	optOuts: fc.constantFrom('block', 'block', 'block', 'ignore'),
	leavers: fc.constantFrom('remove', 'remove', 'keep'),
});

/** What a dry run has to tell like the real one. Of new contacts only the real run knows the id. */
export function foreseen({ results }: UpsertReport): unknown[] {
	return results.map(({ outcome: { status, wouldBe, code, changes, destinationId }, warnings }) => {
		const becomes = wouldBe ?? status;
		return {
			status: becomes,
			code,
			changes,
			destinationId: becomes === 'created' ? undefined : destinationId,
			warnings: warnings.map(({ field, code: warned }) => `${field}:${warned}`).sort(),
		};
	});
}
