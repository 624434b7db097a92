import type { Failure } from '../../../core/result';
import type { ContactCursor } from './contactCursor';

type OutOfSight = NonNullable<ContactCursor['outOfSight']>;

/** Walks of this process whose finding was reported. */
const reported = new Set<string>();
const MAX_REPORTED = 1_000;

/**
 * The failure that reports members out of sight, once per process. The cursor that is stored before it no longer holds the
 * finding, but n8n's durable scheduler discards the state of a failed poll, so without a note in memory it would fail for ever.
 */
export function outOfSight({ count, of, at }: OutOfSight, account: string, object: string): Failure | undefined {
	const walk = `${account} ${object} ${at} ${count}`;
	if (reported.has(walk)) return undefined;
	if (reported.size >= MAX_REPORTED) reported.clear();
	reported.add(walk);
	return {
		kind: 'stop',
		code: 'MEMBERS_OUT_OF_SIGHT',
		reason: `Salesforce no longer shows ${count} or more of the ${of} ${object === 'Lead' ? 'leads' : 'contacts'} that are followed to the user of the credential: permissions or sharing rules were changed, or the records were deleted for good. None of them was passed on as deleted`,
	};
}
