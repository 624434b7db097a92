// What the buttons of Salesforce do: operations of its control API (sandbox/salesforce/README.md).
import { showOptions } from './tables.js';

const MOVED = 10;
let counter = 0;

/** The bodies of `POST /_sandbox/do` for a button. `object`: Contact or Lead; `contacts`: the records that are shown. */
export function operationsOf(button, object, values, contacts) {
	if (button !== 'moveTen') return [operationOf(button, object, values)];
	const unique = Date.now().toString(36);
	const moved = (index) => ({ Email: `moved.${unique}.${index}@example.org` });
	return contacts.slice(0, MOVED).map(({ id }, index) => ({ op: 'changeRecord', object, id, values: moved(index) }));
}

function operationOf(button, object, values) {
	const { record: id = '', otherRecord = '', recordField, recordValue, campaign = '' } = values;
	const change = (given) => ({ op: 'changeRecord', object, id, values: given });
	switch (button) {
		case 'add': {
			const unique = `${Date.now().toString(36)}${(counter += 1)}`;
			const person = { FirstName: 'Visitor', LastName: `No. ${counter}`, Email: `visitor.${unique}@example.com` };
			return { op: 'addRecord', object, values: object === 'Lead' ? { ...person, Company: 'Walk-in' } : person };
		}
		case 'edit':
			return change({ [recordField]: recordValue });
		case 'touch':
			return change({ Description: `Looked at ${new Date().toISOString()}` });
		case 'optOut':
			return change({ HasOptedOutOfEmail: true });
		case 'delete':
			return { op: 'deleteRecord', object, id };
		case 'convert':
			return { op: 'convertLead', id };
		case 'merge':
			return { op: 'merge', object, masterId: id, loserIds: [otherRecord] };
		default:
			return { op: button === 'join' ? 'addToCampaign' : 'removeFromCampaign', campaign, object, ids: [id] };
	}
}

/** Campaigns are the lists of the source other than all records. */
export function showCampaigns(form, lists) {
	const campaigns = lists.filter(({ id }) => id !== 'all');
	showOptions(
		form.elements.campaign,
		campaigns.map(({ id, name }) => [id, name]),
	);
}
