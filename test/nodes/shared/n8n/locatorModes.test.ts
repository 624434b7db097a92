import { numberMode } from '../../../../nodes/shared/n8n/locatorModes';

describe('a picker of ids', () => {
	const takes = (mode: ReturnType<typeof numberMode>, text: string): boolean =>
		mode.validation.every(({ properties }) => new RegExp(properties.regex).test(text));

	it('takes a number, also with blanks around it, and nothing else', () => {
		for (const text of ['12', ' 12 ']) expect(takes(numberMode('12', 'list'), text)).toBe(true);
		for (const text of ['', '12a', '1 2', '-1']) expect(takes(numberMode('12', 'list'), text)).toBe(false);
	});

	it('takes nothing at all only where nothing need be picked', () => {
		const optional = numberMode('12', 'list', { optional: true });
		expect(['', '12', 'x'].map((text) => takes(optional, text))).toEqual([true, true, false]);
	});
});
