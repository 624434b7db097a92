import type { z } from 'zod';
import type { HttpReply } from '../../core/ports';
import { endlessAnswer, foreignAnswer, isText } from '../../core/calls/callFailures';
import { shortened } from '../../core/calls/vendorMessage';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import type { ApiKeyScope } from './types';
import { isRecord } from '../../core/json';

/** n8n's public API lives below this path of an n8n. */
const API_PATH = '/api/v1';

/**
 * Sorts an answer of n8n's public API by what to do next. `scope` is the one that the call needs: n8n itself does not say
 * which is missing. A `retry` leaves open whether a write was carried out.
 */
export function classifyN8nReply<Schema extends z.ZodTypeAny>(
	reply: HttpReply,
	scope: ApiKeyScope,
	form: Schema,
): Result<z.output<Schema>> {
	if (reply.kind === 'loginFailed')
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: `The n8n API credential: ${shortened(reply.reason)}` };
	if (reply.kind === 'unreachable') {
		return {
			kind: 'retry',
			code: 'LEDGER_UNREACHABLE',
			reason: `n8n's API could not be reached (${shortened(reply.reason)})`,
		};
	}
	if (reply.tooLong) return endlessAnswer("n8n's API");
	if (isStarting(reply.body)) {
		return {
			kind: 'retry',
			code: 'LEDGER_UNREACHABLE',
			reason:
				'n8n is starting, its public API is switched off (N8N_PUBLIC_API_DISABLED), or this n8n is older than 2.7 and has no data tables there',
		};
	}
	if (reply.status < 200 || reply.status >= 300) return failureOf(reply.status, reply.body, scope);
	const read = form.safeParse(reply.body) as z.SafeParseReturnType<unknown, z.output<Schema>>;
	if (read.success) return ok(read.data);
	// For unknown paths n8n answers with the page of its editor.
	return typeof reply.body === 'string' ? notTheApi() : unknownForm(reply.status, read.error);
}

/**
 * Between opening its port and serving the API n8n needs up to half a minute. Until then it answers with a line of text, or
 * as if there were no such path.
 */
const isStarting = (body: unknown): boolean =>
	typeof body === 'string' && /n8n is starting up|Cannot [A-Z]+ \S*\/v1\/data-tables/.test(body);

function failureOf(status: number, body: unknown, scope: ApiKeyScope): Failure {
	const message = messageOf(body);
	// Not n8n's own JSON, but that of a proxy before it: says nothing about the key, its scopes or the table.
	if (isText(body) && !NOT_THE_API.has(status)) return foreign(status);
	if (status === 401)
		return { kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'n8n does not accept the API key of the credential' };
	if (status === 403) return missingScopes([scope]);
	if (status === 408 || status === 429 || status >= 500)
		return { kind: 'retry', code: 'LEDGER_UNREACHABLE', reason: `n8n's API answered with status ${status}` };
	if (status === 404 && /data table/i.test(message))
		return { kind: 'refused', code: 'LEDGER_TABLE_CHANGED', reason: 'The data table does not exist any more', status };
	if (NOT_THE_API.has(status)) return notTheApi();
	if (message === '') return foreign(status);
	const code = TABLE_CHANGED.test(message) ? 'LEDGER_TABLE_CHANGED' : 'LEDGER_REFUSED';
	return { kind: 'refused', code, reason: `n8n refused: ${shortened(message) || `status ${status}`}`, status };
}

/** These come from an address that is not the API's: of the editor, or of a page to sign in before it. */
const NOT_THE_API: ReadonlySet<number> = new Set([301, 302, 303, 307, 308, 404]);

const foreign = (status: number): Failure => ({ ...foreignAnswer("n8n's API", status), code: 'LEDGER_UNREACHABLE' });

/** The second is what a table leaves that is deleted while n8n looks at it. */
const TABLE_CHANGED = /unknown column|data table not found|does not match column type/i;

/** All scopes that a key lacks, in one message. */
export const missingScopes = (scopes: readonly ApiKeyScope[]): Failure => ({
	kind: 'stop',
	code: 'SCOPE_MISSING',
	reason: `The n8n API key lacks the scope${scopes.length > 1 ? 's' : ''} ${scopes.join(', ')}, or its owner may not use the data table`,
});

const notTheApi = (): Failure => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `The 'Base URL' of the n8n API credential does not lead to n8n's public API; it ends with ${API_PATH}`,
});

function unknownForm(status: number, error: z.ZodError): Failure {
	const where = error.issues[0]?.path.slice(0, 4).join('.');
	const at = where ? ` at ${where}` : '';
	return { kind: 'stop', code: 'UNEXPECTED_ANSWER', reason: `n8n's API answered ${status} in an unknown form${at}` };
}

function messageOf(body: unknown): string {
	const message = isRecord(body) ? body.message : undefined;
	return typeof message === 'string' ? message : '';
}
