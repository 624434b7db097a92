import fc from 'fast-check';
import { normaliseEmail, otherSpellings } from '../../../core/contact/email';

const read = (raw: string): string => {
	const reading = normaliseEmail(raw);
	return reading.kind === 'email' ? reading.email : reading.kind;
};

describe('normaliseEmail', () => {
	it.each([
		['Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
		['  a@b.co\n', 'a@b.co'],
		['\u200ba@b.co\ufeff', 'a@b.co'],
		['a+tag@b.co', 'a+tag@b.co'],
		["o'brien@b.co", "o'brien@b.co"],
		['müller@bücher.de', 'müller@xn--bcher-kva.de'],
		['info@例え.jp', 'info@xn--r8jz45g.jp'],
		['x@xn--bcher-kva.de', 'x@xn--bcher-kva.de'],
		['x@XN--BCHER-KVA.de', 'x@xn--bcher-kva.de'],
		['x@BÜCHER.de', 'x@xn--bcher-kva.de'],
		['x@bu\u0308cher.de', 'x@xn--bcher-kva.de'],
		['x@bücher。de', 'x@xn--bcher-kva.de'],
		['x@ｅｘample.com', 'x@example.com'],
		['x@straße.de', 'x@xn--strae-oqa.de'],
		['x@россия.рф', 'x@xn--h1alffa9f.xn--p1ai'],
		['x@xn--99999999.de', 'x@xn--99999999.de'],
		['a_b-c.d!#$%&*/=?^`{|}~@sub.b-c.co.uk', 'a_b-c.d!#$%&*/=?^`{|}~@sub.b-c.co.uk'],
		['1@2.co', '1@2.co'],
		['ｘ＠ｅｘample．com', 'x@example.com'],
		['ａｄａ@example.com', 'ada@example.com'],
		['\u3164a@b.co\u3164', 'a@b.co'],
		['a@b.co\ufe0f', 'a@b.co'],
		['\u034fa@b.co\u2800', 'a@b.co'],
		['u\u0308@b.co', 'ü@b.co'],
	])('accepts %j', (raw, email) => expect(read(raw)).toBe(email));

	it.each([
		['not an address', /blank/],
		['ada', /no @/],
		['ada@', /nothing after/],
		['@b.co', /nothing before/],
		['a@b@c.co', /more than one @/],
		['a@b', /no dot after/],
		['a@b.co.', /dot too many after/],
		['a@.co', /dot too many after/],
		['a..b@c.co', /dot too many before/],
		['.a@c.co', /dot too many before/],
		['a@b .co', /blank/],
		['a@-b.co', /no possible domain/],
		['a@b.123', /no possible domain/],
		['a@[127.0.0.1]', /no possible domain/],
		['Ada <ada@b.co>', /blank/],
		['<ada@b.co>', /cannot have/],
		['a;b@c.co', /cannot have/],
		['a@b.co;c@d.co', /more than one @/],
		['a\u200bb@c.co', /invisible/],
		['a\0b@c.co', /invisible/],
		['a\ufe0fb@c.co', /invisible/],
		['a\u034f@c.co', /invisible/],
		['a\u3164@c.co', /invisible/],
		['a\u2800@c.co', /invisible/],
		['a@c\u115f.co', /invisible/],
		['\ud800a@c.co', /invisible/],
		[`${'a'.repeat(65)}@b.co`, /64 characters/],
		[`a@${'b'.repeat(64)}.co`, /no possible domain/],
		[`a@${'b.'.repeat(130)}co`, /254/],
	])('refuses %j', (raw, reason) => {
		const reading = normaliseEmail(raw);
		expect(reading).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(reason) as string });
	});

	it('never repeats the address in the reason', () => {
		for (const raw of ['secret person', 'secret', 'secret@@x.co']) {
			const reading = normaliseEmail(raw);
			expect(reading.kind === 'malformed' && reading.reason).not.toContain('secret');
		}
	});

	it.each(['', '   ', '\u200b', '\t\n'])('takes %j for empty', (raw) => expect(read(raw)).toBe('empty'));

	it('names the other spelling of an international domain, and only of one', () => {
		for (const email of ['x@bücher.de', 'info@例え.jp', 'x@россия.рф', 'x@a-ü-b.köln', 'x@straße.de'])
			expect(otherSpellings(read(email))).toEqual([email]);
		for (const email of ['x@b.co', 'x@xn--99999999.de', 'x@xn--zzzzzzzzzzzzzzzzzzzz99999999.de', 'x'])
			expect([[], [email]]).toContainEqual(otherSpellings(email));
	});

	it('names the spellings with decomposed letters before the @', () => {
		const [one, both] = [read('jose\u0301@b.co'), read('jose\u0301@bücher.de')];
		expect([one, otherSpellings(one)]).toEqual(['jos\u00e9@b.co', ['jose\u0301@b.co']]);
		expect(otherSpellings(both)).toEqual([
			'jos\u00e9@bücher.de',
			'jose\u0301@xn--bcher-kva.de',
			'jose\u0301@bücher.de',
		]);
		for (const other of otherSpellings(both)) expect(read(other)).toBe(both);
	});

	it('reads back what it spelled in ASCII', () => {
		fc.assert(
			fc.property(
				fc.string({
					unit: fc.constantFrom('a', 'z', '0', 'ü', 'é', 'я', '例', 'え', 'ม'),
					minLength: 1,
					maxLength: 12,
				}),
				(label) => {
					const ascii = read(`x@${label}.de`);
					for (const other of otherSpellings(ascii)) expect(read(other)).toBe(ascii);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('is stable: the normal form is its own normal form', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.emailAddress(),
					fc.string({ unit: 'binary' }),
					fc.string().map((text) => `${text}@Example.ORG`),
				),
				(raw) => {
					const reading = normaliseEmail(raw);
					if (reading.kind === 'email') expect(normaliseEmail(reading.email)).toEqual(reading);
				},
			),
			{ numRuns: 2_000 },
		);
	});
});
