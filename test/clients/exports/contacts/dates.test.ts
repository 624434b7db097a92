import { instantOf } from '../../../../clients/exports/contacts/dates';

const isoOf = (text: string): string | undefined => {
	const at = instantOf(text);
	return at === undefined ? undefined : new Date(at).toISOString();
};

describe('instants in export files', () => {
	it.each([
		['2023-04-21 11:16:57', '2023-04-21T11:16:57.000Z'],
		['2021-11-15 19:42:23 +0100', '2021-11-15T18:42:23.000Z'],
		['21-04-2023 09:30', '2023-04-21T09:30:00.000Z'],
		['2024-02-29', '2024-02-29T00:00:00.000Z'],
	])('%s is read', (text, iso) => expect(isoOf(text)).toBe(iso));

	it.each([
		// In the form of the United States the thirteenth of May; read as the thirteenth month it was a day of the year after.
		'05-13-2023',
		'2023-13-05',
		'2023-00-05',
		'2023-02-31',
		'2023-04-21 11:75:00',
		'2023-04-21 24:00',
		'2023-04-21 11:16:99',
		'2023-04-21 11:16:57 +0199',
		'Unit 5',
		'007',
	])('%s is none, and never another day', (text) => expect(isoOf(text)).toBeUndefined());
});
