import type { ContactChange } from '../../core/contact/contact';
import type { MappingSource } from '../shared/vendors/mappingSource';
import { MAPPING_SOURCES } from '../shared/vendors/mappingSource';

/**
 * Why a contact is none that the mapping is for, and what to choose: fields of one name may mean other things elsewhere. One that
 * leaves or opted out passes, because the destination knows it by its key. Contacts of systems that no mapping can name pass too.
 */
export function wrongSource(contact: ContactChange, { name, object }: MappingSource): string | undefined {
	const { source, change, optedOut } = contact;
	if (change === 'removed' || change === 'deleted' || optedOut === true) return undefined;
	const from = Object.values(MAPPING_SOURCES).find(({ system }) => system === source.system);
	const { system, label } = MAPPING_SOURCES[name];
	if (from === undefined) return undefined;
	if (from.system !== system) {
		return `These contacts come from ${from.label}, but 'Source' is ${label}: choose ${from.label}${OR_APART}`;
	}
	if (object === undefined || object === source.object) return undefined;
	return `These contacts come from the ${from.label} object ${source.object}, but '${from.label} Object' is ${object}: choose ${source.object}${OR_APART}`;
}

const OR_APART = ', or give them a Map Contact Fields of their own.';
