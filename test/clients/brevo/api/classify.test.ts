import { classifyBrevoReply } from '../../../../clients/brevo/api/classify';
import type { HttpReply } from '../../../../core/ports';

const reply = (status: number, body: unknown): HttpReply => ({ kind: 'reply', status, body, headers: {} });

/** What proxies, firewalls, gateways and networks with a sign-in page answer in the place of Brevo. */
const FOREIGN = [
	'<html>Sign in to the proxy</html>',
	'',
	null,
	{},
	[],
	{ error: 'Not Found' },
	{ message: 'no Route matched with those values' },
	{ code: 404, message: 'Not Found' },
	{ code: 'blocked' },
];

describe('promise 2: only Brevo’s own refusal is a verdict on a contact', () => {
	it.each([301, 302, 307, 400, 402, 403, 404, 405, 407, 409, 410, 413, 414, 421, 422, 451])(
		'what answers %d in its place passes, so that the batch comes again',
		(status) => {
			for (const body of FOREIGN)
				expect(classifyBrevoReply(reply(status, body))).toMatchObject({
					kind: 'retry',
					code: 'UNEXPECTED_ANSWER',
					reason: expect.stringContaining('proxy') as string,
				});
		},
	);

	it.each([302, 405, 407, 421])('no refusal comes with the status %d, whatever stands in it', (status) => {
		expect(classifyBrevoReply(reply(status, { code: 'method_not_allowed', message: 'no' }))).toMatchObject({
			kind: 'retry',
		});
	});

	it.each([
		[400, 'invalid_parameter'],
		[400, 'Attribute not found'],
		[404, 'document_not_found'],
		[409, 'duplicate_request'],
		[422, 'unprocessable_entity'],
	])('Brevo’s own %d %s is one', (status, code) => {
		expect(classifyBrevoReply(reply(status, { code, message: 'said' }))).toMatchObject({
			kind: 'refused',
			code: 'DESTINATION_REFUSED',
			status,
		});
	});

	it('401 with the page of a proxy is no wrong key', () => {
		expect(classifyBrevoReply(reply(401, '<html></html>'))).toMatchObject({ kind: 'retry' });
		expect(classifyBrevoReply(reply(401, ''))).toMatchObject({ kind: 'stop', code: 'CREDENTIAL_INVALID' });
	});
});

describe('an address that Brevo does not accept', () => {
	const blocked = (message: string) => classifyBrevoReply(reply(401, { code: 'unauthorized', message }));
	const WHERE = 'Add it on https://app.brevo.com/security/authorised_ips (Brevo: Security > Authorized IPs)';

	it.each([
		['192.0.2.10', ' (192.0.2.10)'],
		['2001:db8::1f', ' (2001:db8::1f)'],
		['', ''],
		['of ann@example.org', ''],
		['12:30:45:99:01:02:03:04:05:06', ''],
		['1234.5.6.7', ''],
	])('is named with the place to allow it: %j', (address, named) => {
		const message = `We have detected you are using an unrecognised IP address ${address}. If you performed this action …`;
		expect(blocked(message)).toEqual({
			kind: 'stop',
			code: 'IP_BLOCKED',
			reason: `Brevo does not accept calls from the IP address of this n8n${named}. ${WHERE}`,
		});
	});
});
