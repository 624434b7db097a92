import type { Result } from './result';
import { ok } from './result';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Checks the base URL of a credential: https only, except on loopback where test servers run, and no user name, query or
 * fragment. Nor what a parser of URLs passes over, so that no address leads elsewhere than it reads. Answers it without a trailing
 * slash. `named` is how a message calls it.
 */
export function checkBaseUrl(baseUrl: string, named = "The 'Base URL' of the credential"): Result<string> {
	const refused = (what: string): Result<string> => ({
		kind: 'stop',
		code: 'SETTING_INVALID',
		reason: `${named} ${what}`,
	});
	const text = baseUrl.trim();
	if (/[\s\\\p{Cc}\p{Cf}]/u.test(text))
		return refused('must not hold blanks, line breaks, invisible signs or backslashes');
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return refused('is not a URL');
	}
	const loopback = LOOPBACK.has(url.hostname);
	const isWhole = /^https?:\/\/[^/]/i.test(text);
	if (!isWhole || (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)))
		return refused('must begin with https://');
	if (/\/\/[^/]*@|[?#]/.test(text)) return refused('must not hold a user name, a query or a fragment');
	return ok(`${url.origin}${url.pathname}`.replace(/\/+$/, ''));
}
