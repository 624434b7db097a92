import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { checkHubSpotAccess } from '../clients/hubspot/api/checkAccess';
import { HUBSPOT_BASE_URL } from '../clients/hubspot/api/hubSpotClient';
import { baseUrlField, checkedField, whereFrom } from '../nodes/shared/credentials/credentialFields';
import { textOf } from '../core/json';
import { authenticatedBy, checkedRequest, diagnose } from '../nodes/shared/credentials/credentialHttp';

const keyOf = (credential: ICredentialDataDecryptedObject) => ({
	authorization: `Bearer ${textOf(credential.accessToken)}`,
});

/** HubSpot by a fixed token: a service key or the token of a private app. */
export class ContactSyncHubSpotApi implements ICredentialType {
	name = 'contactSyncHubSpotApi';

	displayName = 'Contact Sync HubSpot Access Token API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#hubspot-access-token';

	icon = { light: 'file:icons/hubSpotKey.svg', dark: 'file:icons/hubSpotKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		whereFrom(
			"In HubSpot open <b>Development &gt; Keys &gt; Service Keys</b> (as a super admin, or with developer-tools access), create a key with the scopes <b>crm.lists.read</b> and <b>crm.objects.contacts.read</b>, and paste it into 'Access Token'. It begins with pat-. The token of a private app works as well; a developer API key or a personal access key does not.",
		),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'pat-...',
			description:
				'A service key (HubSpot: Development, Keys, Service Keys) or the token of a private app. Scopes: crm.lists.read and crm.objects.contacts.read.',
		},
		baseUrlField(HUBSPOT_BASE_URL),
		checkedField,
	];

	authenticate = authenticatedBy(keyOf);

	test: ICredentialTestRequest = { request: checkedRequest('/account-info/2026-09/details') };

	/** Tells a wrong token from a missing scope; throws what the person has to change. */
	async preAuthentication(this: IHttpRequestHelper, credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await diagnose(this, credential, keyOf(credential), checkHubSpotAccess);
	}
}
