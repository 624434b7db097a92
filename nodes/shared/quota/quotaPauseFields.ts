import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { ledgerOptions, quotaFields } from './quotaParameters';

/** HB-19, SB-15: whether a trigger waits while a quota is used up, and for which. */
export const quotaPauseFields: INodeProperties[] = [
	{
		displayName: 'Pause While Over Quota',
		name: 'pauseWhileOverQuota',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Off', value: 'off', description: 'Contacts are passed on whether or not a quota is used up' },
			{
				name: 'As the Quota Guard of This Workflow Says',
				value: 'fromQuotaGuard',
				description: 'Wait while the quota of a Quota Guard after this trigger is used up',
			},
			{ name: 'As Set Here', value: 'own', description: 'Wait while the quota named below is used up' },
		],
		default: 'off',
		description:
			'Whether nothing is read and passed on while a quota is used up. Once it renews or is raised, the sync goes on from where it was.',
	},
	...updateDisplayOptions({ show: { pauseWhileOverQuota: ['own'] } }, quotaFields),
];

/** Entries of a trigger's options. */
export const quotaPauseOptions: INodeProperties[] = updateDisplayOptions(
	{ show: { '/pauseWhileOverQuota': ['own'] } },
	ledgerOptions,
);

/** When a trigger needs the credential with which the quota is read. */
export const forQuotaPause: INodeCredentialDescription['displayOptions'] = {
	show: { pauseWhileOverQuota: ['fromQuotaGuard', 'own'] },
};
