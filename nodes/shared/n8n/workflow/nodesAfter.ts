import type { IExecuteFunctions, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';

/** The nodes after the running one that are switched on and of this type (of `ourNodes`), with their stored parameters. */
export const nodesAfter = (context: IExecuteFunctions | IPollFunctions, type: RegExp): NodeTypeAndVersion[] =>
	context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.filter((node) => type.test(node.type) && !node.disabled);
