import fc from 'fast-check';
import { compareIds, idsOf, packedIds, packIds } from '../../../../../core/polling/memory/packedIds';
import { fullId, packedId, recordId } from '../../../../../clients/salesforce/api/fields/recordIds';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shortId = fc
	.tuple(
		fc.constantFrom('003', '00Q', '00v', 'zzz', '000'),
		fc.string({ unit: fc.constantFrom(...DIGITS), minLength: 12, maxLength: 12 }),
	)
	.map(([prefix, rest]) => prefix + rest);

describe('record ids as they are packed', () => {
	it('knows the three characters that ids of 18 characters add', () => {
		// An id as Salesforce's documents show it, with both forms: D, and I, S and L are capitals.
		expect(fullId('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
		expect(recordId(packedId('001D000000IqhSLIAZ'))).toBe('001D000000IqhSLIAZ');
	});

	it('gives every id back, of 15 characters or 18', () => {
		fc.assert(
			fc.property(shortId, (id) => {
				expect(recordId(packedId(id))).toBe(fullId(id));
				expect(packedId(fullId(id))).toBe(packedId(id));
				expect(packedId(id)).toMatch(/^(?:0|[1-9]\d*)$/);
			}),
		);
	});

	it('keeps the order in which Salesforce sorts ids', () => {
		fc.assert(
			fc.property(shortId, shortId, (a, b) => {
				expect(Math.sign(compareIds(packedId(a), packedId(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
			}),
		);
	});

	it('survives packing', () => {
		fc.assert(
			fc.property(fc.uniqueArray(shortId, { maxLength: 200 }), (ids) => {
				const ascending = ids.map(packedId).sort(compareIds);
				const stored = packedIds.parse(JSON.parse(JSON.stringify(packIds(ascending))));
				expect(idsOf(stored)).toEqual(ascending);
			}),
		);
	});
});
