import { compareHoldings } from '../../demo/truth/compare';
import {
	type FormerMember,
	type HeldContact,
	type SourceContact,
	type SyncRules,
	expectedContacts,
	hubSpotKey,
} from '../../demo/truth/expected';

const rules: SyncRules = {
	keyOf: (id) => hubSpotKey('42', id),
	mapping: { EMAIL: 'email', SMS: 'phone', FIRSTNAME: 'firstname', BIRTHDAY: 'born', STAGE: 'stage' },
	attributes: {
		FIRSTNAME: { kind: 'text', choices: [] },
		BIRTHDAY: { kind: 'date', choices: [] },
		STAGE: { kind: 'category', choices: [{ value: '2', label: 'Lead' }] },
	},
	fieldChoices: { stage: [{ value: 'l', label: 'Lead' }] },
	badPhoneExcludes: true,
};

const member = (id: string, properties: SourceContact['properties'], optedOut = false): SourceContact => ({
	id,
	properties,
	optedOut,
});

const held = (id: number, rest: Partial<HeldContact> = {}): HeldContact => ({
	id,
	attributes: {},
	emailBlocked: false,
	smsBlocked: false,
	onList: true,
	...rest,
});

describe('expectedContacts', () => {
	const reasonOf = (properties: SourceContact['properties']) =>
		expectedContacts([member('7', properties)], rules).excluded[hubSpotKey('42', '7')];

	it.each([
		['+12345', 'PHONE_INVALID'],
		['+123456', undefined],
		['+1234567890123456', undefined],
		['+12345678901234567', 'PHONE_INVALID'],
	])('HB-25: a phone %s is excluded with %s', (phone, reason) => {
		expect(reasonOf({ email: 'a@example.com', phone })).toBe(reason);
	});

	it('without the rule HB-25 only a contact without an address is excluded for its phone', () => {
		const lenient = { ...rules, badPhoneExcludes: false };
		const told = [{ email: 'a@example.com', phone: '12345' }, { phone: '12345' }].map((properties) =>
			expectedContacts([member('7', properties)], lenient),
		);
		expect(told[0]?.contacts[0]).not.toHaveProperty('phone');
		expect(told[1]?.excluded).toEqual({ [hubSpotKey('42', '7')]: 'PHONE_INVALID' });
	});

	it('an opted-out contact goes on without a phone that cannot be used, so that the opt-out gets there', () => {
		const { contacts, excluded } = expectedContacts(
			[member('7', { email: 'a@example.com', phone: '123' }, true)],
			rules,
		);
		expect([contacts, excluded]).toEqual([
			[{ key: hubSpotKey('42', '7'), formerKeys: [], email: 'a@example.com', attributes: {}, optedOut: true }],
			{},
		]);
	});

	it('an opted-out contact goes on without an address that cannot be used, and is excluded when nothing is left', () => {
		const optedOut = (phone: string) => expectedContacts([member('7', { email: 'a@', phone }, true)], rules);
		expect(optedOut('+123456').contacts).toEqual([
			{ key: hubSpotKey('42', '7'), formerKeys: [], phone: '123456', attributes: {}, optedOut: true },
		]);
		expect(optedOut('').excluded).toEqual({ [hubSpotKey('42', '7')]: 'NO_IDENTIFIER' });
	});

	it.each(['', '  ', null, undefined])('HB-11: a contact with neither e-mail (%j) nor phone is excluded', (email) => {
		expect(reasonOf({ email })).toBe('NO_IDENTIFIER');
	});

	it.each(['a@', 'a b@example.com', '@example.com', 'a@example', 'a@@example.com', 'a..b@example.com'])(
		'a malformed e-mail %s is excluded',
		(email) => {
			expect(reasonOf({ email })).toBe('EMAIL_MALFORMED');
		},
	);

	it('lowers the e-mail, keeps the digits of the phone, cuts a date to its day and leaves empty values out', () => {
		const [contact] = expectedContacts(
			[
				member('7', {
					email: ' A@Example.COM ',
					phone: '+49 151 / 23-45',
					firstname: '',
					born: '1990-02-03T00:00:00Z',
					stage: 'l',
				}),
			],
			rules,
		).contacts;
		expect(contact).toEqual({
			key: 'hubspot:42:contact:7',
			formerKeys: [],
			email: 'a@example.com',
			phone: '491512345',
			attributes: { BIRTHDAY: '1990-02-03', STAGE: '2' },
			optedOut: false,
		});
	});
});

