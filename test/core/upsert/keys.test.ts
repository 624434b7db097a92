import type { Intent } from '../../../core/upsert/plan/collapse';
import type { HeldContact } from '../../../core/upsert/destination';
import { keysToWrite, keysWithout } from '../../../core/upsert/keys';

const key = (id: number, object = 'Contact'): string => `crm:1:${object}:${id}`;
const NONE: ReadonlySet<string> = new Set();

const intent = (more: Partial<Intent> = {}): Intent => ({
	key: key(1),
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
	...more,
});

const held = (more: Partial<HeldContact> = {}): HeldContact => ({
	id: '1',
	email: 'a@x.example',
	optedOut: false,

	onList: true,
	attributes: {},
	...more,
});

describe('the keys of a contact', () => {
	it.each([
		['a new contact', intent(), undefined, { sourceKey: key(1) }],
		['one of another tool', intent(), held({ sourceKey: 'shop-7' }), { otherKeys: [key(1)] }],
		[
			'one that another record has made',
			intent(),
			held({ sourceKey: key(2) }),
			{ sourceKey: key(1), otherKeys: [key(2)] },
		],
		['the same, off the list', intent(), held({ sourceKey: key(2), onList: false }), { sourceKey: key(1) }],
		[
			'the same, off the list by its own wish',
			intent({ contact: { attributes: {} } }),
			held({ sourceKey: key(2), otherKeys: [key(1)], onList: false, unsubscribedFromList: true }),
			{},
		],
		[
			'the same, with unique addresses',
			intent({ uniqueEmails: true }),
			held({ sourceKey: key(2) }),
			{ sourceKey: key(1) },
		],
		[
			'one that another record has made, blocked and off the list',
			intent(),
			held({ sourceKey: key(2), onList: false, optedOut: true }),
			{ sourceKey: key(1), otherKeys: [key(2), `was ${key(2)}`] },
		],
		[
			'the same, with unique addresses',
			intent({ uniqueEmails: true }),
			held({ sourceKey: key(2), onList: false, optedOut: true }),
			{ sourceKey: key(1), otherKeys: [key(2), `was ${key(2)}`] },
		],
		[
			'the same, on the list',
			intent({ uniqueEmails: true }),
			held({ sourceKey: key(2), optedOut: true }),
			{ sourceKey: key(1) },
		],
		[
			'one whose record comes back to it',
			intent(),
			held({ sourceKey: key(2), otherKeys: [key(1), `was ${key(1)}`], optedOut: true }),
			{ otherKeys: [key(1)] },
		],
		[
			'one that was the contact of another record, once it is on the list',
			intent(),
			held({ sourceKey: key(1), otherKeys: [key(2), `was ${key(2)}`], optedOut: true }),
			{},
		],
		[
			'one that other records have, without its address',
			intent({ contact: { attributes: {} } }),
			held({ sourceKey: key(1), otherKeys: [key(2)] }),
			{},
		],
		['one that has both keys', intent(), held({ sourceKey: key(2), otherKeys: [key(1)] }), {}],
		['a merged record', intent({ formerKeys: [key(2)] }), held({ sourceKey: key(2) }), { sourceKey: key(1) }],
		[
			'a converted lead',
			intent({ convertedTo: key(9) }),
			held({ sourceKey: key(1), otherKeys: [key(9)] }),
			{ sourceKey: key(9), otherKeys: [] },
		],
	])('%s', (_name, one, contact, written) => {
		expect(keysToWrite(one, contact, NONE, true)).toEqual({ sourceKey: undefined, otherKeys: undefined, ...written });
	});

	it('go without the one of a record that leaves, and another takes its place', () => {
		const shared = held({ sourceKey: key(1), otherKeys: ['shop-7', key(2)] });
		expect(keysWithout(shared, new Set([key(1)]))).toEqual({ sourceKey: key(2), otherKeys: ['shop-7'] });
		expect(keysWithout(shared, new Set([key(2)]))).toEqual({ otherKeys: ['shop-7'] });
	});

	it('go with their notes, and one that is noted takes no place', () => {
		const taken = held({ sourceKey: key(1), otherKeys: [key(2), `was ${key(2)}`] });
		expect(keysWithout(taken, new Set([key(2)]))).toEqual({ otherKeys: [] });
		expect(keysWithout(taken, new Set([key(1)]))).toEqual({ sourceKey: undefined, otherKeys: undefined });
	});

	it('stay one where the destination keeps no more', () => {
		expect(keysToWrite(intent(), held({ sourceKey: 'shop-7' }), NONE, false)).toEqual({ sourceKey: undefined });
	});
});
