import type { INode, INodeType } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

/** The hints n8n's editor would show for this node before anything runs; it works the conditions out in the same way. */
export function shownHintsOf(type: INodeType, node: INode): string[] {
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return (type.description.hints ?? [])
		.filter(({ displayCondition = '' }) => {
			const shown = expression.getSimpleParameterValue(node, displayCondition, 'internal', {});
			if (typeof shown !== 'boolean') throw new Error(`${displayCondition} is no condition: ${String(shown)}`);
			return shown;
		})
		.map(({ message }) => message);
}
