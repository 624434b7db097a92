import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, sleep } from 'n8n-workflow';
import { readContactChange } from '../../core/contact/readContactChange';
import { applyMapping } from '../../core/mapping/applyMapping';
import { mappingSource } from '../shared/sourceSystems';
import { searchTimeZones } from '../shared/timeZone';
import { toNodeError } from '../shared/toNodeError';
import { mapContactFieldsProperties } from './description';
import { evaluate, expressionsOf } from './expressions';
import { mappingHints } from './mappingHints';
import { MappingReport } from './mappingReport';
import { prepareMapping } from './prepareMapping';
import { getDestinationFields, getMappingTable, getSourceFields } from './resourceMapping';
import { excludedItem, passesAnyway, withoutMapping } from './toItems';
import { wrongSource } from './wrongSource';

/** Expressions are slow (0.6 ms each); n8n answers other requests after this many items. */
const ITEMS_BETWEEN_PAUSES = 200;

export class MapContactFields implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Map Contact Fields',
		name: 'mapContactFields',
		icon: { light: 'file:mapContactFields.svg', dark: 'file:mapContactFields.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ ($parameter["source"] === "salesforce" ? "Salesforce" : "HubSpot") + " to Brevo" }}',
		description: 'Turn the contacts of one system into contacts as another system wants them',
		defaults: { name: 'Map Contact Fields' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Mapped', 'Excluded'],
		usableAsTool: undefined,
		credentials: [
			{
				name: 'contactSyncHubSpotApi',
				required: true,
				displayOptions: { show: { source: ['hubSpot'], authentication: ['accessToken'] } },
			},
			{
				name: 'contactSyncHubSpotOAuth2Api',
				required: true,
				displayOptions: { show: { source: ['hubSpot'], authentication: ['oAuth2'] } },
			},
			{
				name: 'contactSyncSalesforceOAuth2Api',
				required: true,
				displayOptions: { show: { source: ['salesforce'], salesforceAuthentication: ['oAuth2'] } },
			},
			{
				name: 'contactSyncSalesforceJwtApi',
				required: true,
				displayOptions: { show: { source: ['salesforce'], salesforceAuthentication: ['jwt'] } },
			},
			{
				name: 'contactSyncSalesforceClientCredentialsApi',
				required: true,
				displayOptions: { show: { source: ['salesforce'], salesforceAuthentication: ['clientCredentials'] } },
			},
			{ name: 'contactSyncBrevoApi', required: true, displayOptions: { show: { destination: ['brevo'] } } },
		],
		hints: mappingHints,
		properties: mapContactFieldsProperties,
	};

	methods = {
		resourceMapping: { getMappingTable },
		loadOptions: { getSourceFields, getDestinationFields },
		listSearch: { searchTimeZones },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const prepared = await prepareMapping(this);
		if (prepared.kind !== 'ok') {
			if (!this.continueOnFail()) throw toNodeError(this.getNode(), prepared);
			return withoutMapping(items, prepared);
		}

		const { plan, warnings } = prepared.value;
		const expressions = expressionsOf(plan);
		const report = new MappingReport(plan, warnings);
		const mapped: INodeExecutionData[] = [];
		const excluded: INodeExecutionData[] = [];
		const source = mappingSource({
			source: this.getNodeParameter('source', 0, ''),
			salesforceObject: this.getNodeParameter('salesforceObject', 0, ''),
		});
		const now = Date.now();
		for (const [index, item] of items.entries()) {
			if (expressions.length > 0 && index % ITEMS_BETWEEN_PAUSES === ITEMS_BETWEEN_PAUSES - 1) await sleep(0);
			const reading = readContactChange(item.json, now);
			if (reading.kind === 'notAContact') {
				excluded.push(excludedItem(item.json, report.excluded('NOT_A_CONTACT', reading.reason), index));
				continue;
			}
			const wrong = wrongSource(reading.contact, source);
			if (wrong !== undefined) {
				excluded.push(excludedItem(item.json, report.excluded('WRONG_SOURCE', wrong), index));
				continue;
			}
			const { values, failures } = evaluate(this, expressions, index);
			// An expression that fails for one contact never stops the run: the opt-outs beside it, and of later batches, would wait for it.
			const [failure] = failures;
			const outcome = applyMapping(plan, reading.contact, values);
			report.saw(reading.contact);
			const contact = outcome.kind === 'mapped' ? outcome.contact.contact : outcome.contact;
			if (failure && !passesAnyway(reading.contact)) {
				const told = report.excluded(failure.code, failure.message, 'failed');
				excluded.push(excludedItem(item.json, told, index, contact));
			} else if (outcome.kind === 'mapped') {
				const warnings = failure ? [...outcome.contact.warnings, ...failures] : outcome.contact.warnings;
				mapped.push({ json: { ...outcome.contact, warnings }, pairedItem: { item: index } });
			} else {
				excluded.push(excludedItem(item.json, report.excluded(outcome.code, outcome.message), index, contact));
			}
		}
		for (const hint of report.hints(items.length)) this.addExecutionHints(hint);
		return [mapped, excluded];
	}
}
