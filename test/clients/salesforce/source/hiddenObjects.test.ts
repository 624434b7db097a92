import { objectWithOptOuts } from '../../../../clients/salesforce/source/optOuts/optOutField';
import type { HttpPort, HttpReply } from '../../../../core/ports';
import { plainHttp } from '../../../support/http/plainHttp';
import { liveIds } from '../support/contactFollower';
import { FollowedOrg } from '../support/followedOrg';

const org = new FollowedOrg();
afterEach(org.end);

const OPT_OUT = 'HasOptedOutOfEmail';

/** The object that the user of the credential may not see at all. */
let hidden: 'Contact' | 'Lead' | undefined;

const fault = (status: number, errorCode: string, message: string): HttpReply => ({ kind: 'reply', status, headers: {}, body: [{ errorCode, message }] }); // prettier-ignore

/** Salesforce as it answers a user without any right on that object. */
function withoutRights(): HttpPort {
	const inner = plainHttp(org.salesforce.url, {});
	return {
		send: async (request) => {
			if (hidden === undefined) return await inner.send(request);
			const reads = (text: string): boolean => new RegExp(`FROM[ +]${hidden}\\b`).test(decodeURIComponent(text));
			if (request.path.includes(`/sobjects/${hidden}/`)) return fault(404, 'NOT_FOUND', 'The requested resource does not exist'); // prettier-ignore
			const unsupported = `sObject type '${hidden}' is not supported.`;
			if (reads(request.path)) return fault(400, 'INVALID_TYPE', unsupported);
			const parts = (request.body as { compositeRequest?: Array<{ url: string; referenceId: string }> } | undefined)?.compositeRequest; // prettier-ignore
			const reply = await inner.send(request);
			if (!parts || reply.kind !== 'reply') return reply;
			const { compositeResponse } = reply.body as { compositeResponse: Array<{ referenceId: string }> };
			const shown = compositeResponse.map((part) => {
				const asked = parts.find(({ referenceId }) => referenceId === part.referenceId);
				if (!asked || !reads(asked.url)) return part;
				return { ...part, httpStatusCode: 400, body: [{ errorCode: 'INVALID_TYPE', message: unsupported }] };
			});
			return { ...reply, body: { compositeResponse: shown } };
		},
	};
}

/** A trigger with the check of opt-outs that the node has. */
const follow = async (object: 'Contact' | 'Lead', convertedLeads: 'remove' | 'keep'): Promise<void> => {
	await org.start({ contacts: 4, leads: 4 });
	const reading = { object, convertedLeads, ignoresOptOuts: false };
	const definitions = async () =>
		await objectWithOptOuts(reading, async (name) => await org.follower.client().describe(name), []);
	org.follower.settings = { object, convertedLeads, definitions };
	org.follower.transport = withoutRights();
};

describe.each(['Contact', 'Lead'] as const)('number 14: the whole object %s hidden from the user', (object) => {
	afterEach(() => (hidden = undefined));

	it('promise 1: at the start the trigger is refused by name', async () => {
		await follow(object, 'remove');
		hidden = object;
		const { end, failure } = await org.follower.next();
		expect(end).toBe('failed');
		expect(failure).toMatchObject({ kind: 'stop', code: 'PERMISSION_MISSING' });
		expect(failure?.reason).toContain(`'${object}'`);
	});

	it('promises 1 and 2: later it stops the trigger and removes nothing, and what was set meanwhile is found', async () => {
		await follow(object, 'remove');
		await org.follower.firstSync();
		const [a = '', b = ''] = liveIds(org.salesforce, object);
		hidden = object;
		org.change(a, { [OPT_OUT]: true }, object);
		for (let poll = 0; poll < 30; poll++) {
			const { end, failure } = await org.follower.next(60 * 60_000);
			expect([end, failure?.code]).toEqual(['failed', 'PERMISSION_MISSING']);
		}
		expect(org.follower.take()).toEqual([]);
		org.change(b, { FirstName: 'Later' }, object);
		hidden = undefined;
		const after = await org.polls(4);
		expect(after.find(({ source }) => source.id === a)).toMatchObject({ optedOut: true });
		expect(new Set(after.map(({ source }) => source.id))).toEqual(new Set([a, b]));
		expect(after.every(({ change }) => change === 'updated' || change === 'optedOut')).toBe(true);
	});
});

describe('number 14: contacts hidden from the user of a sync of leads', () => {
	afterEach(() => (hidden = undefined));

	it('promise 1: a lead that stays on the list when it is converted waits until its contact can be seen', async () => {
		await follow('Lead', 'keep');
		await org.follower.firstSync();
		const [lead = ''] = liveIds(org.salesforce, 'Lead');
		hidden = 'Contact';
		const converted = org.do('convertLead', { id: lead }) as { contactId?: string } | undefined;
		const contact = converted?.contactId ?? String(org.salesforce.store.table('Lead').rows.get(lead)?.['ConvertedContactId']); // prettier-ignore
		org.change(contact, { [OPT_OUT]: true });
		const { end, failure } = await org.follower.next();
		expect([end, failure?.code]).toEqual(['failed', 'OPT_OUTS_HIDDEN']);
		expect(org.follower.take()).toEqual([]);
		hidden = undefined;
		const after = await org.polls(4);
		expect(after.find(({ source }) => source.id === lead)).toMatchObject({ optedOut: true });
	});

	it('promise 1: one that leaves the list goes on without', async () => {
		await follow('Lead', 'remove');
		await org.follower.firstSync();
		const [lead = ''] = liveIds(org.salesforce, 'Lead');
		hidden = 'Contact';
		org.do('convertLead', { id: lead });
		expect(await org.polls(3)).toMatchObject([{ source: { id: lead }, change: 'removed' }]);
	});
});
