import { newAccount, statusCounts } from '../../../../support/brevoAccount';
import { mappedCrowd } from '../../../../support/mappedContacts';
import { told } from '../../support/brevoSandbox';
import { useSteppedBrevo } from '../../support/steppedBrevo';

const stepped = useSteppedBrevo();

const IMPORT = /^POST \/contacts\/import/;
const LOOK = /^GET \/processes/;
const SEVENTH = 'person7@crowd.example';
const crowd = mappedCrowd(35);
const imports = () => stepped.counts()['POST /contacts/import'];

/** The import was taken and carried out, and its answer got lost. */
const loseAnswer = (times = 1): void =>
	stepped.brevo.faults.next('POST /contacts/import', { kind: 'afterWork', status: 502, times });

/** Right after Brevo said that no import runs: what was carried out is there. */
const afterLook = (act: () => void): void =>
	stepped.once('after', IMPORT, () => {
		stepped.brevo.clock.advance(5_000);
		stepped.once('after', LOOK, act);
	});

const holdCrowd = (): void => {
	for (const { key, contact } of crowd) stepped.hold(contact.email ?? '', { extId: key });
};

describe('finding 7: an import whose answer got lost is not sent again as it was', () => {
	it('where it was carried out, and a new contact unsubscribed from the list since', async () => {
		loseAnswer();
		afterLook(() => stepped.leaveList(SEVENTH));
		const report = await stepped.run(crowd);
		expect(report.failure).toBeUndefined();
		expect(told(report)[6]).toBe('created listIds:LIST_UNSUBSCRIBED');
		expect(statusCounts(report)).toEqual({ created: 35 });
		expect([imports(), stepped.isOnList(SEVENTH)]).toEqual([1, false]);
		expect(stepped.counts()['PUT /contacts/:id']).toBeUndefined();
	});

	it('where it was carried out, and a known contact that joined with it unsubscribed since', async () => {
		holdCrowd();
		loseAnswer();
		afterLook(() => stepped.leaveList(SEVENTH));
		const report = await stepped.run(crowd);
		expect(report.failure).toBeUndefined();
		expect(statusCounts(report)).toEqual({ updated: 35 });
		expect(stepped.isOnList(SEVENTH)).toBe(false);
	});

	it('where it was not carried out, and a contact of it was made in Brevo and left since', async () => {
		stepped.brevo.faults.next('POST /contacts/import', { status: 502 });
		afterLook(() => {
			stepped.hold(SEVENTH);
			stepped.change(SEVENTH, { attributes: { NOTES: 'By hand' } });
			stepped.leaveList(SEVENTH);
		});
		const report = await stepped.run(crowd);
		expect(report.failure).toBeUndefined();
		expect(told(report)[6]).toBe('created listIds:LIST_UNSUBSCRIBED');
		expect(statusCounts(report)).toEqual({ created: 35 });
		expect([imports(), stepped.isOnList(SEVENTH)]).toEqual([2, false]);
	});

	it('where Brevo refused it for the number of calls, and a contact of it was made in Brevo and left since', async () => {
		const headers = { 'x-sib-ratelimit-reset': '30' };
		stepped.brevo.faults.next('POST /contacts/import', { status: 429, headers });
		stepped.once('after', IMPORT, () => {
			stepped.hold(SEVENTH);
			stepped.change(SEVENTH, { attributes: { NOTES: 'By hand' } });
			stepped.leaveList(SEVENTH);
		});
		const report = await stepped.run(crowd);
		expect(report.failure).toBeUndefined();
		expect(told(report)[6]).toBe('created listIds:LIST_UNSUBSCRIBED');
		expect([imports(), stepped.isOnList(SEVENTH)]).toEqual([2, false]);
	});

	it('and neither is a single write that puts a contact on the list', async () => {
		const [one] = mappedCrowd(1);
		if (!one) return;
		stepped.hold(one.contact.email ?? '', { extId: one.key });
		stepped.brevo.faults.next('PUT /contacts/:id', { kind: 'afterWork', status: 502 });
		stepped.once('after', /^PUT \/contacts\//, () => stepped.leaveList(one.contact.email ?? ''));
		const report = await stepped.run([one], { account: newAccount() });
		expect(told(report)).toEqual(['updated listIds:LIST_UNSUBSCRIBED']);
		expect(stepped.isOnList(one.contact.email ?? '')).toBe(false);
	});
});
