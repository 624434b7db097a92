import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';

/**
 * The RSA key of a credential. Takes what people paste: `\n` typed as two characters, everything on one line, no line break at
 * the end, quotes around it, lines before and after it.
 */
export function readPrivateKey(pasted: string): Result<KeyObject> {
	const text = pasted.replace(/\\r/g, '').replace(/\\n/g, '\n').replace(/\r/g, '').trim();
	const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+?)-----(.*?)-----END \1-----/gs)];
	// Some files hold the certificate as well.
	const [, kind, body] = blocks.find(([, name]) => name?.includes('PRIVATE KEY')) ?? blocks[0] ?? [];
	if (kind === undefined || body === undefined) {
		return wrongKey(
			text === ''
				? 'is empty: paste the private key'
				: 'is no whole PEM text: paste everything from -----BEGIN … to -----END …',
		);
	}
	if (kind.includes('ENCRYPTED') || /Proc-Type:[^\n]*ENCRYPTED/i.test(body)) {
		return wrongKey('is protected with a passphrase: paste one that is not (openssl pkey -in key.pem -out plain.pem)');
	}
	if (kind.includes('CERTIFICATE') || kind.includes('PUBLIC')) {
		return wrongKey(`holds a ${kind.toLowerCase()}: that one belongs into the app in Salesforce, the private key here`);
	}
	const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
	let key: KeyObject;
	try {
		key = createPrivateKey([`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ''].join('\n'));
	} catch {
		return wrongKey('cannot be read: it is damaged, or was not copied whole');
	}
	if (key.asymmetricKeyType !== 'rsa') return wrongKey('is no RSA key; Salesforce takes RS256 alone');
	return ok(key);
}

const wrongKey = (what: string): Failure => ({
	kind: 'stop',
	code: 'SETTING_INVALID',
	reason: `'Private Key' of the Salesforce credential ${what}`,
});
