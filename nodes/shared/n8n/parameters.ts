import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';

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

/** What is chosen in a resource locator. */
export function chosenId(read: ParameterReader, name: string): string {
	const chosen = read(name, '', true);
	return typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen).trim() : '';
}
