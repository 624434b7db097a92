import { readContactChange } from '../../../core/contact/readContactChange';
import { readMappedContact } from '../../../core/contact/readMappedContact';
import { relationsOf } from '../../../core/contact/relations';
import { mapped } from '../../support/mappedContacts';

describe('keys of other records, and lists somebody is still in', () => {
	it('are read as lists of texts, each once; anything else is none', () => {
		expect(relationsOf({ mergedFrom: ['a:1:c:2', 'a:1:c:3', 'a:1:c:2', '', 7], stillIn: ['102'] })).toEqual({
			mergedFrom: ['a:1:c:2', 'a:1:c:3'],
			stillIn: ['102'],
		});
		for (const value of [undefined, null, 'a:1:c:2', [], [''], [7], { 0: 'a:1:c:2' }])
			expect(relationsOf({ mergedFrom: value, stillIn: value })).toEqual({});
		for (const value of [undefined, null, '', ' ', 7, ['a:1:c:2']])
			expect(relationsOf({ convertedTo: value })).toEqual({});
	});

	it('travel through both readings', () => {
		const lists = {
			mergedFrom: ['hubspot:1:contact:2'],
			convertedTo: 'salesforce:1:Contact:9',
			stillIn: ['102'],
		};
		expect(readContactChange({ key: 'hubspot:1:contact:1', fields: {}, ...lists }, 0)).toMatchObject({
			contact: lists,
		});
		expect(readMappedContact({ ...mapped(1, {}), ...lists })).toMatchObject(lists);
	});
});
