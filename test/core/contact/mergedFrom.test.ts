import { mergedFromOf } from '../../../core/contact/mergedFrom';
import { readContactChange } from '../../../core/contact/readContactChange';
import { readMappedContact } from '../../../core/contact/readMappedContact';
import { mapped } from '../../support/mappedContacts';

describe('keys of merged records', () => {
	it('are read as a list of keys, each once; anything else is none', () => {
		expect(mergedFromOf(['a:1:c:2', 'a:1:c:3', 'a:1:c:2', '', 7])).toEqual({ mergedFrom: ['a:1:c:2', 'a:1:c:3'] });
		for (const value of [undefined, null, 'a:1:c:2', [], [''], [7], { 0: 'a:1:c:2' }])
			expect(mergedFromOf(value)).toEqual({});
	});

	it('travel through both readings', () => {
		const mergedFrom = ['hubspot:1:contact:2'];
		expect(readContactChange({ key: 'hubspot:1:contact:1', fields: {}, mergedFrom }, 0)).toMatchObject({
			contact: { mergedFrom },
		});
		expect(readMappedContact({ ...mapped(1, {}), mergedFrom })).toMatchObject({ mergedFrom });
	});
});
