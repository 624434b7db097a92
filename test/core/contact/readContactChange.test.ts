import fc from 'fast-check';
import type { ContactChange } from '../../../core/contact/contact';
import { readContactChange } from '../../../core/contact/readContactChange';

const NOW = Date.UTC(2026, 10, 21);
const change: ContactChange = {
	key: 'hubspot:1:contact:7',
	change: 'added',
	source: { system: 'hubspot', account: '1', object: 'contact', id: '7', list: '12', uniqueEmails: true },
	changedAt: '2026-11-20T10:00:00.000Z',
	fields: { email: 'a@b.co', points: 3, vip: true, none: null, tags: ['x'] },
	previousEmail: 'old@b.co',
	optedOut: false,
	delivery: { phase: 'live', sequence: 4 },
};

describe('readContactChange', () => {
	it('takes a contact change as it is', () => {
		expect(readContactChange({ ...change }, NOW)).toEqual({ kind: 'contact', contact: change });
	});

	it.each(['firstSync', 'live', 'resync'])('takes a delivery of the phase %s, and none of another', (phase) => {
		const delivery = { phase, sequence: 0, at: '2026-11-20T10:00:00.000Z' };
		expect(readContactChange({ ...change, delivery }, NOW)).toMatchObject({ contact: { delivery } });
		const other = readContactChange({ ...change, delivery: { ...delivery, phase: 'later' } }, NOW);
		expect(other.kind === 'contact' && other.contact.delivery).toBeUndefined();
	});

	it('is generous: a key that spells the source and fields are enough', () => {
		expect(readContactChange({ key: 'csv:file-1:contact:row:7', fields: {} }, NOW)).toEqual({
			kind: 'contact',
			contact: {
				key: 'csv:file-1:contact:row:7',
				change: 'updated',
				source: { system: 'csv', account: 'file-1', object: 'contact', id: 'row:7' },
				changedAt: '2026-11-21T00:00:00.000Z',
				fields: {},
				optedOut: null,
			},
		});
	});

	it('reads an opt-out that another node wrote as text, and refuses one that is neither yes nor no', () => {
		expect(readContactChange({ ...change, optedOut: 'true' }, NOW)).toMatchObject({ contact: { optedOut: true } });
		expect(readContactChange({ ...change, optedOut: 'perhaps' }, NOW)).toMatchObject({
			kind: 'notAContact',
			reason: expect.stringContaining("'optedOut'") as string,
		});
	});

	it('makes the key of the source when there is none', () => {
		const reading = readContactChange(
			{ source: { system: 'crm', account: 5, object: 'contact', id: 9 }, fields: {} },
			NOW,
		);
		expect(reading).toMatchObject({ contact: { key: 'crm:5:contact:9', source: { account: '5', id: '9' } } });
	});

	it.each([
		[{}, /'fields'.*'source'/],
		[{ key: 'hubspot:1:contact:7' }, /'fields'/],
		[{ fields: {} }, /'source'/],
		[{ fields: [], key: 'hubspot:1:contact:7' }, /'fields'/],
		[{ fields: {}, key: 'just an id' }, /'source'/],
		[{ fields: {}, key: 'a:b:c:' }, /'source'/],
		[{ ...change, change: 'exploded' }, /'change'/],
		[{ ...change, changedAt: 'yesterday' }, /'changedAt'/],
		[{ ...change, changedAt: 'Unit 5' }, /'changedAt'/],
		[{ ...change, changedAt: '007' }, /'changedAt'/],
		[{ ...change, changedAt: '2020-02-31T00:00:00Z' }, /'changedAt'/],
	])('names what %j lacks', (json, reason) => {
		const reading = readContactChange(json, NOW);
		expect(reading).toMatchObject({ kind: 'notAContact', reason: expect.stringMatching(reason) as string });
	});

	it.each([
		{ fields: undefined },
		{ fields: [] },
		{ changedAt: 'yesterday' },
		{ fields: null, changedAt: 5, key: 'hubspot:1:contact:7' },
	])('promise 1: whatever else is wrong (%j), an opt-out and a leaving are read', (wrong) => {
		expect(readContactChange({ ...change, ...wrong, optedOut: true }, NOW)).toMatchObject({
			contact: { key: 'hubspot:1:contact:7', optedOut: true },
		});
		expect(readContactChange({ ...change, ...wrong, change: 'removed', optedOut: 'perhaps' }, NOW)).toMatchObject({
			contact: { key: 'hubspot:1:contact:7', change: 'removed', optedOut: null },
		});
		expect(readContactChange({ ...change, ...wrong, change: 'exploded', optedOut: true }, NOW)).toMatchObject({
			contact: { change: 'updated', optedOut: true },
		});
	});

	it('never throws, and what it reads it reads again the same', () => {
		fc.assert(
			fc.property(
				fc.object({
					maxDepth: 2,
					key: fc.constantFrom('key', 'fields', 'source', 'change', 'changedAt', 'id', 'delivery'),
				}),
				(json) => {
					const reading = readContactChange(json, NOW);
					if (reading.kind === 'contact') expect(readContactChange({ ...reading.contact }, NOW)).toEqual(reading);
				},
			),
			{ numRuns: 1_000 },
		);
	});
});
