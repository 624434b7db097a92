import type { Sandbox } from '../../sandbox/startSandbox';
import { DemoError } from '../demoError';
import { type FormerMember, hubSpotKey } from './expected';
import type { SourceTruth } from './sourceTruth';

/** The members of a HubSpot list. */
export function hubspotTruth({ hubspot }: Pick<Sandbox, 'hubspot'>, list: string): SourceTruth {
	const members = () => hubspot.store.list(list).members;
	return {
		size: () => members().size,
		keyOf: (id) => hubSpotKey(String(hubspot.settings.portalId), id),
		members: () =>
			[...members().ids()].map((id) => {
				const { properties } = hubspot.store.contact(id);
				const mergedIds = properties.hs_merged_object_ids?.split(';') ?? [];
				return { id: String(id), properties, optedOut: properties.hs_email_optout === 'true', mergedIds };
			}),
		former: () => {
			const { contacts } = hubspot.store.contacts;
			return [...members().former()].flatMap(([id, at]): FormerMember[] => {
				const contact = contacts.get(id);
				if (!contact) return [];
				const { email, hs_email_optout: now = '' } = contact.properties;
				// The newest value that is no younger than the leaving.
				const versions = contact.history?.hs_email_optout ?? [];
				const optOut = versions.find((version) => version.at <= at)?.value ?? (versions.length > 0 ? '' : now);
				const how = contact.mergedInto !== undefined ? 'merged' : contact.archivedAt !== undefined ? 'deleted' : 'left';
				return [{ id: String(id), ...(email !== undefined && { email }), how, optedOut: optOut === 'true' }];
			});
		},
		choicesOf: (field) => {
			const definition = hubspot.store.definitions.get(field);
			if (!definition) throw new DemoError(`The template maps a HubSpot property that does not exist: ${field}`);
			return definition.options;
		},
	};
}
