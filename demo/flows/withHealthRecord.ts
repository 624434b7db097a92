import { NODE_TYPES, type Template } from '../n8n/importTemplate';

/** Nodes of a sync's template that keep what was left out in a table of the template's own. */
const OWN_TABLE = ['Left Out', 'Kept Before', 'Synced Now', 'Forget', 'Table', 'Keep'];
const RECORD = 'Record Health';

/** A sync's template with Sync Health in the place of its own table, as docs/sync-health.md says. `sync`: its name in the reports. */
export function withHealthRecord({ name, workflow }: Template, sync: string): Template {
	const copy = structuredClone(workflow);
	const place = copy.nodes.find((node) => node.name === 'Left Out');
	if (!place) throw new Error(`The template ${name} has no node 'Left Out'`);
	const record = { ...place, name: RECORD, type: NODE_TYPES.syncHealth, parameters: { operation: 'record', sync } };
	copy.nodes = [...copy.nodes.filter((node) => !OWN_TABLE.includes(node.name)), record];
	for (const left of OWN_TABLE) delete copy.connections[left];
	const to = (node: string, index: number) => [{ node, type: 'main', index }];
	copy.connections['Map Contact Fields'] = { main: [to('Contact List Upsert', 0), to(RECORD, 2)] };
	copy.connections['Contact List Upsert'] = { main: [to(RECORD, 0), to(RECORD, 1)] };
	return { name: `${name} with its health`, workflow: copy };
}
