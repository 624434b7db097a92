import type { ChangeSource } from '../../../core/polling/changeSource';
import { ok } from '../../../core/result';
import { askedFirst } from '../../../core/polling/askedFirst';
import { checkedAtStart } from '../../../core/polling/checkedAtStart';
import { Host } from '../../core/polling/host';

/** Both wrappers that a trigger puts around its source, as `pollContacts` does. */
const wrapped = (source: ChangeSource<number>, isUsedUp: () => boolean): ChangeSource<number> =>
	askedFirst(
		checkedAtStart(source, async () => await Promise.resolve(ok(null))),
		async () =>
			await Promise.resolve(
				isUsedUp() ? { kind: 'retry' as const, code: 'QUOTA_USED_UP' as const, reason: 'used up' } : ok(null),
			),
	);

class PausingHost extends Host {
	usedUp = false;
}

/** Three contacts were delivered, and now the quota is used up. */
async function pausing(): Promise<PausingHost> {
	const host = new PausingHost();
	host.around = (source) => wrapped(source, () => host.usedUp);
	host.source.last = 3;
	await host.poll();
	host.usedUp = true;
	return host;
}

it('HB-19, HB-22: opt-outs come through the question for the quota, and nothing else does', async () => {
	const host = await pausing();
	host.source.last = 9;
	host.source.optedOut = [2];
	await host.poll();
	await host.poll();
	expect(host.runs.map(({ ids, change }) => [ids, change])).toEqual([
		[[1, 2, 3], 'updated'],
		[[2], 'optedOut'],
	]);
	expect(host.state).toMatchObject({ cursor: 3, optOuts: { seen: '2' } });
	host.usedUp = false;
	await host.poll();
	expect(host.state).toMatchObject({ cursor: 9 });
});

it('opt-outs of another list than the one that was followed are left alone', async () => {
	const host = await pausing();
	host.source.scope = 'another list';
	host.source.optedOut = [2];
	await host.poll();
	expect(host.runs).toHaveLength(1);
});
