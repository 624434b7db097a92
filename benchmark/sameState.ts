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
export function differencesFromTruth(
	stage: Stage,
	before: readonly HeldContact[],
	sourceListId = stage.sandbox.list.id,
): Difference[] {
	const { sandbox } = stage;
	const node = (type: string, parameters: WorkflowNode['parameters']): WorkflowNode => ({
		...{ id: type, name: type, type, typeVersion: 1, position: [0, 0], parameters },
	});
	const expectation = readExpectation(sandbox, {
		name: 'benchmark',
		connections: {},
		nodes: [
			node(NODE_TYPES.trigger, { list: { value: sourceListId } }),
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

/** Compares what two ways made of the same HubSpot contacts (record ids), each in a sandbox of its own. */
export function compareStates(a: Stage, b: Stage, ids: readonly string[]): StateComparison {
	const emails = new Map(ids.map((id) => [id, a.sandbox.hubspot.store.contact(Number(id)).properties.email ?? '']));
	return compareHeld(holdingsOf(a), holdingsOf(b), emails);
}

/**
 * Compares two states of Brevo by the addresses of HubSpot contacts: everything but Brevo's own ids and the record's key, which only ours
 * writes, as external id or as an attribute. `emails` are addresses by record id.
 */
export function compareHeld(
	a: readonly HeldContact[],
	b: readonly HeldContact[],
	emails: ReadonlyMap<string, string>,
): StateComparison {
	const [inA, inB] = [a, b].map((state) => new Map(state.map((held) => [held.email, held])));
	const comparable = (held: HeldContact | undefined) =>
		held && { ...held, id: undefined, extId: undefined, attributes: withoutKey(held.attributes) };
	const differing = [...emails].flatMap(([id, email]) => {
		const [left, right] = [comparable(inA?.get(email)), comparable(inB?.get(email))];
		return left === undefined || !isDeepStrictEqual(left, right) ? [id] : [];
	});
	return { compared: emails.size, differing };
}

const withoutKey = (attributes: HeldContact['attributes']): HeldContact['attributes'] =>
	Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('CONTACT_SYNC_')));
