import { readContactChange } from '../../../core/contact/readContactChange';
import { readMappedContact } from '../../../core/contact/readMappedContact';
import { textListsOf } from '../../../core/contact/textLists';
import { mapped } from '../../support/mappedContacts';

describe('keys of merged records, and lists somebody is still in', () => {
	it('are read as lists of texts, each once; anything else is none', () => {
		expect(textListsOf({ mergedFrom: ['a:1:c:2', 'a:1:c:3', 'a:1:c:2', '', 7], stillIn: ['102'] })).toEqual({
			mergedFrom: ['a:1:c:2', 'a:1:c:3'],
			stillIn: ['102'],
		});
		for (const value of [undefined, null, 'a:1:c:2', [], [''], [7], { 0: 'a:1:c:2' }])
			expect(textListsOf({ mergedFrom: value, stillIn: value })).toEqual({});
	});

	it('travel through both readings', () => {
		const lists = { mergedFrom: ['hubspot:1:contact:2'], stillIn: ['102'] };
		expect(readContactChange({ key: 'hubspot:1:contact:1', fields: {}, ...lists }, 0)).toMatchObject({
			contact: lists,
		});
		expect(readMappedContact({ ...mapped(1, {}), ...lists })).toMatchObject(lists);
	});
});
