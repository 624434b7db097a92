import fc from 'fast-check';
import type { ContactChange, FieldValue } from '../../../core/contact/contact';
import { CHANGE_KINDS } from '../../../core/contact/contact';
import type { MappingOutcome } from '../../../core/mapping/applyMapping';
import { applyMapping } from '../../../core/mapping/applyMapping';
import type { MappingSettings } from '../../../core/mapping/mapping';
import { validateMapping } from '../../../core/mapping/validateMapping';
import { isReasonCode } from '../../../core/outcome';
import { contact, destination, EMAIL, planOf, SETTINGS, SMS, source } from './mappingFixtures';

const plan = (settings: Partial<MappingSettings> = {}) =>
	planOf(
		[
			[EMAIL, source('email', 'email')],
			[SMS, source('phone', 'phone')],
			[destination('FIRSTNAME'), source('firstname')],
			[destination('POINTS', 'number'), source('points', 'number')],
			[destination('LANDLINE_NUMBER', 'phone'), source('office', 'phone')],
		],
		settings,
	);

const apply = (
	fields: Record<string, FieldValue>,
	more: Partial<ContactChange> = {},
	settings: Partial<MappingSettings> = {},
) => applyMapping(plan(settings), contact(fields, more));
const codeOf = (outcome: MappingOutcome): string => (outcome.kind === 'excluded' ? outcome.code : 'mapped');
const mappedOf = (outcome: MappingOutcome) => {
	if (outcome.kind !== 'mapped') throw new Error(`excluded: ${outcome.code} ${outcome.message}`);
	return outcome.contact;
};

