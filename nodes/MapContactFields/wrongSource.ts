import type { ContactChange } from '../../core/contact/contact';
import type { MappingSource, SourceName } from '../shared/vendors/mappingSource';

/** As contact items name the systems (`source.system`), and as people do. */
const SYSTEMS: Readonly<Record<SourceName, { readonly system: string; readonly label: string }>> = {
	hubSpot: { system: 'hubspot', label: 'HubSpot' },
	salesforce: { system: 'salesforce', label: 'Salesforce' },
};

/**
 * Why a contact is none that the mapping is for: fields of one name may mean other things elsewhere. Who leaves or opted out
 * passes, because the destination knows them by their key. Contacts of systems that no mapping can name pass too.
 */
export function wrongSource(contact: ContactChange, { name, object }: MappingSource): string | undefined {
	const { source, change, optedOut } = contact;
	if (change === 'removed' || change === 'deleted' || optedOut === true) return undefined;
	const from = Object.values(SYSTEMS).find(({ system }) => system === source.system);
	const { system, label } = SYSTEMS[name];
	if (from === undefined || (from.system === system && (object === undefined || object === source.object))) {
		return undefined;
	}
	const wanted = object === undefined ? `${label} contacts` : `the Salesforce object ${object}`;
	return `The contact comes from ${from.label} (${source.object}), but the mapping is for ${wanted}`;
}
