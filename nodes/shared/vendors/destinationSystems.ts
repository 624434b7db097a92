import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import type { NodeContext } from '../n8n/n8nHttp';
import { BREVO, brevoDestination } from './brevoDestination';
import type { DestinationKind, DestinationSystem } from './destinationSystem';
import { HUBSPOT, hubSpotDestination } from './hubSpotDestination';
import { SALESFORCE, salesforceDestination } from './salesforceDestination';

/** The systems contacts go to, as the parameter 'Destination' names them. */
export type DestinationName = 'brevo' | 'hubSpot' | 'salesforce';

type Opens = (context: NodeContext, parameter: (name: string) => unknown) => DestinationSystem;

/** Every destination of this package. Another one is a folder in `clients/`, a file beside this one and a line here. */
const DESTINATIONS: Readonly<Record<DestinationName, { readonly kind: DestinationKind; readonly open: Opens }>> = {
	brevo: { kind: BREVO, open: brevoDestination },
	hubSpot: { kind: HUBSPOT, open: hubSpotDestination },
	salesforce: { kind: SALESFORCE, open: salesforceDestination },
};

const kinds = Object.entries(DESTINATIONS).map(([name, { kind }]) => ({ name, kind }));

/** The kind of every destination by the value of the parameter. */
export const destinationKinds: Readonly<Record<string, DestinationKind>> = Object.fromEntries(
	kinds.map(({ name, kind }) => [name, kind]),
);

/** The destination that a node's parameters name. `parameter` reads one of them; a name that is not known is the first one's. */
export function destinationSystem(context: NodeContext, parameter: (name: string) => unknown): DestinationSystem {
	const name = parameter('destination');
	const known = Object.hasOwn(DESTINATIONS, String(name)) ? (name as DestinationName) : 'brevo';
	return DESTINATIONS[known].open(context, parameter);
}

/** The dropdown that both nodes with a destination have. */
export const destinationField: INodeProperties = {
	displayName: 'Destination',
	name: 'destination',
	type: 'options',
	noDataExpression: true,
	options: kinds.map(({ name, kind }) => ({ name: kind.label, value: name })),
	default: 'brevo',
	description: 'Where the contacts go to',
};

/** The kind of Salesforce records to write; both nodes have it. */
export const destinationObjectField: INodeProperties = {
	displayName: 'Salesforce Object to Write',
	name: 'destinationObject',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { destination: ['salesforce'] } },
	options: [
		{ name: 'Contact', value: 'Contact' },
		{ name: 'Lead', value: 'Lead' },
	],
	default: 'Contact',
	description: 'Which records are created and updated',
};

/** The credentials of all destinations for a node's description. */
export const destinationCredentials: INodeCredentialDescription[] = kinds.flatMap(({ kind }) => [...kind.credentials]);

/** An expression that gives the label of the destination chosen in a node. */
export const destinationLabelExpression = `(${JSON.stringify(
	Object.fromEntries(kinds.map(({ name, kind }) => [name, kind.label])),
)})[$parameter["destination"]]`;
