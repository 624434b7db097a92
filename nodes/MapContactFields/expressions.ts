import type { IExecuteFunctions } from 'n8n-workflow';
import { shortened } from '../../core/calls/vendorMessage';
import { setOwnValue } from '../../core/contact/ownValues';
import type { ComputedValues, FailedRows } from '../../core/mapping/applyMapping';
import type { SourceField } from '../../core/mapping/fields';
import type { MappingPlan } from '../../core/mapping/mapping';
import { fieldsReadBy, fieldsReadIn, inQuotes, readingOf } from '../shared/mapping/namedFields';

/** A row of the mapping that is computed. */
export interface Expression {
	readonly destination: string;
	/** What the row is called. */
	readonly label: string;
	readonly expression: string;
	/** The source fields it reads by name, whether or not they exist. */
	readonly reads: readonly string[];
	/** Set when the row holds a text where a field was meant: it has no value then. */
	readonly slip?: TextSlip;
}

/** A row that would send the name of a field, or an expression without its braces, to every contact. */
export interface TextSlip {
	readonly text: string;
	/** What to do, in full sentences without the last full stop. */
	readonly advice: string;
}

export const expressionsOf = (plan: MappingPlan, fields: readonly SourceField[]): readonly Expression[] =>
	plan.rows.flatMap(({ destination, from }) => {
		if (from.kind !== 'expression') return [];
		const { expression } = from;
		const slip = slipOf(expression, fields);
		const { name, label } = destination;
		return [{ destination: name, label, expression, reads: fieldsReadIn(expression), ...(slip ? { slip } : {}) }];
	});

/**
 * Without braces an expression is a text. A text that is exactly the name or label of a field was meant as that field; any other
 * one is sent as it is. One between braces and quotes is always meant.
 */
function slipOf(expression: string, fields: readonly SourceField[]): TextSlip | undefined {
	if (expression.includes('{{')) return undefined;
	const text = expression.trim();
	const field = fields.find(({ name }) => name === text) ?? fields.find(({ label }) => label === text);
	if (field) {
		return {
			text,
			advice: `To send the field, switch the row to Fixed and pick '${field.label}', or write {{ ${readingOf(field.name)} }}. To send this very text, write {{ ${inQuotes(text)} }}`,
		};
	}
	if (!/^\$(?:json|input|node|item|\()/.test(text)) return undefined;
	return { text: shortened(text), advice: `To send its result, put it in double braces: {{ ${shortened(text)} }}` };
}

/** A node before this one, and the source fields that its parameters name. */
export interface NodeReads {
	readonly node: string;
	readonly reads: readonly string[];
}

/** The nodes before this one that name source fields. */
export const readBefore = (context: IExecuteFunctions): readonly NodeReads[] =>
	context
		.getParentNodes(context.getNode().name, { includeNodeParameters: true })
		.filter(({ disabled }) => !disabled)
		.map(({ name, parameters }) => ({ node: name, reads: fieldsReadBy(parameters) }));

export interface Evaluation {
	readonly values: ComputedValues;
	/** Rows whose expression cannot be worked out for this item: they have no value. */
	readonly failed: FailedRows;
}

/** Works out the expression rows for one item. The message of n8n names what is wrong with the expression. */
export function evaluate(
	context: IExecuteFunctions,
	expressions: readonly Expression[],
	itemIndex: number,
): Evaluation {
	const values: Record<string, unknown> = {};
	const failed = new Map<string, string>();
	for (const { destination, expression, slip } of expressions) {
		if (slip) {
			failed.set(destination, `is the text '${slip.text}'. ${slip.advice}`);
			continue;
		}
		try {
			setOwnValue(values, destination, context.evaluateExpression(expression, itemIndex) as unknown);
		} catch (error) {
			const said = shortened(error instanceof Error ? error.message : String(error));
			failed.set(destination, `cannot be worked out [item ${itemIndex}]: ${said}`);
		}
	}
	return { values, failed };
}
