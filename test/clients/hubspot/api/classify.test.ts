import { classifyReply } from '../../../../clients/hubspot/api/classify';
import type { HttpReply } from '../../../../core/ports';

const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpReply => ({
	kind: 'reply',
	status,
	body,
	headers,
});

/** HubSpot's error body, with nothing but what all of them have. */
const own = (message: string): object => ({ status: 'error', message, correlationId: 'c1' });

describe('what HubSpot answers, sorted by what to do next', () => {
	it.each<[string, HttpReply, object]>([
		['a JSON object', reply(200, { results: [] }), { kind: 'ok', value: { results: [] } }],
		['207 with errors', reply(207, { results: [], numErrors: 1 }), { kind: 'ok' }],
		['204 without a body', reply(204, ''), { kind: 'ok', value: {} }],
		['a page of a proxy', reply(200, '<html></html>'), { kind: 'retry', code: 'UNEXPECTED_ANSWER' }],
		['a list instead of an object', reply(200, []), { kind: 'retry', code: 'UNEXPECTED_ANSWER' }],
		['400', reply(400, own('Invalid input')), { kind: 'refused', code: 'SOURCE_REFUSED', status: 400 }],
		['404', reply(404, own('resource not found')), { kind: 'refused', status: 404 }],
		['414 URL too long', reply(414), { kind: 'refused', status: 414 }],
		['401', reply(401, { message: 'no' }), { kind: 'stop', code: 'CREDENTIAL_INVALID' }],
		[
			'403 for another reason',
			reply(403, { category: 'USER_DOES_NOT_HAVE_PERMISSIONS', message: 'no' }),
			{ kind: 'stop', code: 'ACCOUNT_RESTRICTED' },
		],
		['423', reply(423), { kind: 'retry', code: 'UNAVAILABLE', afterMs: 2_000 }],
		['423 that asks for less', reply(423, {}, { 'retry-after': '1' }), { kind: 'retry', afterMs: 2_000 }],
		['477', reply(477, {}, { 'retry-after': '7200' }), { kind: 'retry', code: 'UNAVAILABLE', afterMs: 7_200_000 }],
		['500', reply(500, 'oops'), { kind: 'retry', code: 'UNAVAILABLE' }],
		['502', reply(502), { kind: 'retry', afterMs: 3_000 }],
		['521', reply(521), { kind: 'retry', code: 'UNAVAILABLE' }],
		['no answer', { kind: 'unreachable', reason: 'ECONNREFUSED' }, { kind: 'retry', code: 'UNAVAILABLE' }],
		['no token', { kind: 'loginFailed', reason: 'refresh refused' }, { kind: 'stop', code: 'CREDENTIAL_INVALID' }],
		[
			'429 of the rolling window',
			reply(429, { policyName: 'TEN_SECONDLY_ROLLING' }),
			{ kind: 'retry', code: 'RATE_LIMITED', afterMs: 10_000 },
		],
		[
			'429 with a wait',
			reply(429, { policyName: 'TEN_SECONDLY_ROLLING' }, { 'retry-after': '4' }),
			{ kind: 'retry', afterMs: 4_000 },
		],
		['429 with an absurd wait', reply(429, {}, { 'retry-after': '999999' }), { kind: 'retry', afterMs: 60_000 }],
		[
			'429 of searches',
			reply(429, { policyName: 'SECONDLY' }),
			{ kind: 'retry', code: 'RATE_LIMITED', afterMs: 1_000 },
		],
		[
			'429 of searches by its words',
			reply(429, { message: 'You have reached your secondly limit.' }),
			{ kind: 'retry', afterMs: 1_000 },
		],
		[
			'429 of the day',
			reply(429, { errorType: 'RATE_LIMIT', policyName: 'DAILY' }),
			{ kind: 'retry', code: 'DAILY_LIMIT_REACHED', afterMs: 900_000 },
		],
	])('%s', (_name, given, expected) => {
		expect(classifyReply(given, 'reading contacts')).toMatchObject(expected);
	});

	it.each([
		[
			{
				category: 'MISSING_SCOPES',
				errors: [{ context: { requiredGranularScopes: ['crm.lists.read', 'crm.segments.read'] } }],
			},
			/crm\.lists\.read or crm\.segments\.read/,
		],
		[
			{ category: 'MISSING_SCOPES', errors: [{ context: '{missingScopes=[crm.objects.contacts.read]}' }] },
			/crm\.objects\.contacts\.read/,
		],
		[{ category: 'MISSING_SCOPES' }, /README/],
	])('HB-04: 403 names the missing scopes (%#)', (body, reason) => {
		const result = classifyReply(reply(403, body), 'reading the lists');
		expect(result).toMatchObject({ kind: 'stop', code: 'SCOPE_MISSING' });
		expect(result.kind !== 'ok' && result.reason).toMatch(reason);
	});

	it.each([301, 302, 307, 400, 402, 403, 404, 405, 407, 409, 410, 421, 451])(
		'an answer %d that is not HubSpot’s own is no verdict on a list, a record or a key',
		(status) => {
			for (const body of [
				'<html>Blocked by policy</html>',
				'',
				{},
				[],
				{ error: 'Not Found' },
				{ code: status, message: 'no' },
			])
				expect(classifyReply(reply(status, body), 'reading the list')).toMatchObject({
					kind: 'retry',
					code: 'UNEXPECTED_ANSWER',
					reason: expect.stringContaining('proxy') as string,
				});
		},
	);

	it('401 leaves the address of the page that HubSpot names whole', () => {
		const says = 'you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview';
		expect(classifyReply(reply(401, own(says)), 'reading')).toMatchObject({
			reason: `HubSpot does not accept the credential (401): ${says}`,
		});
	});

	it('401 with the page of a proxy is no wrong key', () => {
		expect(classifyReply(reply(401, '<html></html>'), 'reading')).toMatchObject({ kind: 'retry' });
		expect(classifyReply(reply(401, ''), 'reading')).toMatchObject({ kind: 'stop', code: 'CREDENTIAL_INVALID' });
	});

	it('keeps addresses out of messages, and messages short', () => {
		const said = `Contact jane.doe+x@example.com exists ${'x'.repeat(5_000)}`;
		const result = classifyReply(reply(400, own(said)), 'reading contacts');
		expect(result.kind !== 'ok' && result.reason).toMatch(/Contact \(address\) exists/);
		expect(result.kind !== 'ok' && result.reason.length).toBeLessThan(400);
	});
});

describe('a key of a wrong kind', () => {
	it.each([
		'This app hapikey (0a1b2c3d-1111-2222-3333-444455556666) is a developer API key and cannot be used here.',
		'Personal access keys can only be used by the CLI.',
	])('is told in HubSpot’s own sentence, without the key: %s', (message) => {
		const answer = classifyReply(
			reply(401, { status: 'error', category: 'INVALID_AUTHENTICATION', message }),
			'reading',
		);
		expect(answer).toEqual({
			kind: 'stop',
			code: 'CREDENTIAL_INVALID',
			reason: `HubSpot does not accept the credential (401): ${message.replace(/0a1b[\w-]+/, '(key)')}`,
		});
	});
});
