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
import { environmentFields } from '../nodes/shared/credentials/salesforceHost';
import {
	newSession,
	sessionAuthenticated,
	sessionFields,
	sessionTest,
} from '../nodes/shared/credentials/salesforceSession';

/** Salesforce by JWT bearer: a private key signs in as a user, without a person. */
export class ContactSyncSalesforceJwtApi implements ICredentialType {
	name = 'contactSyncSalesforceJwtApi';

	displayName = 'Contact Sync Salesforce JWT API';

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#salesforce-jwt';

	icon = { light: 'file:icons/salesforceKey.svg', dark: 'file:icons/salesforceKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		salesforceApp(
			'Enable its <b>JWT Bearer Flow</b>, upload the certificate of your private key, and under <b>Policies</b> pre-authorise the user.',
		),
		...sessionFields,
		...environmentFields,
		{
			displayName: 'Consumer Key',
			name: 'consumerKey',
			type: 'string',
			default: '',
			required: true,
			description: "Of your External Client App (Salesforce Setup, 'External Client App Manager')",
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. sync@mycompany.com',
			description: 'The Salesforce user to sign in as. The app must be pre-authorised for this user.',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			required: true,
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description: 'The RSA key in PEM format whose certificate the app holds',
		},
		{
			displayName: 'Audience',
			name: 'audience',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://login.salesforce.com',
			description: 'Leave empty to name the host that signs in, which nearly every organisation expects',
		},
	];

	authenticate = sessionAuthenticated;

	test: ICredentialTestRequest = sessionTest;

	/** Signs in, when n8n has no session or Salesforce ended it, and when the credential is tested. */
	async preAuthentication(this: IHttpRequestHelper, credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await newSession(this, credential, (host) => ({
			kind: 'jwt',
			audience: textOf(credential.audience).trim() || host,
			consumerKey: textOf(credential.consumerKey).trim(),
			username: textOf(credential.username).trim(),
			privateKey: textOf(credential.privateKey),
		}));
	}
}
