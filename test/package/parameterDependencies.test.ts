import type { INodeProperties, INodePropertyCollection, INodeType } from 'n8n-workflow';
import { resolve } from 'node:path';
import { n8n } from '../../package.json';

const isCollection = (option: unknown): option is INodePropertyCollection =>
	typeof option === 'object' && option !== null && 'values' in option;

/** Parameters whose display depends on one that is neither beside them nor named from the root (`/name`). */
function unresolved(properties: readonly INodeProperties[], path: string): string[] {
	const beside = new Set(properties.map(({ name }) => name));
	return properties.flatMap(({ name, type, options = [], displayOptions = {} }) => {
		const here = `${path}.${name}`;
		const lacking = Object.values(displayOptions)
			.flatMap((rule: object) => Object.keys(rule))
			.filter((on) => !on.startsWith('/') && !on.startsWith('@') && !beside.has(on));
		const inside =
			type === 'collection'
				? unresolved(options as INodeProperties[], here)
				: options.flatMap((option) =>
						isCollection(option) ? unresolved(option.values, `${here}.${option.name}`) : [],
					);
		return [...lacking.map((on) => `${here} depends on ${on}`), ...inside];
	});
}

// n8n before 2 refuses to publish a workflow with such a node: "Could not resolve parameter dependencies. Max iterations reached!"
it.each(n8n.nodes)('the parameters of %s depend on parameters that every n8n finds', async (path) => {
	const source = resolve(__dirname, '../..', path.replace(/^dist\/(.*)\.js$/, '$1.ts'));
	const [Node] = Object.values((await import(source)) as Record<string, new () => INodeType>);
	if (!Node) throw new Error(`${path} exports no node`);
	const { description } = new Node();
	expect(unresolved(description.properties, description.name)).toEqual([]);
});
