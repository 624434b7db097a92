import type { HeldContact } from '../../../core/upsert/destination';
import { sharersOnList, withListNotes } from '../../../core/upsert/listNotes';
import type { Intent } from '../../../core/upsert/plan/collapse';

const CONTACT = 'crm:1:Contact:1';
const SECOND_CONTACT = 'crm:1:Contact:2';
const LEAD = 'crm:1:Lead:7';
const NOTE = 'list 4 crm:1:Lead';
const NONE: ReadonlySet<string> = new Set();

const of = (key: string): Intent => ({
	key,
	position: 0,
	leaving: false,
	deleted: false,
	contact: { email: 'a@x.example', attributes: {} },
	previousEmails: [],
	otherEmails: [],
	formerKeys: [],
	sharedKeys: [],
	doubles: [],
	unusable: [],
	uniqueEmails: false,
	joins: false,
	firstSync: false,
	stillIn: [],
	optedOut: false,
});

const held = (onList: boolean, sourceKey: string, ...otherKeys: string[]): HeldContact => ({
	id: '1',
	email: 'a@x.example',
	sourceKey,
	otherKeys,
	optedOut: false,
	onList,
	attributes: {},
});

/** Those of the contact once a record is on a list. */
const keysOn = (list: string, key: string, contact: HeldContact): readonly string[] => {
	const otherKeys = [...new Set([...(contact.otherKeys ?? []), key])].filter((other) => other !== contact.sourceKey);
	return withListNotes({ otherKeys }, of(key), contact, NONE, list).otherKeys ?? otherKeys;
};

describe('which list a contact is on for a contact and for a lead with one address', () => {
	it.each([
		['the second one puts it on its own list', '4', LEAD, held(false, CONTACT), [LEAD, NOTE]],
		['the second one finds it on the list of both', '4', LEAD, held(true, CONTACT), [LEAD]],
		['another contact comes to the one that is there', '3', SECOND_CONTACT, held(false, CONTACT), [SECOND_CONTACT]],
		['a lead comes to it that is on the list for leads', '4', 'crm:1:Lead:8', held(true, CONTACT, LEAD, NOTE), [LEAD, 'crm:1:Lead:8', NOTE]], // prettier-ignore
		['the contact comes to the list of the leads as well', '4', CONTACT, held(true, CONTACT, LEAD, NOTE), [LEAD]],
		['the lead comes to the list of the contacts as well', '3', LEAD, held(true, CONTACT, LEAD, NOTE), [LEAD]],
		['the contact is written again', '3', CONTACT, held(true, CONTACT, LEAD, NOTE), [LEAD, NOTE]],
		['the lead has left', '3', CONTACT, held(true, CONTACT, NOTE), []],
		['it unsubscribed from the list', '4', LEAD, { ...held(false, CONTACT), unsubscribedFromList: true }, [LEAD]],
	])('is noted: %s', (_name, list, key, contact, keys) => {
		expect(keysOn(list, key, contact)).toEqual(keys);
	});

	it('is noted: the contact of a converted lead puts it on its list first', () => {
		const converted = { ...of(CONTACT), formerKeys: [LEAD] };
		const write = withListNotes({ otherKeys: [CONTACT] }, converted, held(false, LEAD), NONE, '3');
		expect(write.otherKeys).toEqual([CONTACT, 'list 3 crm:1:Contact']);
	});

	it.each([
		['the lead leaves its own list', '4', LEAD, held(true, CONTACT, LEAD, NOTE), []],
		['the contact leaves its own list', '3', CONTACT, held(true, CONTACT, LEAD, NOTE), []],
		['a contact leaves, another one stays', '3', CONTACT, held(true, CONTACT, SECOND_CONTACT, LEAD, NOTE), [SECOND_CONTACT]], // prettier-ignore
		['the lead leaves the list of both', '3', LEAD, held(true, CONTACT, LEAD), [CONTACT]],
		['the contact leaves the list of both', '3', CONTACT, held(true, CONTACT, LEAD), [LEAD]],
		[
			'the lead was converted, and its contact is on another list',
			'4',
			LEAD,
			held(true, LEAD, CONTACT, 'list 3 crm:1:Contact'),
			[],
		],
		[
			'the lead was converted, and its contact is on the same list',
			'4',
			LEAD,
			held(true, LEAD, CONTACT, 'list 4 crm:1:Contact'),
			[CONTACT],
		],
	])('counts: %s', (_name, list, key, contact, sharers) => {
		const lead = { ...of(key), ...(contact.sourceKey === LEAD ? { convertedTo: CONTACT } : {}) };
		expect(sharersOnList(contact, lead, NONE, list)).toEqual(sharers);
	});
});
