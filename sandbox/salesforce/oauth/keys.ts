import { generateKeyPairSync } from 'node:crypto';

/** The connected app of the organisation. */
export const CONNECTED_APP = {
	name: 'Contact sync',
	consumerKey: '3MVG9sandbox.consumer.key.0001',
	consumerSecret: 'SANDBOX0CONSUMER0SECRET0001',
} as const;

/** A refresh token that the integration user has granted already. */
export const SEEDED_REFRESH_TOKEN = '5Aep861sandbox.refresh.token.0001';

export interface KeyPair {
	/** PEM, PKCS #8: what a credential holds. */
	readonly privateKey: string;
	/** PEM: what the app's certificate holds. */
	readonly publicKey: string;
}

let pair: KeyPair | undefined;

/** The key pair of the app, made on first use and the same for every organisation of the process. */
export function appKeys(): KeyPair {
	pair ??= generateKeyPairSync('rsa', {
		modulusLength: 2_048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	return pair;
}
