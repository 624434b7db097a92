import type { Clock, HttpPort } from '../../../core/ports';
import { noTurnInTime, unknownForm } from '../../../core/calls/callFailures';
import type { CallSettings } from '../../../core/calls/vendorCalls';
import { VendorCalls } from '../../../core/calls/vendorCalls';
import { classifyReply } from './classify';
import type { SalesforceLimits } from './limits';
import { LONGEST_WAIT_MS, SALESFORCE_RETRY } from './limits';

const VENDOR = 'Salesforce';

/** Salesforce ends queries after two minutes; pages that come at all come within seconds. */
const TIMEOUT_MS = 60_000;

/** Two hundred records run through what the organisation built around each of them: triggers, flows, rules. */
export const WRITE_TIMEOUT_MS = 150_000;

/** How Salesforce is called: after a refusal for a limit no call of this process starts before the wait is over. */
export const salesforceCalls = (http: HttpPort, clock: Clock, limits: SalesforceLimits, settings: CallSettings) =>
	new VendorCalls(
		http,
		clock,
		{
			vendor: VENDOR,
			retry: SALESFORCE_RETRY,
			longestWaitMs: LONGEST_WAIT_MS,
			timeoutMs: TIMEOUT_MS,
			gatesOf: () => [limits],
			noTurn: (waitMs, doing) => noTurnInTime(VENDOR, doing, waitMs),
			classify: classifyReply,
			unknownForm: (path, doing) => unknownForm(VENDOR, doing, path.join('.') || 'the body'),
			learn: (headers) => limits.learn(headers),
			failed(failure) {
				const isLimit =
					failure.kind === 'retry' && (failure.code === 'RATE_LIMITED' || failure.code === 'DAILY_LIMIT_REACHED');
				if (isLimit && failure.afterMs !== undefined) limits.pause(failure.afterMs);
			},
		},
		settings,
	);
