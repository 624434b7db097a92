import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

interface NodeOutputs {
	$(node: string): { readonly isExecuted: boolean; all(output: number): ReadonlyArray<{ readonly json: IDataObject }> };
}

/** Reads what another node handed on in this execution; nothing where it did not run, or is none. */
export function handedOn(context: IExecuteFunctions): (node: string, output: number) => readonly IDataObject[] {
	const outputs = context.getWorkflowDataProxy(0) as unknown as NodeOutputs;
	return (node, output) => {
		try {
			const found = outputs.$(node);
			return found.isExecuted ? found.all(output).map(({ json }) => json) : [];
		} catch {
			return [];
		}
	};
}
