import { scaled } from '../../../demo/process/slowness';
import type { E2e } from './startE2e';
import { waitFor } from './waitFor';

/** Longer than a batch and two polls of a trigger that looks every two seconds take. */
const STILL_MS = 5_000;
/** What runs is seen apart from that, so a very slow machine needs no more. */
const STILL_AT_MOST_MS = 30_000;

/** Waits until a workflow that was unpublished has come to rest: none of its executions runs, and HubSpot and Brevo are called no more. */
export async function untilStill({ api, sandbox }: E2e, workflowId: string): Promise<void> {
	const query = new URLSearchParams({ workflowId, status: 'running' });
	const path = `/api/v1/executions?${query.toString()}`;
	let [calls, since] = [-1, Date.now()];
	await waitFor(
		'the end of what is under way',
		async () => {
			const now = sandbox.hubspot.requests.total + sandbox.brevo.requests.total;
			const { data } = await api.json<{ data: unknown[] }>({ method: 'GET', path });
			if (now !== calls || data.length > 0) [calls, since] = [now, Date.now()];
			return Date.now() - since > Math.min(scaled(STILL_MS), STILL_AT_MOST_MS);
		},
		{ withinMs: 120_000 },
	);
}
