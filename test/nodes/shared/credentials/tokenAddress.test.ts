import { runInNewContext } from 'node:vm';
import { ContactSyncHubSpotOAuth2Api } from '../../../../credentials/ContactSyncHubSpotOAuth2Api.credentials';
import { ContactSyncSalesforceOAuth2Api } from '../../../../credentials/ContactSyncSalesforceOAuth2Api.credentials';
import { checkBaseUrl } from '../../../../core/baseUrl';

/** The expression `={{ … }}rest` of a hidden field over the fields of its credential, as n8n works it out. */
function tokenAddress(
	credential: { properties: ReadonlyArray<{ name: string; default: unknown }> },
	$self: object,
): string {
	const field = credential.properties.find(({ name }) => name === 'accessTokenUrl');
	const [, code = "''", rest = ''] = /^=\{\{([\s\S]*?)\}\}(.*)$/.exec(String(field?.default)) ?? [];
	return String(runInNewContext(code, { $self })) + rest;
}

const UNSAFE = [
	'http://proxy.example',
	'http://127.0.0.1.evil.example',
	'http://localhost.evil.example:8080',
	'http://localhost@evil.example',
	'https://user:pw@evil.example',
	'https://evil.example\\@api.hubapi.com',
	'https://evil.example?x=https://api.hubapi.com',
	'ftp://evil.example',
	'https:evil.example',
	'https:/evil.example',
	'https:\\\\evil.example',
	'https://evil.example\n.api.hubapi.com',
	'http://localhost\t.evil.example',
];

describe('the secrets of an OAuth2 credential go nowhere but to https or this machine', () => {
	it.each(UNSAFE)('HubSpot, base URL %s', (baseUrl) => {
		const address = new URL(tokenAddress(new ContactSyncHubSpotOAuth2Api(), { baseUrl }));
		expect(checkBaseUrl(address.origin).kind).toBe('ok');
		expect(address.hostname).toBe('base-url-must-begin-with-https.invalid');
	});

	it.each(UNSAFE)('Salesforce, My Domain %s', (myDomainUrl) => {
		const credential = { environment: 'customDomain', myDomainUrl };
		const address = new URL(tokenAddress(new ContactSyncSalesforceOAuth2Api(), credential));
		expect(checkBaseUrl(address.origin).kind).toBe('ok');
		expect(address.username).toBe('');
		// Nor to a host that is made of the scheme of an address that lacks a slash.
		expect(address.hostname).not.toMatch(/^https?$/);
	});

	it.each([
		[undefined, 'https://api.hubapi.com/oauth/2026-09/token'],
		['', 'https://api.hubapi.com/oauth/2026-09/token'],
		[' https://proxy.example/hubspot/ ', 'https://proxy.example/hubspot/oauth/2026-09/token'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010/oauth/2026-09/token'],
		['http://localhost:4010/', 'http://localhost:4010/oauth/2026-09/token'],
	])('HubSpot, base URL %j is kept', (baseUrl, address) => {
		expect(tokenAddress(new ContactSyncHubSpotOAuth2Api(), { baseUrl })).toBe(address);
	});
});
