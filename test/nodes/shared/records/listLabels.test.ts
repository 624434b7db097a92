import { listLabel, nameInLabel, sizeInLabel } from '../../../../nodes/shared/records/listLabels';

describe('the label of a list in a picker', () => {
	it.each([
		['Newsletter', [], undefined],
		['Newsletter', ['1,234'], 1_234],
		['Fair (2024)', ['0'], 0],
		['Newsletter', ['active', '200 contacts'], 200],
		['Old (static)', ['static', '1 contact'], 1],
	] as const)('%s with %j gives its name and its size back', (name, details, size) => {
		const label = listLabel(name, ...details);
		expect(nameInLabel(label)).toBe(name);
		expect(sizeInLabel(label)).toBe(size);
	});

	it('leaves out what is not known', () => {
		expect(listLabel('Newsletter', undefined)).toBe('Newsletter');
		expect(listLabel('Newsletter', 'active', undefined)).toBe('Newsletter (active)');
	});
});
