import type { DestinationField, SourceField } from '../../../../core/mapping/fields';
import { rowsToShow } from '../../../../core/mapping/suggest/rowsToShow';
import { rankFields } from '../../../../core/mapping/suggest/suggestFields';

const source: SourceField[] = [
	{ name: 'firstname', label: 'First name', type: 'text', readOnly: false, hidden: false },
	{ name: 'city', label: 'City', type: 'text', readOnly: false, hidden: false },
];
const many: DestinationField[] = Array.from({ length: 200 }, (_none, n) => ({
	name: `field${n}`,
	label: `Field ${n}`,
	type: 'text',
}));
const named = (name: string, more: Partial<DestinationField> = {}): DestinationField => ({
	name,
	label: name,
	type: 'text',
	...more,
});
const shownOf = (fields: readonly DestinationField[], stored: Readonly<Record<string, string>>) => [
	...rowsToShow(rankFields(source, fields), stored).keys(),
];

it('shows every field of a small account', () => {
	expect(shownOf(many.slice(0, 60), {})).toHaveLength(60);
});

it('shows 60 of many: what a contact needs, what is mapped, what is suggested, then the first ones, in the order of the vendor', () => {
	const fields = [
		...many,
		named('Company', { required: true }),
		named('City'),
		named('Email', { type: 'email', identifier: 'email' }),
	];
	const shown = shownOf(fields, { field150: 'firstname' }).map(({ name }) => name);
	expect(shown).toHaveLength(60);
	expect(shown).toEqual(expect.arrayContaining(['Email', 'Company', 'City', 'field150', 'field0', 'field55']));
	expect(shown).toEqual(fields.map(({ name }) => name).filter((name) => shown.includes(name)));
});

it('leaves no mapped field out, however many there are', () => {
	const stored = Object.fromEntries(many.slice(100).map(({ name }) => [name, 'city']));
	expect(shownOf(many, stored).map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(stored)));
});
