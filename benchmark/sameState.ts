import { isDeepStrictEqual } from 'node:util';
import { compareHoldings, type Difference } from '../demo/truth/compare';
import { NODE_TYPES } from '../demo/n8n/importTemplate';
import type { WorkflowNode } from '../demo/n8n/n8nApi';
import { readExpectation, readHoldings } from '../demo/truth/sandboxTruth';
import type { HeldContact } from '../demo/truth/expected';
import { MAPPING } from './mapping';
import type { Stage } from './measure';

/** What Brevo holds in one sandbox. */
export function holdingsOf({ sandbox, destinationListId }: Stage): HeldContact[] {
	return readHoldings(sandbox, { destinationList: { id: String(destinationListId) } });
}

/** How Brevo differs from what HubSpot says it should hold, by the demo's own reading of the rules. */
export function differencesFromTruth(stage: Stage, before: readonly HeldContact[]): Difference[] {
	const { sandbox } = stage;
	const node = (type: string, parameters: WorkflowNode['parameters']): WorkflowNode => ({
		...{ id: type, name: type, type, typeVersion: 1, position: [0, 0], parameters },
	});
	const expectation = readExpectation(sandbox, {
		name: 'benchmark',
		connections: {},
		nodes: [
			node(NODE_TYPES.trigger, { list: { value: sandbox.list.id } }),
			node(NODE_TYPES.map, { mapping: { value: MAPPING } }),
		],
	});
	return compareHoldings(expectation, before, holdingsOf(stage));
}

export interface StateComparison {
	readonly compared: number;
	/** Ids of HubSpot contacts that the two ways left differently in Brevo. */
	readonly differing: readonly string[];
}

/**
 * Compares what two ways made of the same HubSpot contacts (record ids): everything but Brevo's own ids and the external
 * id, which only ours writes.
 */
export function compareStates(a: Stage, b: Stage, ids: readonly string[]): StateComparison {
	const [inA, inB] = [a, b].map((stage) => new Map(holdingsOf(stage).map((held) => [held.email, held])));
	const comparable = (held: HeldContact | undefined) => held && { ...held, id: undefined, extId: undefined };
	const differing = ids.filter((id) => {
		const { email } = a.sandbox.hubspot.store.contact(Number(id)).properties;
		const [left, right] = [comparable(inA?.get(email)), comparable(inB?.get(email))];
		return left === undefined || !isDeepStrictEqual(left, right);
	});
	return { compared: ids.length, differing };
}
