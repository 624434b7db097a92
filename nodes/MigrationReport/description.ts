import type { INodeProperties } from 'n8n-workflow';

export const migrationReportProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Preview',
				value: 'preview',
				action: 'Preview an import',
				description: "After a Contact List Upsert in a dry run, by its output 'Summary': what the import would do",
			},
			{
				name: 'Report',
				value: 'report',
				action: 'Report on an import',
				description:
					"After the import, and a second Contact List Upsert in a dry run that reads it back, by its output 'Summary': what arrived",
			},
		],
		default: 'preview',
	},
	{
		displayName: 'Confirm Consent',
		name: 'consentConfirmed',
		type: 'boolean',
		default: false,
		description:
			'Whether you vouch that the contacts whom the files call subscribed agreed to get e-mail. A form can ask for it.',
		displayOptions: { show: { operation: ['preview'] } },
	},
];
