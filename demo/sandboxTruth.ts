import type { AttributeKind, Choice, FormerMember, HeldContact, SourceContact, SyncRules } from './expected';
import { NODE_TYPES, nodeOfType } from './importTemplate';
import { DemoError } from './demoError';
import type { WorkflowJson } from './n8nApi';
import type { ResourceChoices } from './sandboxChoices';
import type { Sandbox } from '../sandbox/startSandbox';

/** The members of the source list, straight from the stand-in's own store, with every value it holds. */
export function readMembers(
	{ hubspot }: Sandbox,
	{ sourceList }: Pick<ResourceChoices, 'sourceList'>,
): SourceContact[] {
	const ids = [...hubspot.store.list(sourceList.id).members.ids()];
	return ids.map((id) => {
		const { properties } = hubspot.store.contact(id);
		const mergedIds = properties.hs_merged_object_ids?.split(';') ?? [];
		return { id: String(id), properties, optedOut: properties.hs_email_optout === 'true', mergedIds };
	});
}

/** Who was a member of the source list and is none any more. */
export function readFormerMembers(
	{ hubspot }: Sandbox,
	{ sourceList }: Pick<ResourceChoices, 'sourceList'>,
): FormerMember[] {
	const { contacts } = hubspot.store.contacts;
	return [...hubspot.store.list(sourceList.id).members.former()].flatMap(([id, at]): FormerMember[] => {
		const contact = contacts.get(id);
		if (!contact) return [];
		const { email, hs_email_optout: now = '' } = contact.properties;
		// The newest value that is no younger than the leaving.
		const versions = contact.history?.hs_email_optout ?? [];
		const optOut = versions.find((version) => version.at <= at)?.value ?? (versions.length > 0 ? '' : now);
		const how = contact.mergedInto !== undefined ? 'merged' : contact.archivedAt !== undefined ? 'deleted' : 'left';
		return [{ id: String(id), ...(email !== undefined && { email }), how, optedOut: optOut === 'true' }];
	});
}

/** Everybody the stand-in for Brevo holds, straight from its own store. */
export function readHoldings(
	{ brevo }: Sandbox,
	{ destinationList }: Pick<ResourceChoices, 'destinationList'>,
): HeldContact[] {
	return [...brevo.store.contacts.values()].map(
		({ id, identifiers, attributes, emailBlocked, smsBlocked, listIds }) => ({
			id,
			email: identifiers.email,
			phone: identifiers.SMS,
			extId: identifiers.ext_id,
			attributes: structuredClone(attributes),
			emailBlocked,
			smsBlocked,
			onList: listIds.has(Number(destinationList.id)),
		}),
	);
}

/** The mapping of a workflow, with what both accounts say about the mapped fields. */
export function readRules({ hubspot, brevo }: Sandbox, workflow: WorkflowJson): SyncRules {
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
	const propertyChoices = Object.fromEntries(
		Object.values(mapping).map((property) => {
			const definition = hubspot.store.definitions.get(property);
			if (!definition) throw new DemoError(`The template maps a HubSpot property that does not exist: ${property}`);
			return [property, definition.options];
		}),
	);
	return { portalId: String(hubspot.settings.portalId), mapping, attributes, propertyChoices };
}

/** Brevo attribute to HubSpot property. Rows that are expressions are beyond this second reading. */
function mappingOf(workflow: WorkflowJson): Record<string, string> {
	const parameter = nodeOfType(workflow, NODE_TYPES.map).parameters.mapping as
		{ value?: Record<string, unknown> | null } | undefined;
	const rows = Object.entries(parameter?.value ?? {}).filter(([, property]) => property !== null && property !== '');
	if (rows.length === 0) throw new DemoError('The template maps no field');
	return Object.fromEntries(
		rows.map(([attribute, property]) => {
			if (typeof property !== 'string' || property.startsWith('=')) {
				throw new DemoError(`The demo cannot check the mapping of ${attribute}: it is an expression`);
			}
			return [attribute, property];
		}),
	);
}

const KINDS: readonly AttributeKind[] = ['text', 'date', 'float', 'boolean', 'category', 'multiple-choice'];

const kindOf = (type: string | undefined): AttributeKind => KINDS.find((kind) => kind === type) ?? 'text';