describe('applyMapping', () => {
	it('HB-09, HB-10: sends the mapped fields and no other', () => {
		const mapped = mappedOf(
			apply({ email: ' Ada@B.co ', phone: '+49 30 1234567', firstname: 'Ada', points: '3', secret: 'x' }),
		);
		expect(mapped).toEqual({
			key: 'hubspot:1:contact:7',
			change: 'updated',
			source: { system: 'hubspot', account: '1', object: 'contact', id: '7', list: '12' },
			changedAt: '2026-11-20T10:00:00.000Z',
			optedOut: false,
			contact: { email: 'ada@b.co', phone: '+49301234567', attributes: { FIRSTNAME: 'Ada', POINTS: 3 } },
			warnings: [],
		});
	});

	it('passes on the opt-out, the delivery and the address before', () => {
		const delivery = { phase: 'firstSync', sequence: 2 } as const;
		expect(
			mappedOf(apply({ email: 'a@b.co' }, { optedOut: true, delivery, previousEmail: 'OLD@b.co', change: 'optedOut' })),
		).toMatchObject({
			change: 'optedOut',
			optedOut: true,
			delivery,
			previousEmail: 'old@b.co',
		});
	});

	it('HB-11: a contact with neither address nor number is excluded, one of the two is enough', () => {
		expect(codeOf(apply({ email: '', phone: null, firstname: 'Ada' }))).toBe('NO_IDENTIFIER');
		expect(mappedOf(apply({ email: null, phone: '+49301234567' })).contact.email).toBeUndefined();
		expect(mappedOf(apply({ email: 'a@b.co', phone: '' })).contact.phone).toBeUndefined();
	});

	it('says so when the item does not even carry the identifying fields', () => {
		expect(apply({ firstname: 'Ada' })).toMatchObject({
			code: 'NO_IDENTIFIER',
			message: expect.stringContaining('trigger') as string,
		});
	});

	it('a malformed address excludes the contact, also when its number is good', () => {
		expect(apply({ email: 'ada(at)b.co', phone: '+49301234567' })).toEqual({
			kind: 'excluded',
			code: 'EMAIL_MALFORMED',
			message: "Email: the value of 'email' has no @",
			contact: { phone: '+49301234567', attributes: {} },
		});
	});

	it('an excluded contact tells what could be converted of it', () => {
		const fields = { email: 'a@b.co', phone: '12345', firstname: 'Ada', points: 'many', office: '+4930987654' };
		expect(apply(fields)).toMatchObject({
			code: 'PHONE_INVALID',
			contact: { email: 'a@b.co', attributes: { FIRSTNAME: 'Ada', LANDLINE_NUMBER: '+4930987654' } },
		});
	});

	it.each(['12345', '+12345678901234567', 'call me'])('HB-25, SB-26: a phone like %j excludes the contact', (phone) => {
		expect(codeOf(apply({ email: 'a@b.co', phone }))).toBe('PHONE_INVALID');
		expect(codeOf(apply({ email: 'a@b.co', office: phone }))).toBe('PHONE_INVALID');
	});

	it('HB-25, SB-26: or it is left out with a warning, when set so', () => {
		const mapped = mappedOf(apply({ email: 'a@b.co', phone: '12345' }, {}, { unusablePhone: 'leaveOut' }));
		expect(mapped.contact).toEqual({ email: 'a@b.co', attributes: {} });
		expect(mapped.warnings).toEqual([
			{ field: 'SMS', code: 'PHONE_LEFT_OUT', message: "SMS: the value of 'phone' has 5 digits; it must have 6 to 16" },
		]);
	});

	it('HB-25: left out, but nothing else identifies the contact: excluded for its phone', () => {
		expect(codeOf(apply({ email: '', phone: '12345' }, {}, { unusablePhone: 'leaveOut' }))).toBe('PHONE_INVALID');
	});

	it('a number that could not be computed is told as such where nothing else identifies the contact', () => {
		const rows = validateMapping(
			[{ destination: 'SMS', from: { kind: 'expression', expression: '{{ 1 }}' } }],
			{
				sourceFields: [],
				destinationFields: [EMAIL, SMS],
				sourceSystem: 'HubSpot',
				destinationSystem: 'Brevo',
				fieldNoun: 'attribute',
			},
			{ ...SETTINGS, unusablePhone: 'leaveOut' },
		);
		if (rows.kind !== 'ok') throw new Error(rows.reason);
		const failed = new Map([['SMS', 'cannot be worked out: no such node']]);
		expect(applyMapping(rows.value, contact({}), {}, failed)).toMatchObject({
			kind: 'excluded',
			code: 'IDENTIFIER_NOT_COMPUTED',
			message: 'SMS: the value of its expression cannot be worked out: no such node',
		});
	});

	it('an unusable phone never keeps an opt-out from being carried', () => {
		const mapped = mappedOf(apply({ email: 'a@b.co', phone: '12345' }, { optedOut: true }));
		expect(mapped).toMatchObject({
			optedOut: true,
			contact: { email: 'a@b.co' },
			warnings: [{ code: 'PHONE_LEFT_OUT' }],
		});
	});

	it.each<[string, Record<string, FieldValue>, string[], object]>([
		['a malformed address', { email: 'ada(at)b.co' }, ['EMAIL_MALFORMED'], {}],
		[
			'a malformed address, a good number',
			{ email: 'x', phone: '+49301234567' },
			['EMAIL_MALFORMED'],
			{ phone: '+49301234567' },
		],
		['nothing that identifies it', { email: '', phone: null, firstname: 'Ada' }, ['NO_IDENTIFIER'], {}],
		['none of the fields', {}, ['NO_IDENTIFIER'], {}],
		['an unusable number only', { phone: '12345' }, ['PHONE_LEFT_OUT'], {}],
		['nothing usable at all', { email: '@', phone: '1' }, ['EMAIL_MALFORMED', 'PHONE_LEFT_OUT'], {}],
	])(
		'promise 1: a contact that opted out passes with %s, with the reason as a warning',
		(_name, fields, codes, identity) => {
			for (const change of ['added', 'updated', 'optedOut'] as const) {
				const mapped = mappedOf(apply(fields, { optedOut: true, change }));
				expect(mapped).toMatchObject({ key: 'hubspot:1:contact:7', optedOut: true });
				const { email, phone } = mapped.contact;
				expect({ email, phone }).toEqual({ email: undefined, phone: undefined, ...identity });
				expect(mapped.warnings.map(({ code }) => code)).toEqual(codes);
				expect(mapped.warnings.every(({ field, message }) => field !== '' && message !== '')).toBe(true);
				for (const optedOut of [false, null]) expect(apply(fields, { optedOut, change }).kind).toBe('excluded');
			}
		},
	);

	it.each(['removed', 'deleted'] as const)(
		'a %s contact passes with what identifies it, whatever else is wrong',
		(change) => {
			expect(mappedOf(apply({ email: 'A@b.co', phone: '12345', firstname: 'Ada' }, { change })).contact).toEqual({
				email: 'a@b.co',
				attributes: {},
			});
			expect(mappedOf(apply({ email: 'broken', phone: '+49301234567' }, { change })).contact).toEqual({
				phone: '+49301234567',
				attributes: {},
			});
			expect(mappedOf(apply({}, { change })).contact).toEqual({ attributes: {} });
		},
	);

	it('SB-23: an empty value leaves the attribute alone; it clears it only when set so', () => {
		expect(mappedOf(apply({ email: 'a@b.co', firstname: '', points: null })).contact.attributes).toEqual({});
		const cleared = mappedOf(
			apply({ email: 'a@b.co', phone: '', firstname: ' ', points: null }, {}, { emptyValues: 'clear' }),
		);
		expect(cleared.contact).toEqual({ email: 'a@b.co', attributes: { FIRSTNAME: null, POINTS: null } });
	});

	it('a field the item does not carry clears nothing', () => {
		expect(mappedOf(apply({ email: 'a@b.co' }, {}, { emptyValues: 'clear' })).contact.attributes).toEqual({});
	});

	it('a row can clear on its own', () => {
		const base = plan();
		const rows = base.rows.map((row) =>
			row.destination.name === 'FIRSTNAME' ? { ...row, emptyValues: 'clear' as const } : row,
		);
		const outcome = applyMapping({ ...base, rows }, contact({ email: 'a@b.co', firstname: '', points: '' }));
		expect(mappedOf(outcome).contact.attributes).toEqual({ FIRSTNAME: null });
	});

	it('a value that cannot be converted stays out with a warning, the contact goes on', () => {
		const mapped = mappedOf(apply({ email: 'a@b.co', firstname: 'Ada', points: 'many' }));
		expect(mapped.contact.attributes).toEqual({ FIRSTNAME: 'Ada' });
		expect(mapped.warnings).toEqual([
			{ field: 'POINTS', code: 'VALUE_NOT_CONVERTIBLE', message: "POINTS: the value of 'points' is not a number" },
		]);
	});

	it('an expression gives a value, and never the name of a field', () => {
		const base = plan();
		const rows = base.rows.map((row) =>
			row.destination.name === 'FIRSTNAME'
				? { ...row, sourceField: undefined, from: { kind: 'expression' as const, expression: 'x' } }
				: row,
		);
		const outcome = applyMapping({ ...base, rows }, contact({ email: 'a@b.co', firstname: 'Ada' }), {
			FIRSTNAME: 'email',
		});
		expect(mappedOf(outcome).contact.attributes).toEqual({ FIRSTNAME: 'email' });
	});

	it('reads own fields only: a row for `constructor` finds nothing in a contact without it', () => {
		const odd = planOf([
			[EMAIL, source('email', 'email')],
			[destination('T'), source('constructor')],
		]);
		expect(mappedOf(applyMapping(odd, contact({ email: 'a@b.co' }))).contact.attributes).toEqual({});
	});

	it('every contact ends as mapped or excluded with a reason; twice gives the same; nothing is changed in place', () => {
		const value = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('', null, 'a@b.co', 'A@B.CO ', '+49301234567', '12345', '0', 'x@'),
			fc.integer(),
			fc.boolean(),
			fc.array(fc.string()),
		) as fc.Arbitrary<FieldValue>;
		const fields = fc.dictionary(fc.constantFrom('email', 'phone', 'firstname', 'points', 'office', 'other'), value);
		const changes = fc.record({
			change: fc.constantFrom(...CHANGE_KINDS),
			optedOut: fc.constantFrom(true, false, null),
		});
		const settings = fc.record({
			emptyValues: fc.constantFrom('leave', 'clear'),
			unusablePhone: fc.constantFrom('excludeContact', 'leaveOut'),
		});
		const seen = new Set<string>();
		fc.assert(
			fc.property(fields, changes, settings, (given, more, chosen) => {
				const change = contact(given, more);
				const before = JSON.stringify(change);
				const outcome = applyMapping(plan(chosen), change);
				expect(applyMapping(plan(chosen as Partial<MappingSettings>), change)).toEqual(outcome);
				expect(JSON.stringify(change)).toBe(before);
				seen.add(codeOf(outcome));
				if (outcome.kind === 'excluded') {
					expect(isReasonCode(outcome.code) && outcome.message.length > 0).toBe(true);
					expect(['removed', 'deleted']).not.toContain(change.change);
					expect(change.optedOut).not.toBe(true);
				} else {
					const { email, phone } = outcome.contact.contact;
					const leaving = change.change === 'removed' || change.change === 'deleted';
					expect(leaving || change.optedOut || email !== undefined || phone !== undefined).toBe(true);
					expect(outcome.contact.optedOut).toBe(change.optedOut);
					expect(outcome.contact.key).toBe(change.key);
				}
			}),
			{ numRuns: 3_000 },
		);
		expect([...seen].sort()).toEqual(['EMAIL_MALFORMED', 'NO_IDENTIFIER', 'PHONE_INVALID', 'mapped']);
	});
});
