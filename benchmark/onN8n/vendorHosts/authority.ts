import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { md, pki } from 'node-forge';

/** A certificate for some hosts, with the authority that signed it. Both are thrown away with the run. */
export interface HostCertificate {
	readonly key: string;
	readonly certificate: string;
	/** What a client has to trust, as a PEM file for `NODE_EXTRA_CA_CERTS`. */
	readonly authority: string;
}

const DAY_MS = 86_400_000;

/** Makes an authority that nothing else knows, and a certificate for `hosts`; good for two days around now. */
export function certificateFor(hosts: readonly string[]): HostCertificate {
	const [authorityKeys, hostKeys] = [keyPair(), keyPair()];
	const issuer = [{ name: 'commonName', value: 'contact-sync bench (throwaway)' }];
	const authority = unsigned(authorityKeys.publicKey, issuer, issuer, [
		{ name: 'basicConstraints', cA: true, critical: true },
		{ name: 'keyUsage', keyCertSign: true, critical: true },
	]);
	authority.sign(authorityKeys.privateKey, sha256());
	const host = unsigned(hostKeys.publicKey, [{ name: 'commonName', value: hosts[0] }], issuer, [
		{ name: 'basicConstraints', cA: false },
		{ name: 'extKeyUsage', serverAuth: true },
		{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
	]);
	host.sign(authorityKeys.privateKey, sha256());
	return {
		key: pki.privateKeyToPem(hostKeys.privateKey),
		certificate: pki.certificateToPem(host),
		authority: pki.certificateToPem(authority),
	};
}

const sha256 = () => md.sha256.create();

/** Node makes keys some hundred times faster than the library does. */
function keyPair(): pki.rsa.KeyPair {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	});
	return { publicKey: pki.publicKeyFromPem(publicKey), privateKey: pki.privateKeyFromPem(privateKey) };
}

function unsigned(
	publicKey: pki.rsa.PublicKey,
	subject: pki.CertificateField[],
	issuer: pki.CertificateField[],
	extensions: object[],
): pki.Certificate {
	const certificate = pki.createCertificate();
	certificate.publicKey = publicKey;
	// A serial number is positive: its first bit is 0.
	certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
	certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
	certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
	certificate.setSubject(subject);
	certificate.setIssuer(issuer);
	certificate.setExtensions(extensions);
	return certificate;
}
