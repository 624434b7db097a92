import type { IDataObject } from 'n8n-workflow';
import { inTableOrder } from '../../../../nodes/shared/records/tableOrder';

it('an item leads with what became of which contact, and ends with where it came from (#12)', () => {
	const item = { key: 'k', change: 'added', source: {}, changedAt: 't', stillIn: [], fields: { city: 'X' }, delivery: {}, outcome: {}, optedOut: false }; // prettier-ignore
	expect(Object.keys(inTableOrder(item))).toEqual(
		['outcome', 'fields', 'change', 'optedOut', 'stillIn', 'key', 'changedAt', 'source', 'delivery'], // prettier-ignore
	);
	expect(inTableOrder(item)).toEqual(item);
});

it('keeps fields of any name', () => {
	const named = JSON.parse('{"outcome":{},"__proto__":"kept","constructor":"kept","toString":"kept"}') as IDataObject;
	expect(Object.entries(inTableOrder(named))).toEqual(Object.entries(named));
});
