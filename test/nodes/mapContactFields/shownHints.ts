import type { IDataObject } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { mappingHints } from '../../../nodes/MapContactFields/mappingHints';
import { mapNode, types } from './mapNode';

/** The hints n8n's editor would show for a node with these parameters; it works the conditions out in the same way. */
export function shownHints(parameters: IDataObject): string[] {
	const node = mapNode(parameters);
	const type = Object.values(types)[0];
	if (!type) throw new Error('no node type');
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return mappingHints
		.filter(({ displayCondition = '' }) => {
			const shown = expression.getSimpleParameterValue(node, displayCondition, 'internal', {});
			if (typeof shown !== 'boolean') throw new Error(`${displayCondition} is no condition: ${String(shown)}`);
			return shown;
		})
		.map(({ message }) => message);
}
