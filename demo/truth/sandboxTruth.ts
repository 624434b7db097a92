import { cloneDeep } from 'lodash';
import type { Sandbox } from '../../sandbox/startSandbox';
import { DemoError } from '../demoError';
import {
	type AttributeKind,
	type Choice,
	type Expectation,
	type HeldContact,
	type SyncRules,
	expectedContacts,
} from './expected';
import { NODE_TYPES, nodeOfType, sourceOf } from '../n8n/importTemplate';
import type { WorkflowJson } from '../n8n/n8nApi';
import { hubspotTruth } from './hubspotTruth';
import { salesforceTruth } from './salesforceTruth';
import type { SourceTruth } from './sourceTruth';

/** What the source of a workflow holds. HubSpot's list is the one that the trigger follows. */
export function sourceTruth(sandbox: Sandbox, workflow: WorkflowJson): SourceTruth {
	const source = sourceOf(workflow);
	if (source !== 'hubspot') return salesforceTruth(sandbox, source);
	const { list } = nodeOfType(workflow, NODE_TYPES.trigger).parameters as { list?: { value?: unknown } };
	return hubspotTruth(sandbox, String(list?.value));
}

/** What Brevo should hold, by what the source holds now and the mapping of the workflow. */
export function readExpectation(sandbox: Sandbox, workflow: WorkflowJson): Expectation {
	const truth = sourceTruth(sandbox, workflow);
	const rules = readRules(sandbox, workflow, truth);
	return expectedContacts(truth.members(Object.values(rules.mapping)), rules, truth.former());
}

/** Everybody the stand-in for Brevo holds, straight from its own store. */
export function readHoldings(
	{ brevo }: Pick<Sandbox, 'brevo'>,
	{ destinationList }: { readonly destinationList: { readonly id: string } },
): HeldContact[] {
	return [...brevo.store.contacts.values()].map(
		({ id, identifiers, attributes, emailBlocked, smsBlocked, listIds }) => ({
			id,
			email: identifiers.email,
			phone: identifiers.SMS,
			extId: identifiers.ext_id,
			// Not structuredClone: under jest its arrays are of another realm, and equal none of ours.
			attributes: cloneDeep(attributes),
			emailBlocked,
			smsBlocked,
			onList: listIds.has(Number(destinationList.id)),
		}),
	);
}

/** The mapping of a workflow, with what both accounts say about the mapped fields. */
function readRules({ brevo }: Pick<Sandbox, 'brevo'>, workflow: WorkflowJson, truth: SourceTruth): SyncRules {
	const mapping = mappingOf(workflow);
	const attributes: Record<string, { kind: AttributeKind; choices: Choice[] }> = {};
	for (const name of Object.keys(mapping)) {
		const attribute = brevo.store.attribute(name);
		if (!attribute) continue; // EMAIL is none of the store's attributes
		const { category, type, enumeration = [], multiCategoryOptions = [] } = attribute;
		attributes[name] = {
			kind: category === 'category' ? 'category' : kindOf(type),
			choices: [...enumeration, ...multiCategoryOptions.map((option) => ({ value: option, label: option }))],
		};
	}
	const fieldChoices = Object.fromEntries(Object.values(mapping).map((field) => [field, truth.choicesOf(field)]));
	const { options } = nodeOfType(workflow, NODE_TYPES.map).parameters as { options?: { unusablePhone?: string } };
	const badPhoneExcludes = options?.unusablePhone === 'excludeContact';
	return { keyOf: (id) => truth.keyOf(id), mapping, attributes, fieldChoices, badPhoneExcludes };
}

/** Brevo attribute to source field. Rows that are expressions are beyond this second reading. */
function mappingOf(workflow: WorkflowJson): Record<string, string> {
	const parameter = nodeOfType(workflow, NODE_TYPES.map).parameters.mapping as
		{ value?: Record<string, unknown> | null } | undefined;
	const rows = Object.entries(parameter?.value ?? {}).filter(([, field]) => field !== null && field !== '');
	if (rows.length === 0) throw new DemoError('The template maps no field');
	return Object.fromEntries(
		rows.map(([attribute, field]) => {
			if (typeof field !== 'string' || field.startsWith('=')) {
				throw new DemoError(`The demo cannot check the mapping of ${attribute}: it is an expression`);
			}
			return [attribute, field];
		}),
	);
}

const KINDS: readonly AttributeKind[] = ['text', 'date', 'float', 'boolean', 'category', 'multiple-choice'];

const kindOf = (type: string | undefined): AttributeKind => KINDS.find((kind) => kind === type) ?? 'text';
