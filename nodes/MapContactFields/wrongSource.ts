import type { ContactChange } from '../../core/contact/contact';
import type { MappingSource } from '../shared/vendors/mappingSource';
import { SOURCES } from '../shared/vendors/mappingSource';

/**
 * Why a contact is none that the mapping is for: fields of one name may mean other things elsewhere. One that leaves or opted out
 * passes, because the destination knows it by its key. Contacts of systems that no mapping can name pass too.
 */
export function wrongSource(contact: ContactChange, { name, object }: MappingSource): string | undefined {
	const { source, change, optedOut } = contact;
	if (change === 'removed' || change === 'deleted' || optedOut === true) return undefined;
	const from = Object.values(SOURCES).find(({ system }) => system === source.system);
	const { system, label } = SOURCES[name];
	if (from === undefined || (from.system === system && (object === undefined || object === source.object))) {
		return undefined;
	}
	const wanted = object === undefined ? `${label} contacts` : `the Salesforce object ${object}`;
	return `The contact comes from ${from.label} (${source.object}), but the mapping is for ${wanted}`;
}
