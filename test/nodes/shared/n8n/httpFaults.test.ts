import { UserError } from 'n8n-workflow';
import type { Target } from '../../../../nodes/shared/n8n/httpFaults';
import { fromThrown } from '../../../../nodes/shared/n8n/httpFaults';

const error = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);
/** As n8n wraps it. */
const wrapped = (cause: unknown): Error => error('The service was not able to process your request', { cause });

describe('a fault of the login is one only where n8n says so', () => {
	it.each<[string, unknown]>([
		['a grant that is not valid any more', error('revoked', { code: 'EAUTH', body: { error: 'invalid_grant' } })],
		['an app that was deleted', error('no client', { code: 'EAUTH', body: { error: 'invalid_client' } })],
		[
			'a refusal in the words of the login host',
			error('HTTP status 400', { code: 'ESTATUS', status: 400, body: '{"status":"BAD_REFRESH_TOKEN"}' }),
		],
		['no sign-in yet', error('OAuth credentials not connected')],
		['no token', error('Unable to sign without access token')],
		['a finding of ours', new UserError("'Consumer Key' is wrong")],
		['a key that no header can carry', error('Invalid character in header', { code: 'ERR_INVALID_CHAR' })],
	])('%s', async (_what, thrown) => {
		expect(await fromThrown(wrapped(thrown))).toMatchObject({ kind: 'loginFailed', reason: (thrown as Error).message });
		expect(await fromThrown(thrown)).toMatchObject({ kind: 'loginFailed' });
	});

	it.each<[string, unknown]>([
		['something unknown', error('Something went wrong')],
		['no error at all', 'broken'],
		['undefined', undefined],
		['a parser’s fault', error('Parse Error: Expected HTTP/', { code: 'HPE_INVALID_CONSTANT' })],
		['a login host that is down', error('down', { code: 'EAUTH', body: { error: 'temporarily_unavailable' } })],
		[
			'a page in the place of a token',
			error('Expected JSON response', { code: 'ESTATUS', status: 200, httpCode: '200', body: '<html>' }),
		],
		['a socket that is gone', error('Socket is not connected', { code: 'ENOTCONN' })],
		['a decoder’s fault', error('incorrect header check', { code: 'Z_DATA_ERROR' })],
	])('%s is one of the way, and may pass', async (_what, thrown) => {
		expect(await fromThrown(thrown)).toMatchObject({ kind: 'unreachable' });
		expect(await fromThrown(wrapped(thrown))).toMatchObject({ kind: 'unreachable' });
	});

	it('a page of a proxy in the place of the login host is no refusal of it', async () => {
		const page = error('HTTP status 403', {
			code: 'ESTATUS',
			status: 403,
			httpCode: '403',
			body: '<html>Blocked</html>',
		});
		expect(await fromThrown(page)).toMatchObject({ kind: 'reply', status: 403 });
	});

	it.each([
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'CERT_HAS_EXPIRED',
		'CERT_NOT_YET_VALID',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'HOSTNAME_MISMATCH',
	])('%s is about the certificate', async (code) => {
		const reply = await fromThrown(wrapped(error('tls', { code })), { host: 'api.brevo.com', field: 'Base URL' });
		expect(reply).toMatchObject({ kind: 'unreachable', reason: expect.stringMatching(`^${code} at api.brevo.com: .*NODE_EXTRA_CA_CERTS`) as string }); // prettier-ignore
	});

	it.each([
		'ENOTFOUND',
		'EAI_AGAIN',
		'ECONNREFUSED',
		'EHOSTUNREACH',
		'ENETUNREACH',
		'EPROTO',
		'ERR_SSL_WRONG_VERSION_NUMBER',
	])('%s is told in words and names the setting, whoever calls', async (code) => {
		const fault = wrapped(error(`connect ${code}`, { code }));
		const said = async (target: Target) => ((await fromThrown(fault, target)) as { reason: string }).reason;
		const answers = /^nothing answers at api\.brevo\.com( as a web server with HTTPS does)?/;
		const host = 'api.brevo.com';
		expect((await said({ host, field: 'Base URL' })).replace(answers, '')).toBe(
			". Correct 'Base URL' in the credential if it stays",
		);
		expect((await said({ host, field: 'Base URL', tested: true })).replace(answers, '')).toBe(". Correct 'Base URL'");
		expect((await said({ host })).replace(answers, '')).toBe('');
	});
});
