import fc from 'fast-check';
import { normalisePhone } from '../../../core/contact/phone';

const read = (raw: string, country?: string): string => {
	const reading = normalisePhone(raw, country);
	return reading.kind === 'phone' ? reading.phone : reading.kind;
};
const reasonFor = (raw: string, country?: string): string => {
	const reading = normalisePhone(raw, country);
	return reading.kind === 'unusable' ? reading.reason : reading.kind;
};

describe('normalisePhone', () => {
	it.each([
		['+49 (0) 1512 3456789', undefined, '+4915123456789'],
		// A blank parts the digits of one number (E.123); what is another number or an extension has a mark or a word of its own.
		['+49 30 1234567 2', undefined, '+493012345672'],
		['0049 1512 3456789', undefined, '+4915123456789'],
		['(0049) 1512 / 345-6789', undefined, '+4915123456789'],
		['tel:+49-1512-3456789', undefined, '+4915123456789'],
		['\u202a+33 6 12 34 56 78\u202c', undefined, '+33612345678'],
		['＋33 6 12 34 56 78', undefined, '+33612345678'],
		['+49٣٠١٢٣٤٥٦٧', undefined, '+49301234567'],
		['+1 (555) 123-4567 ext. 89', undefined, '+15551234567'],
		['06 12 34 56 78', 'FR', '+33612345678'],
		['030 1234567', 'DE', '+49301234567'],
		['0049 30 1234567', 'US', '+49301234567'],
		['+33612345678', 'DE', '+33612345678'],
		['1 (212) 555-0123', 'US', '+12125550123'],
		['212 555 0123', 'US', '+12125550123'],
		['8 (912) 345-67-89', 'RU', '+79123456789'],
		['79123456789', 'RU', '+79123456789'],
		['61412345678', 'AU', '+61412345678'],
		['06 1234567', 'IT', '+39061234567'],
		['+39 06 1234567', undefined, '+39061234567'],
		['+52 1 55 1234 5678', undefined, '+525512345678'],
		['5215512345678', 'MX', '+525512345678'],
		['+52 55 1234 5678', undefined, '+525512345678'],
		['+54 9 11 1234 5678', undefined, '+5491112345678'],
	])('reads %j (default country %s) as %s', (raw, country, phone) => expect(read(raw, country)).toBe(phone));

	it('HB-25, SB-26: a phone of 5 digits is refused, one of 6 passes', () => {
		expect(reasonFor('+49 123')).toBe('has 5 digits; it must have 6 to 16');
		expect(read('+354 420 0000')).toBe('+3544200000');
		expect(read('+290 2222')).toBe('+2902222');
		expect(read('+247 66')).toBe('unusable');
	});

	it('HB-25, SB-26: the digits are counted as written: 16 pass, 17 do not', () => {
		expect(read('0049 (0) 1512 345678')).toBe('+491512345678');
		expect('0049(0)15123456789'.replace(/\D/g, '')).toHaveLength(16);
		expect(read('0049 (0) 1512 3456789')).toBe('+4915123456789');
		expect(reasonFor('+49 1512 3456789 0123456')).toMatch(/^has 20 digits/);
		expect(reasonFor('+12345678901234567')).toBe('has 17 digits; it must have 6 to 16');
	});

	it.each([
		['4915123456789', 'DE'],
		['49 177 3333333', 'DE'],
		['493030808459', 'DE'],
		['62812345678', 'ID'],
		['38343201234', 'XK'],
		['43123456', 'AT'],
		['٤٩١٥١٢٣٤٥٦٧٨٩', 'DE'],
	])('HB-25: %s with the default country %s can be two numbers, and neither is guessed', (raw, country) => {
		expect(reasonFor(raw, country)).toMatch(/with and without its country code; write it with a plus sign/);
	});

	it.each([
		['+49 000 0000000', undefined],
		['+43 000 000 0000', undefined],
		['+39 000 0000000', undefined],
		['+1 000 000 0000', undefined],
		['000 0000000', 'DE'],
		['00000000', 'DE'],
		['0000000000', 'US'],
		['+49 00 1512 3456789', undefined],
	])('HB-25: %s, with zeros in the place of a number, does not become a shorter one', (raw, country) => {
		expect(read(raw, country)).toBe('unusable');
	});

	it('no number that is written in full loses a digit but a trunk zero', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), (raw) => {
				const phone = read(raw);
				if (phone === 'unusable' || raw.startsWith('+521')) return;
				expect([raw, ...[2, 3, 4].map((at) => raw.slice(0, at) + raw.slice(at).replace(/^0/, ''))]).toContain(phone);
			}),
			{ numRuns: 2_000 },
		);
	});

	it.each([
		['+49 30 १२३4567', undefined],
		['+४९ ३० १२३४५६७', undefined],
		['०३० १२३४५६७', 'DE'],
		['٠٠٤٩ ٣٠ 123٤٥٦٧', undefined],
	])('HB-25: reads the digits of every script, as in %s', (raw, country) => {
		expect(read(raw, country)).toBe('+49301234567');
	});

	it.each([
		['4.91512E+12', 'DE', /letters or signs/],
		['+4.91512E+12', undefined, /letters or signs/],
		['+49 800 12 REIFEN', undefined, /letters or signs/],
		['+49 30 1234567 Fax 8', undefined, /letters or signs/],
		['+49 30 1234567 bis 69', undefined, /letters or signs/],
		['+49 151 ****6789', undefined, /letters or signs/],
		['+49 151…6789', undefined, /letters or signs/],
		['+49 151 12345 xx', undefined, /letters or signs/],
		['+49 151 12345__', undefined, /letters or signs/],
		['+49%20301234567', undefined, /letters or signs/],
		['+49+30+1234567', undefined, /letters or signs/],
		['1+212 555 0123', 'US', /letters or signs/],
		['+49301234567;phone-context=+33', undefined, /two numbers/],
		['+4930123456;78', undefined, /two numbers/],
		['+49 30 123456\n654321', undefined, /two numbers/],
		['030 123,456', 'DE', /two numbers/],
		['030 1234567/68', 'DE', /two numbers/],
		['030 12345 / 12346', 'DE', /two numbers/],
		['301234567.0', 'DE', /decimal/],
		['+49301234567.0', undefined, /decimal/],
		['0961227204', 'MX', /with and without its country code/],
	])('HB-25: %j (default country %s) is no number in full, and none is made of its digits', (raw, country, reason) => {
		expect(reasonFor(raw, country)).toMatch(reason);
	});

	it.each([
		['+49 30 1234567 (privat)', undefined, '+49301234567'],
		["'+49 30 1234567", undefined, '+49301234567'],
		['[+49] 30 1234567', undefined, '+49301234567'],
		['(+49 30) 1234567', undefined, '+49301234567'],
		['+49 30 1234567x12', undefined, '+49301234567'],
		['+49 30 1234567 Durchwahl 12', undefined, '+49301234567'],
		['212-555-0123,,12#', 'US', '+12125550123'],
		['+43 664 / 1234567', undefined, '+436641234567'],
		['06/12/34/56/78', 'FR', '+33612345678'],
		['011 41 79 123 45 67', 'US', '+41791234567'],
		['030–123\u2212456', 'DE', '+4930123456'],
	])('HB-25: %j (default country %s) is %s', (raw, country, phone) => expect(read(raw, country)).toBe(phone));

	it('needs a country code or a default country', () => {
		expect(reasonFor('030 1234567')).toBe('has no country code, and no default country is set');
		expect(reasonFor('491512345678')).toBe('has no country code, and no default country is set');
	});

	it.each([
		['call me', 'has no digits'],
		['+1 555 0100', 'is not a possible number of its country'],
		['+999 123456789', 'is not a possible number of its country'],
		['+33 6 12 34 56 78, +33 1', 'may be two numbers in one field'],
	])('refuses %j because it %s', (raw, reason) => expect(reasonFor(raw)).toBe(reason));

	it.each(['', '  ', '\u200e', 'tel:'])('takes %j for empty', (raw) => expect(read(raw)).toBe('empty'));

	it('gives + and 6 to 16 digits or no number at all, and is stable, whatever comes in', () => {
		const numbers = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.stringMatching(/^[+0]{0,2}[\d ()/.-]{3,24}$/),
			fc.stringMatching(/^\+(49|33|1|44|39|34)\d{6,12}$/),
		);
		let phones = 0;
		fc.assert(
			fc.property(numbers, fc.constantFrom(undefined, 'DE', 'FR', 'US', 'IT', 'XX'), (raw, country) => {
				const reading = normalisePhone(raw, country);
				if (reading.kind !== 'phone') return;
				phones++;
				expect(reading.phone).toMatch(/^\+\d{6,16}$/);
				expect(normalisePhone(reading.phone, country)).toEqual(reading);
				expect(normalisePhone(reading.phone)).toEqual(reading);
			}),
			{ numRuns: 2_000 },
		);
		expect(phones).toBeGreaterThan(100);
	});
});
