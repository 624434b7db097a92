import type { IExecuteFunctions } from 'n8n-workflow';
import { endsSoon, keyEndOf, keyEndText, refuseEndedKey, RENEW_KEY } from '../../../clients/n8n/keyEnd';
import { textOf } from '../../../core/json';
import { dayName } from '../../../core/quota/period';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { SetUpFinding } from '../../../core/setUpFinding';
import { passed, warned } from '../../../core/setUpFinding';
import type { NodeContext } from '../n8n/n8nHttp';

/** Ends of the keys that nodes of this process ran with, by workflow and node; undefined: the key never ends. */
const ends = new Map<string, number | undefined>();
const MOST_ENDS = 200;

type OfWorkflow = Pick<IExecuteFunctions, 'getTimezone'> & { getWorkflow(): { readonly id?: string } };

const placeOf = (context: OfWorkflow, node: string): string => JSON.stringify([context.getWorkflow().id, node]);

/** When the key of n8n's API ends that the running node has. */
export interface KeyEnd {
	/** In ms since 1970; absent: never, or the key does not say so. */
	readonly end?: number;
	/** The warning that it ends soon, one sentence. */
	readonly note?: string;
}

/** Looks at the key without calling n8n; one whose end passed is refused, with the day. `then`: what happens from its end on. */
export async function readKeyEnd(
	context: NodeContext,
	credentialType: string,
	now: number,
	then?: string,
): Promise<Result<KeyEnd>> {
	const end = keyEndOf(textOf((await context.getCredentials(credentialType)).apiKey));
	if (ends.size >= MOST_ENDS) ends.clear();
	ends.set(placeOf(context, context.getNode().name), end);
	if (end === undefined) return ok({});
	const zone = context.getTimezone();
	const soon = endsSoon(end, now) ? { note: `${keyEndText(end, zone, then)}. ${RENEW_KEY}.` } : {};
	return refuseEndedKey(end, now, zone) ?? ok({ end, ...soon });
}

/** A key that ends, but not soon, in one sentence without a full stop. */
export const goodUntil = (end: number, timeZone: string): string =>
	`The n8n API key is good until ${dayName(end, timeZone)}`;

/**
 * What Check Set-Up tells about the key of the Quota Guard called `node`, which ran before in the same execution: no node of n8n
 * can read the credential of another one. Undefined where the key never ends, or the node did not run in this process.
 */
export function n8nKeyFinding(context: OfWorkflow, node: string): SetUpFinding | undefined {
	const end = ends.get(placeOf(context, node));
	if (end === undefined) return undefined;
	const check = `n8n API key of '${node}'`;
	const zone = context.getTimezone();
	if (!endsSoon(end, Date.now())) return passed(check, goodUntil(end, zone));
	return warned(check, keyEndText(end, zone), `${RENEW_KEY}.`);
}
