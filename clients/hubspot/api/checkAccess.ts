import type { HttpPort, HttpRequest } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { classifyReply } from './classify';
import { CONTACTS, LISTS } from './hubSpotClient';

const CHECKS: ReadonlyArray<{ readonly request: HttpRequest; readonly doing: string }> = [
	// Needs the scope crm.lists.read.
	{
		request: { method: 'POST', path: `${LISTS}/search`, body: { query: '', count: 1, offset: 0 } },
		doing: 'reading the lists',
	},
	// Needs the scope crm.objects.contacts.read.
	{ request: { method: 'GET', path: CONTACTS, query: { limit: 1 } }, doing: 'reading contacts' },
];

/** Whether a token is valid and has both scopes the trigger needs: one small call for each. */
export async function checkHubSpotAccess(http: HttpPort): Promise<Result<unknown>> {
	for (const { request, doing } of CHECKS) {
		const result = classifyReply(await http.send(request), doing);
		if (result.kind !== 'ok') return result;
	}
	return ok(undefined);
}
