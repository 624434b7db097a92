import { linksIn, NO_LINKS, packedLinks, withLinks } from '../../../../core/polling/memory/packedLinks';

const record = (n: number, object = 'Contact'): string =>
	`salesforce:00D5g00000AbCdE:${object}:003${String(n).padStart(15, '0')}`;

describe('which records contacts are linked to, in little text', () => {
	it('is what was set, by contact, in any order, and through JSON', () => {
		const set = new Map([
			['20', [record(20)]],
			['3', [record(3), record(4, 'Lead')]],
		]);
		const packed = packedLinks.parse(JSON.parse(JSON.stringify(withLinks(NO_LINKS, set, []))));
		expect(new Map(linksIn(packed))).toEqual(set);
		const later = withLinks(packed, new Map([['20', [record(21)]]]), ['3', '99']);
		expect([...linksIn(later)]).toEqual([['20', [record(21)]]]);
		expect([...linksIn(withLinks(later, new Map([['20', []]]), []))]).toEqual([]);
	});

	it('is the same object where nothing changed, so that nothing is stored anew', () => {
		const packed = withLinks(NO_LINKS, new Map([['1', [record(1)]]]), []);
		expect(withLinks(packed, new Map(), ['2'])).toBe(packed);
	});

	it.each([
		'salesforce:org:Contact:two words',
		'salesforce:org:Contact:a\nb',
		'salesforce:org:Contact:a:b',
		`salesforce:org:Contact:${'x'.repeat(65)}`,
	])(
		// prettier-ignore
		'leaves out %j, which no vendor made',
		(key) => {
			expect([...linksIn(withLinks(NO_LINKS, new Map([['1', [key, record(1)]]]), []))]).toEqual([['1', [record(1)]]]);
		},
	);

	it('takes about 30 bytes a contact and keeps 50,000, those with the highest ids', () => {
		const many = new Map(Array.from({ length: 50_010 }, (_, n) => [String(n + 1), [record(n)]]));
		const packed = withLinks(NO_LINKS, many, []);
		expect(JSON.stringify(packed).length / 50_000).toBeLessThan(31);
		expect(linksIn(packed).size).toBe(50_000);
		expect([linksIn(packed).has('10'), linksIn(packed).has('11')]).toEqual([false, true]);
	});
});
