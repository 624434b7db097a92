import { DateTime } from 'luxon';
import fc from 'fast-check';
import { convertValue } from '../../../../core/mapping/convert/convertValue';
import type { DestinationField, SourceField } from '../../../../core/mapping/fields';
import type { MappingSettings } from '../../../../core/mapping/mapping';
import { destination, SETTINGS, source } from '../mappingFixtures';

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
		['12 apples', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['0x10', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['Infinity', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[NaN, 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1e999', 'unusable:VALUE_NOT_CONVERTIBLE'],
		['1000000000000000', 'unusable:VALUE_NOT_CONVERTIBLE'],
		[true, 'unusable:VALUE_NOT_CONVERTIBLE'],
		[['1', '2'], 'unusable:VALUE_NOT_CONVERTIBLE'],
	])('%j becomes %j', (value, expected) => expect(valueOf(value, number)).toBe(expected));

	const refused = 'unusable:VALUE_NOT_CONVERTIBLE';

	/** What people write: value, as text field, as number field or expression (which hold what machines write). */
	it.each<[string, unknown, unknown]>([
		['1.234,56', 1234.56, 1234.56],
		['1,234.56', 1234.56, 1234.56],
		['1 234,56', 1234.56, 1234.56],
		['1\u202f234,56', 1234.56, 1234.56],
		["1'234.50", 1234.5, 1234.5],
		['-1.234.567,8', -1234567.8, -1234567.8],
		['1.234.567', 1234567, 1234567],
		['1,234,567', 1234567, 1234567],
		['1 234', 1234, 1234],
		['12,5', 12.5, 12.5],
		['0,125', 0.125, 0.125],
		['0.125', 0.125, 0.125],
		['1234.567', 1234.567, 1234.567],
		['1.234', refused, 1.234],
		['-1.234', refused, -1.234],
		['1,234', refused, refused],
		['12.34.567', refused, refused],
		['1.234.56', refused, refused],
		['1,234.567.890', refused, refused],
		['1.234,567,8', refused, refused],
		['1.234 567', refused, refused],
		['€ 5', refused, refused],
	])('%j is %j in a text field and %j in a number field: never guessed', (value, asText, asNumber) => {
		expect(valueOf(value, number, source('t'))).toBe(asText);
		expect(valueOf(value, number, source('n', 'number'))).toBe(asNumber);
		expect(valueOf(value, number)).toBe(asNumber);
	});

	it('says that a number can be read in two ways, without repeating it', () => {
		expect(convert('1.234', number, source('t'))).toMatchObject({
			reason: 'can be read as two numbers (thousands or decimals)',
		});
	});

	it('takes the label of a choice whose internal value is no number', () => {
		const size = source('size', 'category', { options: [{ value: 'big', label: '1.234,5' }] });
		expect(valueOf('big', number, size)).toBe(1234.5);
	});
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

describe('dates and times in the account’s time zone', () => {
	const date = destination('D', 'date');
	const text = destination('T', 'text');
	const datetime = source('visit', 'datetime');

	it.each([
		// Berlin: summer time from 29 March 2026, 01:00 UTC, to 25 October 2026, 01:00 UTC.
		['Europe/Berlin', '2026-03-28T22:59:59Z', '2026-03-28'],
		['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29'],
		['Europe/Berlin', '2026-03-29T21:59:59Z', '2026-03-29'],
		['Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-30'],
		['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25'],
		['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25'],
		['Europe/Berlin', '2026-10-25T23:00:00Z', '2026-10-26'],
		// New York: from 8 March to 1 November 2026.
		['America/New_York', '2026-03-08T04:59:59Z', '2026-03-07'],
		['America/New_York', '2026-03-09T03:59:59Z', '2026-03-08'],
		['America/New_York', '2026-11-02T04:59:59Z', '2026-11-01'],
		// Midnight did not exist in São Paulo on 4 November 2018, Samoa skipped 30 December 2011.
		['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04'],
		['America/Sao_Paulo', '2018-11-04T02:59:59Z', '2018-11-03'],
		['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
		['Pacific/Kiritimati', '2026-11-20T10:00:00Z', '2026-11-21'],
		['Asia/Kathmandu', '2026-11-20T18:15:00Z', '2026-11-21'],
	])('%s: %s is %s', (timeZone, instant, day) => {
		expect(valueOf(instant, date, datetime, { timeZone })).toBe(day);
		expect(valueOf(String(Date.parse(instant)), date, datetime, { timeZone })).toBe(day);
	});

	it('midnight UTC is an instant in a field of dates and times, and a day in a field of days', () => {
		const midnight = String(Date.UTC(2026, 10, 20));
		const zone = { timeZone: 'America/New_York' };
		expect(valueOf(midnight, date, datetime, zone)).toBe('2026-11-19');
		expect(valueOf(midnight, date, source('d', 'date'), zone)).toBe('2026-11-20');
		expect(valueOf('2026-11-20T00:00:00Z', date, source('d', 'date'), zone)).toBe('2026-11-20');
	});

	it('a time without an offset is a local one: its day is the one written', () => {
		for (const timeZone of ['America/New_York', 'Asia/Tokyo', 'America/Sao_Paulo'])
			expect(valueOf('2018-11-04 00:30:00', date, source('t'), { timeZone })).toBe('2018-11-04');
	});

	it('as text it is the same instant, written in the time zone', () => {
		expect(valueOf('2026-07-01T22:30:00.123Z', text, datetime, { timeZone: 'Europe/Berlin' })).toBe(
			'2026-07-02T00:30:00+02:00',
		);
		expect(valueOf('2026-10-25T00:30:00Z', text, datetime, { timeZone: 'Europe/Berlin' })).toBe(
			'2026-10-25T02:30:00+02:00',
		);
		expect(valueOf('2026-10-25T01:30:00Z', text, datetime, { timeZone: 'Europe/Berlin' })).toBe(
			'2026-10-25T02:30:00+01:00',
		);
		expect(valueOf('soon', text, datetime, { timeZone: 'Europe/Berlin' })).toBe('soon');
		expect(valueOf('2026-07-01T22:30:00Z', text, source('t'), { timeZone: 'Europe/Berlin' })).toBe(
			'2026-07-01T22:30:00Z',
		);
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

	it('HB-27: an option that was renamed on one side is found by what stayed the same, else it is named', () => {
		const renamed = (option: { value: string; label: string }) => source('tier', 'category', { options: [option] });
		// The label was renamed in HubSpot, the internal value still is the destination's label.
		expect(valueOf('Gold', tier, renamed({ value: 'Gold', label: 'Gold members' }))).toBe(1);
		// The label was renamed in Brevo: nothing is the same any more.
		expect(
			convert(
				'g',
				destination('T', 'category', { options: [{ label: 'Premium', value: 1 }] }),
				renamed({ value: 'g', label: 'Gold' }),
			),
		).toEqual({
			kind: 'unusable',
			code: 'OPTION_UNKNOWN',
			reason: "has no option 'Gold'",
		});
		// Two options swapped their labels: what people see counts.
		const swapped = source('tier', 'category', {
			options: [
				{ value: 'Gold', label: 'Silver' },
				{ value: 'Silver', label: 'Gold' },
			],
		});
		expect(valueOf('Gold', tier, swapped)).toBe(2);
		// An option that was deleted in HubSpot stays with the contacts that have it.
		expect(valueOf('Silver', tier, renamed({ value: 'g', label: 'Gold' }))).toBe(2);
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
