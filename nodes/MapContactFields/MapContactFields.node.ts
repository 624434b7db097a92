import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError, sleep } from 'n8n-workflow';
import type { MappedFields } from '../../core/contact/contact';
import { readContactChange } from '../../core/contact/readContactChange';
import { applyMapping, mustPass } from '../../core/mapping/applyMapping';
import { adviceFor } from '../../core/outcome';
import { destinationLabelExpression } from '../shared/vendors/destinationSystems';
import { mappingSource, sourceLabelExpression } from '../shared/vendors/mappingSource';
import { searchTimeZones } from '../shared/n8n/timeZoneField';
import { toNodeError } from '../shared/n8n/toNodeError';
import { mapContactFieldsCredentials, mapContactFieldsProperties } from './description';
import { ExpressionReport } from './expressionReport';
import { evaluate, expressionsOf, readBefore } from './expressions';
import { mappingHints } from './table/mappingHints';
import type { Refusal } from './mappingReport';
import { MappingReport } from './mappingReport';
import { prepareMapping } from './prepareMapping';
import { mayBeStale } from './staleTestData';
import { getDestinationFields, getMappingTable, getSourceFields, searchFieldsToMap } from './table/getMappingTable';
import { excludedItem, withoutMapping } from './toItems';
import { wrongSource } from './wrongSource';
import { inTableOrder } from '../shared/records/tableOrder';

/** Expressions are slow (0.6 ms each); n8n answers other requests after this many items. */
const ITEMS_BETWEEN_PAUSES = 200;

export class MapContactFields implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Map Contact Fields',
		name: 'mapContactFields',
		icon: { light: 'file:mapContactFields.svg', dark: 'file:mapContactFields.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: `={{ ${sourceLabelExpression} + " to " + ${destinationLabelExpression} }}`,
		description:
			'Choose which field of HubSpot, Salesforce, Brevo or an export file fills which one of Brevo, HubSpot or Salesforce',
		defaults: { name: 'Map Contact Fields' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Mapped', 'Excluded'],
		usableAsTool: undefined,
		credentials: mapContactFieldsCredentials,
		hints: mappingHints,
		properties: mapContactFieldsProperties,
	};

	methods = {
		resourceMapping: { getMappingTable },
		loadOptions: { getSourceFields, getDestinationFields },
		listSearch: { searchFieldsToMap, searchTimeZones },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const prepared = await prepareMapping(this);
		if (prepared.kind !== 'ok') {
			if (!this.continueOnFail()) throw toNodeError(this.getNode(), prepared);
			return withoutMapping(items, prepared);
		}

		const { plan, sourceFields, sourceSystem, warnings } = prepared.value;
		const expressions = expressionsOf(plan, sourceFields);
		const report = new MappingReport(plan, expressions, sourceFields, warnings, mayBeStale(this));
		const computed = new ExpressionReport(expressions, sourceFields, sourceSystem, readBefore(this));
		/** Whether a contact that opted out or leaves would wait if the run stopped. */
		let held = false;
		const mapped: INodeExecutionData[] = [];
		const excluded: INodeExecutionData[] = [];
		const source = mappingSource({
			source: this.getNodeParameter('source', 0, ''),
			salesforceObject: this.getNodeParameter('salesforceObject', 0, ''),
		});
		const now = Date.now();
		const exclude = (index: number, json: IDataObject, refusal: Refusal, contact?: MappedFields): void =>
			void excluded.push(excludedItem(json, report.excluded(refusal), index, contact));
		for (const [index, item] of items.entries()) {
			if (expressions.length > 0 && index % ITEMS_BETWEEN_PAUSES === ITEMS_BETWEEN_PAUSES - 1) await sleep(0);
			const reading = readContactChange(item.json, now);
			if (reading.kind === 'notAContact') {
				exclude(index, item.json, { code: 'NOT_A_CONTACT', message: reading.reason });
				continue;
			}
			const wrong = wrongSource(reading.contact, source);
			if (wrong !== undefined) {
				exclude(index, item.json, { code: 'WRONG_SOURCE', message: wrong });
				continue;
			}
			const evaluation = evaluate(this, expressions, index);
			computed.saw(reading.contact, evaluation, index);
			report.saw(reading.contact);
			held ||= mustPass(reading.contact);
			const outcome = applyMapping(plan, reading.contact, evaluation.values, evaluation.failed);
			if (outcome.kind === 'excluded') exclude(index, item.json, outcome, outcome.contact);
			else mapped.push({ json: inTableOrder({ ...outcome.contact }), pairedItem: { item: index } });
		}
		// Stopping loses nothing, for the trigger delivers the contacts again, but it holds everything back.
		const wrong = held || this.continueOnFail() ? undefined : computed.wrongRow();
		if (wrong) {
			throw new NodeOperationError(this.getNode(), wrong.message, {
				itemIndex: wrong.itemIndex,
				description: adviceFor('SETTING_INVALID'),
			});
		}
		for (const hint of report.hints(items.length, computed.hints(items.length))) this.addExecutionHints(hint);
		return [mapped, excluded];
	}
}
