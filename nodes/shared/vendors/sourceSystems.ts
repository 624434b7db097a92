import type { INodeCredentialDescription } from 'n8n-workflow';
import { recentAttributes } from '../../../clients/brevo/api/cachedDefinitions';
import { toSourceFields as toBrevoFields } from '../../../clients/brevo/source/toSourceFields';
import { sourceFieldsOf } from '../../../clients/exports/contacts/toSourceFields';
import { textOf } from '../../../core/json';
import { recentAccount, recentProperties } from '../../../clients/hubspot/api/cachedDefinitions';
import { toSourceFields as toHubSpotFields } from '../../../clients/hubspot/source/toSourceFields';
import { recentObject, recentOrganisation } from '../../../clients/salesforce/api/cachedDefinitions';
import { toSourceFields as toSalesforceFields } from '../../../clients/salesforce/source/toSourceFields';
import type { WantedFields } from '../../../core/calls/cache/definitionCache';
import type { SourceField } from '../../../core/mapping/fields';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { hubSpotCredentials, hubSpotCredentialType } from '../credentials/hubSpotAuthentication';
import type { NodeContext } from '../n8n/n8nHttp';
import { BREVO_CREDENTIAL, openBrevo } from './openBrevo';
import { openHubSpot } from './openHubSpot';
import { openSalesforce } from './openSalesforce';
import { salesforceCredentials, salesforceCredentialType } from '../credentials/salesforceAuthentication';
import { MAPPING_SOURCES, mappingSource, SOURCES } from './mappingSource';

/** Where contacts come from, as far as a mapping asks for it. */
export interface SourceSystem {
	/** As messages call it. */
	readonly label: string;
	/** The credential that the node's parameters choose; absent: none is needed. */
	readonly credentialType?: string;
	/** Its fields, see `DefinitionCache`. */
	readonly fields: (wanted?: WantedFields) => Promise<Result<readonly SourceField[]>>;
	/** The name of its time zone as it gives it, at most 10 minutes old; undefined when it gives none. */
	readonly timeZone: () => Promise<Result<string | undefined>>;
}

/** The credentials of all sources for a node's description. */
export const sourceCredentials: INodeCredentialDescription[] = [
	...hubSpotCredentials,
	...salesforceCredentials,
	// Brevo may be on either side: `brevoSide` has a value where it is.
	{ name: BREVO_CREDENTIAL, required: true, displayOptions: { show: { brevoSide: ['apiKey'] } } },
];

/** The source that the parameters of a Map Contact Fields node name. `parameter` reads one of them. */
export function sourceSystem(context: NodeContext, parameter: (name: string) => unknown): SourceSystem {
	const { name, object = 'Contact' } = mappingSource({
		source: parameter('source'),
		salesforceObject: parameter('salesforceObject'),
	});
	if (name === 'brevo') return brevo(context);
	if (name === 'export') return exportFiles(parameter('exportColumns'));
	return name === 'salesforce'
		? salesforce(context, salesforceCredentialType(parameter('salesforceAuthentication')), object)
		: hubSpot(context, hubSpotCredentialType(parameter('authentication')));
}

/** The files that Read Contact Export reads: what they hold is known by the names of their columns alone. */
const exportFiles = (columns: unknown): SourceSystem => ({
	label: MAPPING_SOURCES.export.label,
	fields: async () => await Promise.resolve(ok(sourceFieldsOf(columnsIn(columns)))),
	timeZone: async () => await Promise.resolve(ok(undefined)),
});

/** Names between commas, semicolons, tabs or line breaks. */
const columnsIn = (columns: unknown): string[] => [
	...new Set(
		textOf(columns)
			.split(/[,;\t\r\n]+/)
			.map((name) => name.trim())
			.filter((name) => name !== ''),
	),
];

const hubSpot = (context: NodeContext, credentialType: string): SourceSystem => ({
	label: SOURCES.hubSpot.label,
	credentialType,
	fields: async (wanted) => {
		const opened = await openHubSpot(context, credentialType);
		if (opened.kind !== 'ok') return opened;
		const { client, account, clock } = opened.value;
		const answer = await recentProperties(client, account, clock, wanted);
		return answer.kind === 'ok' ? ok(toHubSpotFields(answer.value)) : answer;
	},
	timeZone: async () => {
		const opened = await openHubSpot(context, credentialType);
		if (opened.kind !== 'ok') return opened;
		const { client, account, clock } = opened.value;
		const answer = await recentAccount(client, account, clock);
		return answer.kind === 'ok' ? ok(answer.value.timeZone) : answer;
	},
});

/** It names no time zone; its dates are days. */
const brevo = (context: NodeContext): SourceSystem => ({
	label: MAPPING_SOURCES.brevo.label,
	credentialType: BREVO_CREDENTIAL,
	fields: async (wanted) => {
		const opened = await openBrevo(context);
		if (opened.kind !== 'ok') return opened;
		const { client, account, clock } = opened.value;
		const answer = await recentAttributes(client, account, clock, wanted);
		return answer.kind === 'ok' ? ok(toBrevoFields(answer.value)) : answer;
	},
	timeZone: async () => await Promise.resolve(ok(undefined)),
});

const salesforce = (context: NodeContext, credentialType: string, object: string): SourceSystem => ({
	label: SOURCES.salesforce.label,
	credentialType,
	fields: async (wanted) => {
		const opened = await openSalesforce(context, credentialType);
		if (opened.kind !== 'ok') return opened;
		const { client, account, clock } = opened.value;
		const answer = await recentObject(client, account, object, clock, wanted);
		return answer.kind === 'ok' ? ok(toSalesforceFields(answer.value)) : answer;
	},
	timeZone: async () => {
		const opened = await openSalesforce(context, credentialType);
		if (opened.kind !== 'ok') return opened;
		const { client, account, clock } = opened.value;
		const answer = await recentOrganisation(client, account, clock);
		return answer.kind === 'ok' ? ok(answer.value.timeZone) : answer;
	},
});
