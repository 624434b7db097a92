import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { textOf } from '../core/json';
import { salesforceApp } from '../nodes/shared/credentials/salesforceApp';
import { myDomainField } from '../nodes/shared/credentials/salesforceHost';
import {
	newSession,
	sessionAuthenticated,
	sessionFields,
	sessionTest,
} from '../nodes/shared/credentials/salesforceSession';

/** Salesforce by client credentials: an app signs in as the user its administrator chose. */
export class ContactSyncSalesforceClientCredentialsApi implements ICredentialType {
	name = 'contactSyncSalesforceClientCredentialsApi';

	displayName = 'Contact Sync Salesforce Client Credentials API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#salesforce-client-credentials';

	icon = { light: 'file:icons/salesforceKey.svg', dark: 'file:icons/salesforceKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		salesforceApp('Enable its <b>Client Credentials Flow</b> and choose the user in <b>Policies &gt; Run As</b>.'),
		...sessionFields,
		myDomainField,
		{
			displayName: 'Consumer Key',
			name: 'consumerKey',
			type: 'string',
			default: '',
			required: true,
			description:
				"Of your External Client App (Salesforce Setup, 'External Client App Manager'), with the client credentials flow and a 'Run As' user",
		},
		{
			displayName: 'Consumer Secret',
			name: 'consumerSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Shown beside the consumer key',
		},
	];

	authenticate = sessionAuthenticated;

	test: ICredentialTestRequest = sessionTest;

	/** Signs in, when n8n has no session or Salesforce ended it, and when the credential is tested. */
	async preAuthentication(this: IHttpRequestHelper, credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await newSession(this, credential, () => ({
			kind: 'clientCredentials',
			consumerKey: textOf(credential.consumerKey).trim(),
			consumerSecret: textOf(credential.consumerSecret).trim(),
		}));
	}
}
