/**
 * `https://` or this machine, without a user name, query or fragment: what `checkBaseUrl` accepts, as a pattern for the expressions of
 * OAuth2 credentials. n8n itself sends the client's secret to the token address, before any code of this package sees it.
 */
const SAFE =
	'/^(https:\\/\\/[^@?#\\s\\\\]+|http:\\/\\/(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?(\\/[^@?#\\s\\\\]*)?)$/i';

/** The address that the expression `address` gives, or else one that cannot exist (RFC 2606) and names the field to correct. */
export const safeAddress = (address: string, field: string): string =>
	`(${SAFE}.test(${address}) ? ${address} : "https://${field}-must-begin-with-https.invalid")`;
