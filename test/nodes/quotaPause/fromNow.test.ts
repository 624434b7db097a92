import { setTimeout as pause } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { ASKED, mockTime, namesIn, QuotaSync } from './quotaSync';

const FROM_NOW = { firstSync: 'fromNow' };

let sync: QuotaSync;
beforeAll(mockTime);
beforeEach(async () => {
	sync = await QuotaSync.start('salesforce', 'own');
	await sync.useUp();
});
afterEach(async () => await sync.close());
// A poll looks every half second whether its run has ended; with the real time back, such a look would last on.
afterAll(async () => await pause(600));

const polls = async (count: number, parameters: IDataObject = FROM_NOW): Promise<unknown[]> => {
	const outcomes = [];
	for (let poll = 0; poll < count; poll++) outcomes.push(await sync.poll(parameters));
	return namesIn(...outcomes);
};

describe('HB-19, SB-15: a sync of changes from now on that is published while the quota is used up', () => {
	it('hands on what changes from then on, once the pause is over, and nobody else', async () => {
		expect(await polls(1)).toEqual([]);
		sync.source.add('Newcomer');
		sync.source.rename(3, 'Renamed');
		expect(await polls(30)).toEqual([]);
		sync.edit({ limit: 200 });
		expect((await polls(3)).sort()).toEqual(['Newcomer', 'Renamed']);
	});

	it('costs no call of the source after that', async () => {
		await polls(2);
		sync.forgetCalls();
		await polls(2);
		expect(sync.calls).toEqual({ source: 0, n8n: [ASKED, ASKED] });
	});

	it('begins anew with other records that are chosen during the pause', async () => {
		await polls(1);
		const others = {
			...FROM_NOW,
			scope: 'conditions',
			conditions: { row: [{ field: 'LastName', operator: 'startsWith', value: 'New' }] },
		};
		await polls(1, others);
		sync.source.add('Newcomer');
		expect(await polls(30, others)).toEqual([]);
		sync.edit({ limit: 200 });
		expect(await polls(3, others)).toEqual(['Newcomer']);
	});
});
