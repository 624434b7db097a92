import { startSalesforce, type RunningSalesforce } from '../../../sandbox/salesforce';
import { callsTo, record, type Answer, type Body, type Calls } from './salesforceCalls';

let salesforce: RunningSalesforce;
let call: Calls;
beforeAll(async () => {
	salesforce = await startSalesforce({ contacts: 60, leads: 20 });
	call = callsTo(salesforce);
});
afterAll(() => salesforce.close());
beforeEach(() => salesforce.reset());

const contact = (values: object) => record('Contact', values);
const create = (records: object[]): Promise<Answer> => call('POST', '/composite/sobjects', { records });
const codes = ({ body }: Answer): string[] =>
	body.map((row) => (row.success === true ? 'ok' : (row.errors[0].statusCode as string)));
const contacts = async (): Promise<number> =>
	(await call.query('SELECT COUNT() FROM Contact')).body.totalSize as number;

describe('campaign members', () => {
	it('one per person and campaign, of a contact or a lead, with a status of the campaign', async () => {
		const { newsletter: CampaignId } = salesforce.ids.campaigns;
		const fresh = (await create([contact({ LastName: 'M' })])).body[0].id as string;
		const member = (values: object) => record('CampaignMember', { CampaignId, ...values });
		const added = await create([member({ ContactId: fresh }), member({ ContactId: fresh }), member({}), record('CampaignMember', { ContactId: fresh })]); // prettier-ignore
		expect(codes(added)).toEqual(['ok', 'DUPLICATE_VALUE', 'REQUIRED_FIELD_MISSING', 'REQUIRED_FIELD_MISSING']);
		expect(added.body[1].errors[0].message).toBe('Already a campaign member.');
		const shown = await call.query(
			`SELECT Status, HasResponded, LastName, Contact.Name FROM CampaignMember WHERE ContactId = '${fresh}'`,
		);
		expect(shown.body.records[0]).toMatchObject({
			Status: 'Sent',
			HasResponded: false,
			LastName: 'M',
			Contact: { Name: 'M' },
		});
		const { body } = await call.query(
			'SELECT Id FROM Contact WHERE Id NOT IN (SELECT ContactId FROM CampaignMember) LIMIT 3',
		);
		const [a, b, c] = body.records.map(({ Id }: Body) => Id as string);
		const withStatus = async (ContactId: string | undefined) => {
			const answer = await create([member({ ContactId, Status: 'Elsewhere' })]);
			return codes(answer)[0] === 'ok' ? ((await call.query(`SELECT Status FROM CampaignMember WHERE ContactId = '${String(ContactId)}'`)).body.records[0].Status as string) : codes(answer)[0]; // prettier-ignore
		};
		expect(await withStatus(a)).toBe('Sent');
		salesforce.settings.unknownMemberStatus = 'accept';
		expect(await withStatus(b)).toBe('Elsewhere');
		salesforce.settings.unknownMemberStatus = 'refuse';
		expect(await withStatus(c)).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
		salesforce.settings.userMayEditCampaigns = false;
		expect(codes(await create([member({ ContactId: a })]))).toEqual(['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY']);
	});
});

describe('composite', () => {
	const sub = (method: string, url: string, referenceId: string, body?: object) => ({ method, url: `/services/data/v66.0${url}`, referenceId, ...(body && { body }) }); // prettier-ignore

	it('is one call, with references between its parts, all or none', async () => {
		const used = salesforce.limits.used();
		const answer = await call('POST', '/composite', {
			compositeRequest: [
				sub('POST', '/sobjects/Account', 'acc', { Name: 'New' }),
				sub('POST', '/sobjects/Contact', 'con', { LastName: 'Of New', AccountId: '@{acc.id}' }),
				sub('GET', '/sobjects/Contact/@{con.id}?fields=AccountId', 'read'),
			],
		});
		expect(salesforce.limits.used()).toBe(used + 1);
		const [account, , read] = answer.body.compositeResponse;
		expect(read.body.AccountId).toBe(account.body.id);
		const before = await contacts();
		const undone = await call('POST', '/composite', { allOrNone: true, compositeRequest: [sub('POST', '/sobjects/Contact', 'a', { LastName: 'A' }), sub('POST', '/sobjects/Contact', 'b', {})] }); // prettier-ignore
		expect(undone.body.compositeResponse.map((part: Body) => part.body[0].errorCode as string)).toEqual([
			'PROCESSING_HALTED',
			'REQUIRED_FIELD_MISSING',
		]);
		expect(await contacts()).toBe(before);
	});

	it('takes 25 parts, five of them queries; a batch counts each part', async () => {
		const parts = (count: number, url: string) => Array.from({ length: count }, (_, n) => sub('GET', url, `r${n}`));
		expect((await call('POST', '/composite', { compositeRequest: parts(26, '/sobjects/Contact') })).status).toBe(400);
		expect(
			(await call('POST', '/composite', { compositeRequest: parts(6, '/query?q=SELECT+Id+FROM+Contact+LIMIT+1') }))
				.status,
		).toBe(400);
		const used = salesforce.limits.used();
		const batchRequests = [
			{ method: 'GET', url: 'v66.0/sobjects/Contact' },
			{ method: 'GET', url: 'v66.0/nothing' },
		];
		const { body } = await call('POST', '/composite/batch', { batchRequests });
		expect(body).toMatchObject({ hasErrors: true, results: [{ statusCode: 200 }, { statusCode: 404 }] });
		expect(salesforce.limits.used()).toBe(used + 2);
	});
});
