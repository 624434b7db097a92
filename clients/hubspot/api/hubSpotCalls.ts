import type { Clock, HttpPort, HttpReply } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { noTurnInTime, unknownForm } from '../../../core/calls/callFailures';
import type { CallSettings } from '../../../core/calls/vendorCalls';
import { VendorCalls } from '../../../core/calls/vendorCalls';
import { classifyReply, onlySearchesPaused } from './classify';
import type { HubSpotLimits } from './limits';
import { HUBSPOT_RETRY, LONGEST_WAIT_MS } from './limits';

const VENDOR = 'HubSpot';

/** Slow pages of big lists take seconds; longer means something is stuck. */
const TIMEOUT_MS = 30_000;

/** Searches of records, which are counted by themselves too; those of lists are not. */
const RECORD_SEARCH = /^\/crm\/objects\/.+\/search$/;

/** How HubSpot is called: within its limits; after a 429 no call of this process starts before the wait is over. */
export const hubSpotCalls = (
	http: HttpPort,
	clock: Clock,
	limits: HubSpotLimits,
	settings: CallSettings,
	classify: (reply: HttpReply, doing: string) => Result<unknown> = classifyReply,
) =>
	new VendorCalls(
		http,
		clock,
		{
			vendor: VENDOR,
			retry: HUBSPOT_RETRY,
			longestWaitMs: LONGEST_WAIT_MS,
			timeoutMs: TIMEOUT_MS,
			gatesOf: ({ path }) => (RECORD_SEARCH.test(path) ? [limits.searches, limits.burst] : [limits.burst]),
			noTurn: (waitMs, doing) => noTurnInTime(VENDOR, doing, waitMs),
			classify,
			unknownForm: (path, doing) => unknownForm(VENDOR, doing, path.join('.') || 'the body'),
			learn: (headers) => limits.learn(headers),
			failed(failure, reply) {
				const asked = failure.kind === 'retry' && reply.kind === 'reply' && reply.status === 429;
				if (asked && failure.afterMs !== undefined) limits.pause(failure.afterMs, onlySearchesPaused(failure));
			},
		},
		settings,
	);
