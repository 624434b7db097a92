import { DateTime } from 'luxon';
import fc from 'fast-check';
import { convertValue } from '../../../core/mapping/convertValue';
import type { DestinationField, SourceField } from '../../../core/mapping/fields';
import type { MappingSettings } from '../../../core/mapping/mapping';
import { destination, SETTINGS, source } from './mappingFixtures';

const convert = (value: unknown, to: DestinationField, field?: SourceField, settings: Partial<MappingSettings> = {}) =>
	convertValue(
		value,
		{ destination: to, from: { kind: 'field', name: 'x' }, sourceField: field, emptyValues: 'leave' },
		{ ...SETTINGS, ...settings },
	);

const valueOf = (...args: Parameters<typeof convert>): unknown => {
	const conversion = convert(...args);
	return conversion.kind === 'value'
		? conversion.value
		: `${conversion.kind}${conversion.kind === 'unusable' ? `:${conversion.code}` : ''}`;
};

describe('text', () => {
	const text = destination('T', 'text', { maxLength: 10_000 });

	it.each([
		'Zoë 👩‍👩‍👧 O’Neill',
		'שלום \u200fעולם',
		'مرحبا',
		'"quoted" \'single\' <b>bold</b> & more',
		'  spaces  kept  ',
		'two\nlines\r\n',
	])('keeps %j untouched', (value) => expect(valueOf(value, text)).toBe(value));

	it('takes out NUL and lone surrogates only', () => {
		expect(valueOf('a\0b\ud83dc\ude00d\u{1f600}', text)).toBe('abcd\u{1f600}');
	});

	it('passes 5,000 and 10,000 characters, counted as characters and not as halves', () => {
		expect(valueOf('x'.repeat(5_000), text)).toHaveLength(5_000);
		expect(valueOf('😀'.repeat(10_000), text)).toHaveLength(20_000);
		expect(convert('x'.repeat(10_001), text)).toEqual({
			kind: 'unusable',
			code: 'VALUE_TOO_LONG',
			reason: 'has 10001 characters; at most 10000 fit',
		});
	});

	it('writes labels of choices, or internal values when asked to', () => {
		const stage = source('stage', 'category', { options: [{ value: 'mql', label: 'Marketing Qualified' }] });
		const tags = source('tags', 'multipleChoice', {
			options: [
				{ value: 'a', label: 'Alpha' },
				{ value: 'b', label: 'Beta' },
			],
		});
		expect(valueOf('mql', text, stage)).toBe('Marketing Qualified');
		expect(valueOf('mql', text, stage, { choicesAs: 'value' })).toBe('mql');
		expect(valueOf('unlisted', text, stage)).toBe('unlisted');
		expect(valueOf('a;b', text, tags)).toBe('Alpha; Beta');
		expect(valueOf(['a', 'b'], text, tags)).toBe('Alpha; Beta');
		expect(valueOf('true', text, source('vip', 'boolean', { options: [{ value: 'true', label: 'Yes' }] }))).toBe('Yes');
	});

	it('writes numbers and yes/no as text', () => {
		expect(valueOf(42.5, text)).toBe('42.5');
		expect(valueOf(false, text)).toBe('false');
	});
});

