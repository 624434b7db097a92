import type { Failure } from '../../../core/result';
import type { ContactCursor } from './contactCursor';

type OutOfSight = NonNullable<ContactCursor['outOfSight']>;

/** Walks of this process whose finding was said. */
const said = new Set<string>();
const MAX_SAID = 1_000;

/**
 * The failure that tells of members out of sight, the first time it is asked for. What is stored before it no longer holds
 * the finding, but n8n's durable scheduler forgets what a failed poll stored, and would fail for ever.
 */
export function outOfSight({ count, of, at }: OutOfSight, account: string, object: string): Failure | undefined {
	const walk = `${account} ${object} ${at} ${count}`;
	if (said.has(walk)) return undefined;
	if (said.size >= MAX_SAID) said.clear();
	said.add(walk);
	return {
		kind: 'stop',
		code: 'MEMBERS_OUT_OF_SIGHT',
		reason: `Salesforce no longer shows ${count} or more of the ${of} ${object === 'Lead' ? 'leads' : 'contacts'} that are followed to the user of the credential: permissions or sharing rules were changed, or the records were deleted for good. Nobody was passed on as deleted`,
	};
}
