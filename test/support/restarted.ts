import type { IDataObject } from 'n8n-workflow';

/**
 * What n8n saved, for a process that knows nothing else: tests give it a workflow id of its own, because what a process remembers
 * goes by that id. Without this the state would be that of a copied workflow.
 */
export function savedFor(workflow: string, staticData: IDataObject): IDataObject {
	const saved = JSON.parse(JSON.stringify(staticData)) as Record<
		string,
		{ contactSync?: { owner?: { workflow: string } } }
	>;
	for (const { contactSync } of Object.values(saved)) if (contactSync?.owner) contactSync.owner.workflow = workflow;
	return saved;
}