describe('number', () => {
	const number = destination('N', 'number', { below: 1e15 });

	it.each([
		['42', 42],
		['-1.5', -1.5],
		[' 7 ', 7],
		['1e3', 1000],
		[0, 0],
		['1,234', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['12 apples', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['0x10', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['Infinity', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[NaN, 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1e999', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1000000000000000', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[true, 'unusable:VALUE_NOT_CONVERTIBLE'],
		[['1', '2'], 'unusable:VALUE_NOT_CONVERTIBLE'],
	])('%j becomes %j', (value, expected) => expect(valueOf(value, number)).toBe(expected));
});

describe('date (SB-19: YYYY-MM-DD)', () => {
	const date = destination('D', 'date', { days: { first: '1900-01-01', last: '2050-12-31' } });

	it.each([
		['1990-09-25', '1990-09-25'],
		['653529600000', '1990-09-17'],
		[Date.UTC(1990, 8, 25), '1990-09-25'],
		[Date.UTC(1955, 0, 2), '1955-01-02'],
		[String(Date.UTC(1955, 0, 2)), '1955-01-02'],
		['2026-11-20T23:30:00Z', '2026-11-20'],
		['2026-11-20T23:30:00-05:00', '2026-11-21'],
		['2026-11-20 10:00:00', '2026-11-20'],
		[new Date('2026-11-20T10:00:00Z'), '2026-11-20'],
		[DateTime.fromISO('2026-11-20T10:00:00Z', { zone: 'UTC' }), '2026-11-20'],
		['2024-02-29', '2024-02-29'],
		['2023-02-29', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['04/05/1990', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1990', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['next year', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1899-12-31', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['2051-01-01', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[true, 'unusable:VALUE_NOT_CONVERTIBLE'],
	])('%j becomes %j', (value, expected) => expect(valueOf(value, date)).toBe(expected));

	it('takes the day of an instant in the time zone, and midnight UTC as a day in every zone', () => {
		expect(valueOf('2026-11-20T23:30:00Z', date, undefined, { timeZone: 'Europe/Berlin' })).toBe('2026-11-21');
		expect(valueOf(Date.UTC(2026, 10, 20), date, undefined, { timeZone: 'America/New_York' })).toBe('2026-11-20');
		expect(valueOf('2026-11-20', date, undefined, { timeZone: 'Asia/Tokyo' })).toBe('2026-11-20');
	});
});

describe('HB-27 lifted: yes/no and category fields', () => {
	const yesNo = destination('B', 'boolean');

	it.each([
		[true, true],
		['true', true],
		['TRUE', true],
		['Oui', true],
		['1', true],
		[0, false],
		['nein', false],
		['false', false],
		['maybe', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[2, 'unusable:VALUE_NOT_CONVERTIBLE'],
	])('HB-27: yes/no %j becomes %j', (value, expected) => expect(valueOf(value, yesNo)).toBe(expected));

	it('HB-27: yes/no by the label of the source option', () => {
		const field = source('f', 'category', {
			options: [
				{ value: 'opt_a', label: 'Yes' },
				{ value: 'opt_b', label: 'No' },
			],
		});
		expect(valueOf('opt_a', yesNo, field)).toBe(true);
		expect(valueOf('opt_b', yesNo, field)).toBe(false);
	});

	const tier = destination('TIER', 'category', {
		options: [
			{ label: 'Gold', value: 1 },
			{ label: 'Silver', value: 2 },
			{ label: 'Très bien', value: 3 },
		],
	});

	it.each([
		['Gold', 1],
		['gold', 1],
		[' GOLD ', 1],
		['tre\u0300s  bien', 3],
		['2', 2],
		[2, 2],
		['Bronze', 'unusable:OPTION_UNKNOWN'],
		[['Gold', 'Silver'], 'unusable:VALUE_NOT_CONVERTIBLE'],
		['Gold;Silver', 'unusable:VALUE_NOT_CONVERTIBLE'],
	])('HB-27: category %j becomes %j', (value, expected) => expect(valueOf(value, tier)).toBe(expected));

	it('HB-27: labels win over internal values, and an internal number is never taken for the other side’s', () => {
		const field = source('tier', 'category', {
			options: [
				{ value: '1', label: 'Silver' },
				{ value: '2', label: 'Bronze' },
				{ value: 'g', label: 'Gold' },
			],
		});
		expect(valueOf('1', tier, field)).toBe(2);
		expect(valueOf('g', tier, field)).toBe(1);
		expect(convert('2', tier, field)).toEqual({
			kind: 'unusable',
			code: 'OPTION_UNKNOWN',
			reason: "has no option 'Bronze'",
		});
	});

	it('does not repeat free text in the warning, which may hold anything', () => {
		expect(convert('my private note', tier, source('note'))).toMatchObject({ reason: 'has no such option' });
	});

	it('HB-27: yes/no into a category of yes and no', () => {
		const answer = destination('A', 'category', {
			options: [
				{ label: 'Oui', value: 1 },
				{ label: 'Non', value: 2 },
			],
		});
		expect(valueOf(true, answer)).toBe(1);
		expect(valueOf('false', answer, source('b', 'boolean', { options: [{ value: 'false', label: 'No' }] }))).toBe(2);
	});

	it('a label with a semicolon is one option', () => {
		const odd = destination('O', 'category', { options: [{ label: 'this; that', value: 9 }] });
		expect(valueOf('This; That', odd)).toBe(9);
	});

	it('HB-27: multiple choice keeps the options that exist and names the others', () => {
		const interests = destination('I', 'multipleChoice', {
			options: ['Coffee', 'Tea'].map((label) => ({ label, value: label })),
		});
		const field = source('interests', 'multipleChoice', {
			options: [
				{ value: 'c', label: 'coffee' },
				{ value: 't', label: 'Tea' },
				{ value: 'b', label: 'Books' },
			],
		});
		expect(valueOf('c;t', interests, field)).toEqual(['Coffee', 'Tea']);
		expect(valueOf(['c', 'c'], interests, field)).toEqual(['Coffee']);
		expect(convert('c;b', interests, field)).toEqual({
			kind: 'value',
			value: ['Coffee'],
			warning: { code: 'OPTION_UNKNOWN', reason: "has no option 'Books'" },
		});
		expect(valueOf('b', interests, field)).toBe('unusable:OPTION_UNKNOWN');
	});
});

describe('whatever comes in', () => {
	const everyType: DestinationField[] = [
		...(['email', 'phone', 'text', 'number', 'date', 'boolean'] as const).map((type) =>
			destination(type, type, { maxLength: 100 }),
		),
		destination('category', 'category', { options: [{ label: 'Gold', value: 1 }] }),
		destination('multipleChoice', 'multipleChoice', { options: [{ label: 'Gold', value: 'Gold' }] }),
	];
	const sources = [undefined, source('x'), source('x', 'multipleChoice', { options: [{ value: '1', label: 'Gold' }] })];

	it.each([undefined])('a field the item does not carry is absent, not empty', (value) => {
		for (const to of everyType) expect(convert(value, to).kind).toBe('absent');
	});

	it.each([null, '', '  ', [], [''], [null]])('%j is empty for every type', (value) => {
		for (const to of everyType) expect(convert(value, to).kind).toBe('empty');
	});

	it('refuses objects', () => {
		for (const to of everyType)
			expect(convert({ a: 1 }, to)).toMatchObject({ kind: 'unusable', code: 'VALUE_NOT_CONVERTIBLE' });
	});

	it('never throws, and converting twice gives the same', () => {
		const anything = fc.oneof(
			fc.anything(),
			fc.string({ unit: 'binary' }),
			fc.integer(),
			fc.date({ noInvalidDate: false }),
			fc.constantFrom('Gold', '1', 'true', '+4930123456', 'a@b.co'),
		);
		fc.assert(
			fc.property(anything, fc.constantFrom(...everyType), fc.constantFrom(...sources), (value, to, field) => {
				const first = convert(value, to, field);
				expect(convert(value, to, field)).toEqual(first);
				// What was written once converts to itself: a sync that reads back what it wrote changes nothing.
				if (first.kind === 'value' && !first.warning) expect(convert(first.value, to)).toEqual(first);
			}),
			{ numRuns: 3_000 },
		);
	});
});
