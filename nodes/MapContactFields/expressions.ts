import type { IExecuteFunctions } from 'n8n-workflow';
import { setOwnValue } from '../../core/contact/ownValues';
import type { ComputedValues, FailedRows } from '../../core/mapping/applyMapping';
import type { MappingPlan } from '../../core/mapping/mapping';
import { shortened } from '../../core/calls/vendorMessage';

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
	for (const { destination, expression } of expressions) {
		try {
			setOwnValue(values, destination, context.evaluateExpression(expression, itemIndex) as unknown);
		} catch (error) {
			const said = shortened(error instanceof Error ? error.message : String(error));
			failed.set(destination, `cannot be worked out [item ${itemIndex}]: ${said}`);
		}
	}
	return { values, failed };
}

/**
 * Finds an expression that fails for every contact of a run: that is a wrong setting, not a peculiar contact. One contact
 * alone proves nothing.
 */
export class FailingRows {
	private contacts = 0;
	private firstItem = 0;
	private always: FailedRows = new Map();

	saw(failed: FailedRows, itemIndex: number): void {
		if (this.contacts++ === 0) {
			this.always = failed;
			this.firstItem = itemIndex;
		} else if (this.always.size > 0) {
			this.always = new Map([...this.always].filter(([destination]) => failed.has(destination)));
		}
	}

	/** The first such row, with the first item it failed for. */
	wrongSetting(): { readonly message: string; readonly itemIndex: number } | undefined {
		const [row] = this.always;
		if (row === undefined || this.contacts < 2) return undefined;
		return { message: `The expression of '${row[0]}' ${row[1]}`, itemIndex: this.firstItem };
	}
}
