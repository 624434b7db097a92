import type { HttpPort } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { classifyReply, isNotFound } from './classify';
import { API_VERSION } from './salesforceClient';
import type { SalesforceObjectName } from './types';

const OBJECTS: readonly SalesforceObjectName[] = ['Contact', 'Lead'];

/**
 * Whether a session works, the API is switched on (SB-05) and the user may read contacts or leads: one small call, a second
 * where the user has no contacts. `http` is signed in.
 */
export async function checkSalesforceAccess(http: HttpPort): Promise<Result<unknown>> {
	for (const object of OBJECTS) {
		const path = `/services/data/${API_VERSION}/sobjects/${object}`;
		const answer = classifyReply(await http.send({ method: 'GET', path }), 'checking the access');
		const hidden = answer.kind !== 'ok' && (isNotFound(answer) || isMissing(answer));
		if (!hidden) return answer.kind === 'ok' ? ok(undefined) : answer;
	}
	return {
		kind: 'stop',
		code: 'PERMISSION_MISSING',
		reason: 'The user of the Salesforce credential may read neither contacts nor leads',
	};
}

const isMissing = (answer: Exclude<Result<unknown>, { kind: 'ok' }>): boolean =>
	answer.kind === 'stop' && answer.code === 'PERMISSION_MISSING';
