import type { IExecuteFunctions, INode, IPollFunctions } from 'n8n-workflow';
import { shortened } from '../../../core/calls/vendorMessage';
import { ownValue } from '../../../core/contact/ownValues';
import { idTextOf, isRecord } from '../../../core/json';
import { plainNumber } from '../../../core/plainNumber';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';

/** Reads a parameter of the running node; `chosen`: of a resource locator only what is chosen in it. */
export type ParameterReader = (name: string, fallback: unknown, chosen?: boolean) => unknown;

export const pollParameters =
	(context: IPollFunctions): ParameterReader =>
	(name, fallback, chosen = false) =>
		context.getNodeParameter(name, fallback, { extractValue: chosen });

/** As of the item at `index`, for expressions. */
export const executeParameters =
	(context: IExecuteFunctions, index = 0): ParameterReader =>
	(name, fallback, chosen = false) =>
		context.getNodeParameter(name, index, fallback, { extractValue: chosen });

/** Whether a parameter is stored as an expression, also one inside of a resource locator; `options.table` is one of a collection. */
export function isExpression({ parameters }: Pick<INode, 'parameters'>, name: string): boolean {
	let stored: unknown = parameters;
	for (const part of name.split('.')) stored = isRecord(stored) ? ownValue(stored, part) : undefined;
	const value = isRecord(stored) ? stored.value : stored;
	return typeof value === 'string' && value.startsWith('=');
}

/**
 * Whether a switch is on. An expression may give the word instead of the value, and JavaScript takes `'false'` for yes and `'true'` for
 * another value than true. `label`: as the editor shows the parameter.
 */
export function readSwitch(value: unknown, label: string): Result<boolean> {
	const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (word === true || word === 'true') return ok(true);
	if (word === false || word === 'false') return ok(false);
	return { kind: 'stop', code: 'SETTING_INVALID', reason: `'${label}' must give true or false` };
}

/** How many contacts a run reads at most, by n8n's usual pair of *Return All* and *Limit*; Infinity: all. */
export function readLimit(read: ParameterReader): Result<number> {
	const returnsAll = readSwitch(read('returnAll', false), 'Return All');
	if (returnsAll.kind !== 'ok') return returnsAll;
	if (returnsAll.value) return ok(Infinity);
	const limit = plainNumber(read('limit', 50));
	if (limit !== undefined && Number.isInteger(limit) && limit >= 1) return ok(limit);
	return { kind: 'stop', code: 'SETTING_INVALID', reason: "'Limit' must be a whole number of at least 1" };
}

/** What is chosen in a resource locator. */
export function chosenId(read: ParameterReader, name: string): string {
	const chosen = read(name, '', true);
	return typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen).trim() : '';
}

/**
 * The text of a parameter for one item. An expression that fails for an item is a failure of that item alone, which names it.
 * `label`: as the editor shows the parameter.
 */
export function textForItem(
	context: IExecuteFunctions,
	{ name, label }: { readonly name: string; readonly label: string },
	index: number,
): Result<string> {
	try {
		return ok(idTextOf(context.getNodeParameter(name, index, '')).trim());
	} catch (error) {
		const said = shortened(error instanceof Error ? error.message : String(error));
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `'${label}' cannot be worked out [item ${index}]: ${said}`,
		};
	}
}
