import { classifyFault, classifyReply, isNotFound, isQueryTimeout } from '../../../../clients/salesforce/api/classify';
import type { HttpReply } from '../../../../core/ports';
import type { Failure } from '../../../../core/result';

const reply = (status: number, body: unknown): HttpReply => ({ kind: 'reply', status, body, headers: {} });
const fault = (status: number, errorCode: string, message = 'said'): HttpReply =>
	reply(status, [{ message, errorCode }]);

describe('what Salesforce answers, sorted by what to do next', () => {
	it.each<[string, HttpReply, object]>([
		['an object', reply(200, { done: true }), { kind: 'ok', value: { done: true } }],
		['a page of a proxy', reply(200, '<html></html>'), { kind: 'retry', code: 'UNEXPECTED_ANSWER' }],
		['nothing', reply(200, ''), { kind: 'retry', code: 'UNEXPECTED_ANSWER' }],
		['no answer', { kind: 'unreachable', reason: 'ECONNREFUSED' }, { kind: 'retry', code: 'UNAVAILABLE' }],
		['no session', { kind: 'loginFailed', reason: 'refused' }, { kind: 'stop', code: 'CREDENTIAL_INVALID' }],
		[
			'a session that ended',
			fault(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
			{ kind: 'stop', code: 'CREDENTIAL_INVALID' },
		],
		[
			'a session that may not use REST, which is no expiry',
			fault(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API'),
			{ kind: 'stop', code: 'SCOPE_MISSING' },
		],
		[
			'an app without an agent, which is no expiry',
			fault(401, 'INVALID_SESSION_ID', 'Connected app is not attached to Agent'),
			{ kind: 'stop', code: 'CREDENTIAL_INVALID', reason: expect.stringContaining('not attached') },
		],
		[
			'a server in front that cannot reach Salesforce, which is no sign-in',
			reply(503, { status: 503, error: 'Service Unavailable' }),
			{ kind: 'retry', code: 'UNAVAILABLE' },
		],
		['401 without a body', reply(401, ''), { kind: 'stop', code: 'CREDENTIAL_INVALID' }],
		['a bad token of the identity page', reply(403, 'Bad_OAuth_Token'), { kind: 'stop', code: 'CREDENTIAL_INVALID' }],
		[
			'the form of the sign-in',
			reply(400, { error: 'invalid_grant', error_description: 'expired access/refresh token' }),
			{ kind: 'stop', code: 'CREDENTIAL_INVALID', reason: expect.stringContaining('expired access/refresh token') },
		],
		['SB-05: no API', fault(403, 'API_DISABLED_FOR_ORG'), { kind: 'stop', code: 'API_DISABLED' }],
		['SB-05: API switched off', fault(403, 'API_CURRENTLY_DISABLED'), { kind: 'stop', code: 'API_DISABLED' }],
		[
			'the limit of the day',
			fault(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
			{ kind: 'retry', code: 'DAILY_LIMIT_REACHED', afterMs: 900_000 },
		],
		[
			'the limit of long calls, with the same code',
			fault(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
			{ kind: 'retry', code: 'RATE_LIMITED', afterMs: 5_000 },
		],
		['403 for another reason', fault(403, 'FUNCTIONALITY_NOT_ENABLED'), { kind: 'stop', code: 'ACCOUNT_RESTRICTED' }],
		['no access to a record', fault(403, 'INSUFFICIENT_ACCESS'), { kind: 'stop', code: 'PERMISSION_MISSING' }],
		[
			'a field that is not shown',
			fault(400, 'INVALID_FIELD', "\nSELECT Nix FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Nix' on entity 'Contact'. If you are attempting to use a custom field, be sure to append the '__c'"), // prettier-ignore
			{ kind: 'stop', code: 'PERMISSION_MISSING', reason: expect.stringContaining("'Contact.Nix'") },
		],
		[
			'a relation that is not shown',
			fault(400, 'INVALID_FIELD', "Didn't understand relationship 'Accountt' in field path."),
			{ kind: 'stop', code: 'PERMISSION_MISSING', reason: expect.stringContaining("'Accountt'") },
		],
		[
			'a field that cannot be filtered by',
			fault(400, 'INVALID_FIELD', "field 'Description' can not be filtered in a query call"),
			{ kind: 'refused', code: 'SOURCE_REFUSED', reason: expect.stringContaining('Description') },
		],
		[
			'an object that is not shown',
			fault(400, 'INVALID_TYPE', "sObject type 'Leed' is not supported."),
			{ kind: 'stop', code: 'PERMISSION_MISSING', reason: expect.stringContaining("'Leed'") },
		],
		['a wrong query', fault(400, 'MALFORMED_QUERY'), { kind: 'refused', code: 'SOURCE_REFUSED', status: 400 }],
		['an expired locator', fault(400, 'INVALID_QUERY_LOCATOR'), { kind: 'refused', code: 'CURSOR_EXPIRED' }],
		['a locked row', fault(400, 'UNABLE_TO_LOCK_ROW'), { kind: 'retry', code: 'UNAVAILABLE' }],
		['a fault of its own', fault(500, 'UNKNOWN_EXCEPTION'), { kind: 'retry', code: 'UNAVAILABLE' }],
		['503', fault(503, 'SERVER_UNAVAILABLE'), { kind: 'retry', code: 'UNAVAILABLE' }],
		['502 with a page', reply(502, '<html></html>'), { kind: 'retry', code: 'UNAVAILABLE' }],
		['an empty 406 of its edge', reply(406, ''), { kind: 'retry', code: 'UNAVAILABLE' }],
		['an empty 420 of its edge', reply(420, ''), { kind: 'retry', code: 'UNAVAILABLE' }],
		['429', reply(429, ''), { kind: 'retry', code: 'RATE_LIMITED' }],
		['a redirect to the sign-in page', reply(302, ''), { kind: 'retry', code: 'UNEXPECTED_ANSWER' }],
		['an address that is too long', reply(414, 'URI Too Long'), { kind: 'stop', code: 'SETTING_INVALID' }],
		['headers that are too long', reply(431, ''), { kind: 'stop', code: 'SETTING_INVALID' }],
		['404', fault(404, 'NOT_FOUND'), { kind: 'refused', status: 404 }],
		['an unknown code', fault(400, 'SOMETHING_NEW'), { kind: 'refused', code: 'SOURCE_REFUSED', status: 400 }],
	])('%s', (_what, answer, expected) => {
		expect(classifyReply(answer, 'reading records')).toMatchObject(expected);
	});

	it.each([301, 302, 307, 400, 402, 403, 404, 405, 407, 409, 410, 421, 451])(
		'an answer %d that is not Salesforce’s own is no verdict on a record, a field or a key',
		(status) => {
			for (const body of [
				'<html>Blocked by policy</html>',
				'',
				{},
				[],
				[{ message: 'Not Found' }],
				[{ errorCode: '404', message: 'Not Found' }],
				{ error: 'Forbidden', message: 'Not Found' },
				{ error: 'unauthorized' },
			])
				expect(classifyReply(reply(status, body), 'reading records')).toMatchObject({
					kind: 'retry',
					code: 'UNEXPECTED_ANSWER',
					reason: expect.stringContaining('proxy') as string,
				});
		},
	);

	it('401 with the page of a proxy is no wrong key', () => {
		expect(classifyReply(reply(401, '<html></html>'), 'reading')).toMatchObject({ kind: 'retry' });
	});

	it('tells a query that took too long, which is not repeated as it is', () => {
		const failure = classifyReply(
			fault(400, 'QUERY_TIMEOUT', 'Your query request was running for too long.'),
			'reading',
		);
		expect(failure).toMatchObject({ kind: 'retry', code: 'UNAVAILABLE', afterMs: 60_000 });
		expect(isQueryTimeout(failure as Failure)).toBe(true);
		expect(isQueryTimeout(classifyReply(fault(500, 'UNKNOWN_EXCEPTION'), 'reading') as Failure)).toBe(false);
	});

	it('reads rows of collections too, whose key is statusCode', () => {
		expect(classifyFault(400, [{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'locked' }], 'reading')).toMatchObject({
			kind: 'retry',
		});
		expect(isNotFound(classifyFault(404, [{ errorCode: 'NOT_FOUND', message: 'no' }], 'reading'))).toBe(true);
	});

	it('keeps addresses that Salesforce quotes out of its texts', () => {
		const said = classifyReply(fault(400, 'MALFORMED_QUERY', "near 'anna@example.com' here"), 'reading');
		expect(said).toMatchObject({ reason: expect.stringContaining("near '(address)' here") as string });
	});
});