describe('compareHoldings', () => {
	const key = hubSpotKey('42', '7');
	const expectation = expectedContacts([member('7', { email: 'a@example.com', firstname: 'Ann' })], rules);
	const good = held(1, { extId: key, email: 'a@example.com', attributes: { FIRSTNAME: 'Ann' } });
	const texts = (before: HeldContact[], after: HeldContact[], wanted = expectation) =>
		compareHoldings(wanted, before, after).map(({ what }) => what);

	it('finds nothing where all is as it should be', () => {
		expect(texts([], [good])).toEqual([]);
		expect(
			texts(
				[held(1, { email: 'a@example.com', onList: false, attributes: { CITY: 'Bern' } })],
				[{ ...good, attributes: { CITY: 'Bern', FIRSTNAME: 'Ann' } }],
			),
		).toEqual([]);
	});

	it.each<[string, HeldContact[], HeldContact[]]>([
		['is missing in Brevo', [], []],
		['the attribute FIRSTNAME differs', [], [{ ...good, attributes: { FIRSTNAME: 'Anne' } }]],
		['the attribute CITY differs', [held(1, { email: 'a@example.com', attributes: { CITY: 'Bern' } })], [good]],
		['the e-mail differs', [], [{ ...good, email: 'b@example.com' }]],
		['the external id differs', [held(1, { email: 'a@example.com' })], [{ ...good, extId: undefined }]],
		['the external id differs', [held(1, { email: 'a@example.com', extId: 'webshop:1' })], [good]],
		['the phone differs', [], [{ ...good, phone: '123456' }]],
		['is not on the destination list', [], [{ ...good, onList: false }]],
		['is blocked without a reason', [], [{ ...good, emailBlocked: true }]],
		['was unsubscribed and is mailable now', [held(1, { email: 'a@example.com', emailBlocked: true })], [good]],
		['was unsubscribed from SMS and is not now', [held(1, { email: 'a@example.com', smsBlocked: true })], [good]],
		[
			'is a second contact beside Brevo contact 9',
			[held(9, { email: 'a@example.com' })],
			[held(9, { email: 'a@example.com' }), good],
		],
		['should not exist', [], [good, held(2)]],
		['is gone', [held(3)], [good]],
		['was changed although it should have been left alone', [held(3)], [good, held(3, { onList: false })]],
	])('finds: %s', (what, before, after) => {
		expect(texts(before, after)).toContain(what);
	});

	it('is content with a contact without the number that another contact of Brevo has', () => {
		const wanted = expectedContacts(
			[member('7', { email: 'a@example.com', firstname: 'Ann', phone: '+123456' })],
			rules,
		);
		const owner = held(5, { phone: '123456', email: 'o@example.com' });
		expect(texts([owner], [owner, good], wanted)).toEqual([]);
		expect(texts([], [good], wanted)).toEqual(['the phone differs']);
	});

	it.each<[string, Partial<FormerMember>, Partial<HeldContact>, string[]]>([
		['left and is off the list', {}, { onList: false }, []],
		['left', {}, {}, ['left the source list and is still on the Brevo list']],
		['was deleted', { how: 'deleted' }, {}, ['left the source list and is still on the Brevo list']],
		[
			'left and was deleted in Brevo as well',
			{},
			{ extId: undefined, email: 'other@example.com', id: 2 },
			['should not exist', 'is gone'],
		],
		[
			'unsubscribed and left',
			{ optedOut: true },
			{ onList: false },
			['opted out in the source, left, and is mailable in Brevo'],
		],
		['unsubscribed, left and is blocked', { optedOut: true }, { onList: false, emailBlocked: true }, []],
		['unsubscribed and was deleted', { optedOut: true, how: 'deleted' }, { onList: false }, []],
	])('knows somebody who %s', (_what, how, now, found) => {
		const former: FormerMember = { id: '7', email: 'a@example.com', how: 'left', optedOut: false, ...how };
		expect(texts([good], [{ ...good, ...now }], expectedContacts([], rules, [former]))).toEqual(found);
	});

	it('leaves it to another sync whether somebody with its key stays on the list, but not whether an opt-out is carried', () => {
		const theirs = { ...good, extId: hubSpotKey('other account', '1') };
		const former: FormerMember = { id: '7', email: 'a@example.com', how: 'left', optedOut: false };
		expect(texts([theirs], [theirs], expectedContacts([], rules, [former]))).toEqual([]);
		expect(texts([theirs], [theirs], expectedContacts([], rules, [{ ...former, optedOut: true }]))).toEqual([
			'opted out in the source, left, and is mailable in Brevo',
		]);
		const tools = { ...good, extId: 'webshop:1' };
		expect(texts([tools], [tools], expectedContacts([], rules, [former]))).toEqual([
			'left the source list and is still on the Brevo list',
		]);
	});

	it('knows a record that two were merged into by their keys: one contact with the new key, the other off the list', () => {
		const survivor = { ...member('9', { email: 'a@example.com', firstname: 'Ann' }), mergedIds: ['7', '8'] };
		const former = ['7', '8'].map((id): FormerMember => ({ id, how: 'merged', optedOut: false }));
		const wanted = expectedContacts([survivor], rules, former);
		const other = held(2, { extId: hubSpotKey('42', '8'), email: 'b@example.com' });
		const left = { ...other, onList: false };
		expect(texts([good, other], [{ ...good, extId: hubSpotKey('42', '9') }, left], wanted)).toEqual([]);
		expect(texts([good, other], [good, left], wanted)).toEqual(['the external id differs']);
		expect(texts([good, other], [{ ...good, extId: hubSpotKey('42', '9') }, other], wanted)).toEqual([
			'left the source list and is still on the Brevo list',
		]);
		const second = held(3, { extId: hubSpotKey('42', '9'), email: 'a@example.com', attributes: { FIRSTNAME: 'Ann' } });
		expect(texts([good, other], [{ ...good, email: 'c@example.com' }, second, left], wanted)).toContain(
			'is a second contact beside Brevo contact 1',
		);
	});

	it('HB-25: finds an excluded contact that was sent', () => {
		const excluded = expectedContacts([member('7', { email: 'a@example.com', phone: '12345' })], rules);
		expect(texts([], [good], excluded)).toContain('is in Brevo although it should be excluded (PHONE_INVALID)');
	});

	it('finds an opt-out of HubSpot that Brevo does not block, and is content with a block', () => {
		const optedOut = expectedContacts([member('7', { email: 'a@example.com', firstname: 'Ann' }, true)], rules);
		expect(texts([], [good], optedOut)).toEqual(['opted out in the source and is mailable in Brevo']);
		expect(texts([], [{ ...good, emailBlocked: true }], optedOut)).toEqual([]);
	});
});
