import type { NodeTypeAndVersion } from 'n8n-workflow';
import { hasSubWorkflowBeforeUpsert, waitingTrouble } from '../../../../nodes/shared/trigger/waitingNodes';

const TYPES: Readonly<Record<string, string>> = {
	map: 'x.mapContactFields',
	upsert: 'x.contactListUpsert',
	wait: 'n8n-nodes-base.wait',
	form: 'n8n-nodes-base.form',
	slack: 'n8n-nodes-base.slack',
	sub: 'n8n-nodes-base.executeWorkflow',
};

/** A workflow drawn as `trigger>map map>upsert`; the name of a node begins with its kind. */
function graphOf(drawn: string, more: Readonly<Record<string, Partial<NodeTypeAndVersion>>> = {}) {
	const edges = drawn.split(' ').map((edge) => edge.split('>') as [string, string]);
	const node = (name: string): NodeTypeAndVersion => ({
		name,
		type: TYPES[name.replace(/\d+$/, '')] ?? 'x.other',
		typeVersion: 1,
		disabled: false,
		parameters: {},
		...more[name],
	});
	const reach = (from: string, next: (name: string) => string[]): string[] => {
		const found = new Set<string>();
		const left = [from];
		for (let name = left.pop(); name !== undefined; name = left.pop()) {
			const fresh = next(name).filter((one) => !found.has(one));
			left.push(...fresh);
			for (const one of fresh) found.add(one);
		}
		return [...found];
	};
	const below = (name: string) => edges.filter(([from]) => from === name).map(([, to]) => to);
	const above = (name: string) => edges.filter(([, to]) => to === name).map(([from]) => from);
	return {
		getChildNodes: (name: string) => reach(name, below).map(node),
		getParentNodes: (name: string, options?: { depth?: number }) =>
			(options?.depth === 1 ? above(name) : reach(name, above)).map(node),
	};
}

describe('nodes between a trigger and Contact List Upsert', () => {
	const refused = (...graph: Parameters<typeof graphOf>): string | undefined =>
		waitingTrouble(graphOf(...graph), 'trigger')?.reason;

	it('may not put the run aside; the message names the node and its place', () => {
		const reason = refused('trigger>map map>wait wait>upsert');
		expect(reason).toContain("'wait' may put the run aside");
		expect(reason).toContain("Move 'wait' behind Contact List Upsert");
		expect(refused('trigger>form form>upsert')).toContain("'form'");
		const asking = { slack: { parameters: { operation: 'sendAndWait' } } };
		expect(refused('trigger>slack slack>upsert', asking)).toContain("'slack'");
	});

	it.each([
		['a node in a side branch, because n8n puts the whole run aside', 'trigger>upsert trigger>wait'],
		['a node behind one upsert and before another', 'trigger>upsert1 trigger>wait wait>upsert2'],
		['a node that is reached both ways', 'trigger>upsert upsert>wait trigger>wait'],
	])('%s, is refused too', (_name, drawn) => {
		expect(refused(drawn)).toContain("'wait'");
	});

	it.each([
		['that ask nothing', 'trigger>slack slack>upsert'],
		['behind the upsert', 'trigger>map map>upsert upsert>wait'],
		['of a workflow without an upsert', 'trigger>wait wait>other'],
	])('nodes %s may stay', (_name, drawn) => {
		expect(refused(drawn)).toBeUndefined();
	});

	it('may stay where they are switched off; an upsert that is switched off protects nobody', () => {
		expect(refused('trigger>wait wait>upsert', { wait: { disabled: true } })).toBeUndefined();
		expect(refused('trigger>upsert1 upsert1>wait wait>upsert2', { upsert1: { disabled: true } })).toContain("'wait'");
	});

	it('may start a sub-workflow only if they wait for it', () => {
		const unfollowed = { sub: { parameters: { options: { waitForSubWorkflow: false } } } };
		expect(refused('trigger>sub sub>upsert', unfollowed)).toContain("'Wait For Sub-Workflow Completion' in 'sub'");
		expect(refused('trigger>sub', unfollowed)).toContain("'sub'");
		expect(refused('trigger>upsert upsert>sub', unfollowed)).toBeUndefined();
		expect(refused('trigger>sub sub>upsert')).toBeUndefined();
		expect(hasSubWorkflowBeforeUpsert(graphOf('trigger>sub sub>upsert'), 'trigger')).toBe(true);
		expect(hasSubWorkflowBeforeUpsert(graphOf('trigger>upsert upsert>sub'), 'trigger')).toBe(false);
	});
});
