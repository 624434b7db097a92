import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError, sleep } from 'n8n-workflow';
import { readContactChange } from '../../core/contact/readContactChange';
import type { ComputedValues } from '../../core/mapping/applyMapping';
import { applyMapping } from '../../core/mapping/applyMapping';
import type { MappingPlan } from '../../core/mapping/mapping';
import type { Outcome, ReasonCode } from '../../core/outcome';
import { adviceFor, withAdvice } from '../../core/outcome';
import { toNodeError } from '../shared/toNodeError';
import { mapContactFieldsProperties } from './description';
import { MappingReport } from './mappingReport';
import { prepareMapping } from './prepareMapping';
import { getDestinationFields, getMappingTable, getSourceFields } from './resourceMapping';

/** Expressions are slow (0.6 ms each); n8n answers other requests after this many items. */
const ITEMS_BETWEEN_PAUSES = 200;

export class MapContactFields implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Map Contact Fields',
		name: 'mapContactFields',
		icon: { light: 'file:mapContactFields.svg', dark: 'file:mapContactFields.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'HubSpot to Brevo',
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
				displayOptions: { show: { authentication: ['accessToken'] } },
			},
			{
				name: 'contactSyncHubSpotOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{ name: 'contactSyncBrevoApi', required: true, displayOptions: { show: { destination: ['brevo'] } } },
		],
		properties: mapContactFieldsProperties,
	};

	methods = {
		resourceMapping: { getMappingTable },
		loadOptions: { getSourceFields, getDestinationFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const plan = await prepareMapping(this);
		if (plan.kind !== 'ok') {
			if (!this.continueOnFail()) throw toNodeError(this.getNode(), plan);
			const outcome = failed(plan.code, plan.reason, plan.kind === 'retry');
			return [[], items.map((item, index) => withOutcome(item.json, outcome, index))];
		}

		const expressions = expressionsOf(plan.value);
		const report = new MappingReport(plan.value);
		const mapped: INodeExecutionData[] = [];
		const excluded: INodeExecutionData[] = [];
		const now = Date.now();
		for (const [index, item] of items.entries()) {
			if (expressions.length > 0 && index % ITEMS_BETWEEN_PAUSES === ITEMS_BETWEEN_PAUSES - 1) await sleep(0);
			const reading = readContactChange(item.json, now);
			if (reading.kind === 'notAContact') {
				excluded.push(withOutcome(item.json, report.excluded('NOT_A_CONTACT', reading.reason), index));
				continue;
			}
			const computed = evaluate(this, expressions, index);
			if (computed.kind === 'failed') {
				if (!this.continueOnFail()) {
					throw new NodeOperationError(this.getNode(), computed.reason, {
						itemIndex: index,
						description: adviceFor('SETTING_INVALID'),
					});
				}
				excluded.push(withOutcome(item.json, failed('SETTING_INVALID', computed.reason, false), index));
				continue;
			}
			const outcome = applyMapping(plan.value, reading.contact, computed.values);
			report.saw(reading.contact);
			if (outcome.kind === 'mapped') mapped.push({ json: { ...outcome.contact }, pairedItem: { item: index } });
			else excluded.push(withOutcome(item.json, report.excluded(outcome.code, outcome.message), index));
		}
		for (const hint of report.hints(items.length)) this.addExecutionHints(hint);
		return [mapped, excluded];
	}
}

interface Expression {
	readonly destination: string;
	readonly expression: string;
}

const expressionsOf = (plan: MappingPlan): readonly Expression[] =>
	plan.rows.flatMap(({ destination, from }) =>
		from.kind === 'expression' ? [{ destination: destination.name, expression: from.expression }] : [],
	);

type Evaluation =
	{ readonly kind: 'ok'; readonly values: ComputedValues } | { readonly kind: 'failed'; readonly reason: string };

/** Works out the expression rows for one item. The message of n8n names what is wrong with the expression. */
function evaluate(context: IExecuteFunctions, expressions: readonly Expression[], itemIndex: number): Evaluation {
	const values: Record<string, unknown> = {};
	for (const { destination, expression } of expressions) {
		try {
			values[destination] = context.evaluateExpression(expression, itemIndex);
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error);
			return {
				kind: 'failed',
				reason: `The expression of '${destination}' cannot be worked out [item ${itemIndex}]: ${message}`,
			};
		}
	}
	return { kind: 'ok', values };
}

const failed = (code: ReasonCode, message: string, retryable: boolean): Outcome => ({
	status: 'failed',
	code,
	message: withAdvice(message, code),
	retryable,
});

/** The item as it came, with what became of it. */
function withOutcome(json: IDataObject, outcome: Outcome, index: number): INodeExecutionData {
	return { json: { ...json, outcome: { ...outcome } }, pairedItem: { item: index } };
}
