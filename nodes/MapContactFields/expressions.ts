import type { IExecuteFunctions } from 'n8n-workflow';
import type { Warning } from '../../core/contact/contact';
import type { ComputedValues } from '../../core/mapping/applyMapping';
import type { MappingPlan } from '../../core/mapping/mapping';
import type { ReasonCode } from '../../core/outcome';
import { putNamed } from '../../core/contact/namedValues';

export interface Expression {
	readonly destination: string;
	readonly expression: string;
}

export const expressionsOf = (plan: MappingPlan): readonly Expression[] =>
	plan.rows.flatMap(({ destination, from }) =>
		from.kind === 'expression' ? [{ destination: destination.name, expression: from.expression }] : [],
	);

export interface Evaluation {
	readonly values: ComputedValues;
	/** Expressions that cannot be worked out for this item; their rows have no value. */
	readonly failures: ReadonlyArray<Warning & { readonly code: ReasonCode }>;
}

/** Works out the expression rows for one item. The message of n8n names what is wrong with the expression. */
export function evaluate(
	context: IExecuteFunctions,
	expressions: readonly Expression[],
	itemIndex: number,
): Evaluation {
	const values: Record<string, unknown> = {};
	const failures: Array<Warning & { code: ReasonCode }> = [];
	for (const { destination, expression } of expressions) {
		try {
			putNamed(values, destination, context.evaluateExpression(expression, itemIndex));
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			const message = `The expression of '${destination}' cannot be worked out [item ${itemIndex}]: ${reason}`;
			failures.push({ field: destination, code: 'SETTING_INVALID', message });
		}
	}
	return { values, failures };
}
