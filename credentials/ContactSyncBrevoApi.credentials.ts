import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { checkBrevoAccess } from '../clients/brevo/checkAccess';
import { diagnose, textOf } from '../nodes/shared/credentialHttp';

/** Brevo by API key. */
export class ContactSyncBrevoApi implements ICredentialType {
	name = 'contactSyncBrevoApi';

	displayName = 'Contact Sync Brevo API';

	documentationUrl = 'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#brevo-api-key';

	icon = { light: 'file:icons/brevoKey.svg', dark: 'file:icons/brevoKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'xkeysib-...',
			description: 'An API key (Brevo: SMTP &amp; API, API Keys). An SMTP key does not work.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.brevo.com/v3',
			description: 'Change it only for a proxy or a test server. Must begin with https://, except on this machine.',
		},
		{
			// Makes n8n call preAuthentication when the credential is tested; never empty, so only then.
			displayName: 'Checked',
			name: 'checked',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: 'when tested',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'api-key': '={{ $credentials.apiKey }}' } },
	};

	// The lists sit in the wide limit of the contacts endpoints; /account would cost one of 100 calls an hour.
	test: ICredentialTestRequest = {
		request: { baseURL: '={{ $credentials.baseUrl }}', url: '/contacts/lists', qs: { limit: 1 } },
	};

	/** Tells a wrong key from a blocked IP address, which Brevo answers with the same status; throws what to change. */
	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await diagnose(this, credentials, { 'api-key': textOf(credentials.apiKey) }, checkBrevoAccess);
	}
}
