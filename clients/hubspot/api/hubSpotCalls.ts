import type { Clock, HttpPort } from '../../../core/ports';
import type { CallSettings } from '../../../core/calls/vendorCalls';
import { SourceCalls } from '../../../core/calls/vendorCalls';
import { classifyReply, onlySearchesPaused } from './classify';
import type { HubSpotLimits } from './limits';
import { HUBSPOT_RETRY, LONGEST_WAIT_MS } from './limits';

/** Slow pages of big lists take seconds; longer means something is stuck. */
const TIMEOUT_MS = 30_000;

/** How HubSpot is called: within its limits; after a 429 no call of this process starts before the wait is over. */
export const hubSpotCalls = (http: HttpPort, clock: Clock, limits: HubSpotLimits, settings: CallSettings) =>
	new SourceCalls(
		http,
		clock,
		{
			vendor: 'HubSpot',
			retry: HUBSPOT_RETRY,
			longestWaitMs: LONGEST_WAIT_MS,
			timeoutMs: TIMEOUT_MS,
			gate: limits.burst,
			classify: classifyReply,
			learn: (headers) => limits.learn(headers),
			failed(failure, reply) {
				const asked = failure.kind === 'retry' && reply.kind === 'reply' && reply.status === 429;
				if (asked && failure.afterMs !== undefined) limits.pause(failure.afterMs, onlySearchesPaused(failure));
			},
		},
		settings,
	);
