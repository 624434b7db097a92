import { checkBaseUrl } from '../../core/baseUrl';

describe('checkBaseUrl', () => {
	it.each([
		['https://api.brevo.com/v3', 'https://api.brevo.com/v3'],
		[' https://api.brevo.com/v3/ ', 'https://api.brevo.com/v3'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http://localhost:4010/v3//', 'http://localhost:4010/v3'],
		['http://[::1]:80', 'http://[::1]'],
	])('accepts %s', (given, expected) => {
		expect(checkBaseUrl(given)).toEqual({ kind: 'ok', value: expected });
	});

	it.each([
		['', 'is not a URL'],
		['api.brevo.com', 'is not a URL'],
		['http://api.brevo.com/v3', 'https://'],
		['http://127.0.0.1.example.com', 'https://'],
		['http://192.168.1.10', 'https://'],
		['ftp://localhost', 'https://'],
		['https://user:secret@api.brevo.com', 'must not hold'],
		['https://api.brevo.com/?next=1', 'must not hold'],
		['https://@api.brevo.com', 'must not hold'],
		['https://api.brevo.com#', 'must not hold'],
		['https:api.brevo.com', 'https://'],
		['https:/api.brevo.com', 'https://'],
		['https:///api.brevo.com', 'https://'],
		['https:\\\\api.brevo.com', 'backslashes'],
		['https://evil.example\\.api.brevo.com', 'backslashes'],
		['https://evil.example\n.api.brevo.com', 'line breaks'],
		['https://ev\til.example', 'blanks'],
		['https://api.brevo.com/a b', 'blanks'],
		['\u0000https://api.brevo.com', 'invisible'],
		['https://api\u00ad.brevo.com', 'invisible'],
		['http://loc\u00adalhost', 'invisible'],
		['http://127.0.0.1\\@evil.example', 'backslashes'],
	])('refuses %s and names the field', (given, part) => {
		const result = checkBaseUrl(given);
		expect(result).toMatchObject({ kind: 'stop', code: 'SETTING_INVALID' });
		expect(result.kind === 'stop' && result.reason).toContain("'Base URL'");
		expect(result.kind === 'stop' && result.reason).toContain(part);
	});
});
