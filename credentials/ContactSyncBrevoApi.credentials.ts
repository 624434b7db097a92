import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { checkBrevoAccess, refuseSmtpKey } from '../clients/brevo/api/checkAccess';
import { BREVO_BASE_URL } from '../clients/brevo/api/limits';
import { baseUrlField, checkedField, whereFrom } from '../nodes/shared/credentials/credentialFields';
import { textOf } from '../core/json';
import { authenticatedBy, checkedRequest, diagnose } from '../nodes/shared/credentials/credentialHttp';

const keyOf = (credential: ICredentialDataDecryptedObject) => ({ 'api-key': textOf(credential.apiKey) });

/** Brevo by API key. */
export class ContactSyncBrevoApi implements ICredentialType {
	name = 'contactSyncBrevoApi';

	displayName = 'Contact Sync Brevo API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#brevo-api-key';

	icon = { light: 'file:icons/brevoKey.svg', dark: 'file:icons/brevoKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		whereFrom(
			"In Brevo open <b>SMTP &amp; API &gt; API Keys</b> (<a href='https://app.brevo.com/settings/keys/api' target='_blank'>app.brevo.com/settings/keys/api</a>), create a key and paste it into 'API Key'. It begins with xkeysib-; an SMTP key (xsmtpsib-) does not work. Brevo's keys have no scopes. If the account lets only known addresses in, add that of this n8n under <b>Security &gt; Authorized IPs</b>.",
		),
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
		baseUrlField(BREVO_BASE_URL),
		checkedField,
	];

	authenticate = authenticatedBy(keyOf, ({ apiKey }) => refuseSmtpKey(textOf(apiKey)));

	// The lists sit in the wide limit of the contacts endpoints; /account would cost one of 100 calls an hour.
	test: ICredentialTestRequest = { request: checkedRequest('/contacts/lists', { limit: 1 }) };

	/** Tells a wrong key from a blocked IP address, which Brevo answers with the same status; throws what to change. */
	async preAuthentication(this: IHttpRequestHelper, credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await diagnose(this, credential, keyOf(credential), checkBrevoAccess);
	}
}
