import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
	ResourceMapperFields,
} from 'n8n-workflow';
import { displayNames } from '../../../core/mapping/suggest/layOutTable';
import { offeredFields, TYPE_NAMES } from '../../../core/mapping/fields';
import { adviceFor } from '../../../core/outcome';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { DestinationSystem } from '../../shared/vendors/destinationSystem';
import { destinationSystem } from '../../shared/vendors/destinationSystems';
import type { SourceSystem } from '../../shared/vendors/sourceSystems';
import { sourceSystem } from '../../shared/vendors/sourceSystems';
import { TABLE_NOTES } from '../../shared/mapping/mappingRows';
import { savedRows } from '../../shared/mapping/savedTable';
import { toNodeError } from '../../shared/n8n/toNodeError';
import { FIELDS_TO_MAP } from '../description';
import type { Definitions } from './toSavedTable';
import { mappingTable } from './toSavedTable';
import { isRecord } from '../../../core/json';

/**
 * Rows and dropdowns of the mapping table. Never throws: the editor would only say that it found no attributes. When the
 * definitions cannot be read, a table that was opened before is given back as it is, because n8n drops the values of rows
 * it is not given.
 */
export async function getMappingTable(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const mapping = this.getCurrentNodeParameter('mapping');
	const unchosen = unchosenCredential(this);
	if (unchosen !== undefined) return unread(mapping, unselected(unchosen));
	try {
		const definitions = await readDefinitions(this);
		return definitions.kind === 'ok'
			? { fields: mappingTable(mapping, definitions.value) }
			: unread(mapping, explain(definitions));
	} catch (error) {
		return unread(mapping, () => (error instanceof Error ? error.message : String(error)));
	}
}

/**
 * The one entry of 'Fields to Map'; its name says which fields can be read, or why they cannot. The editor asks for it when a
 * credential is selected, and reads the table anew when the name is another one. Never throws: the editor would empty the list.
 */
export async function searchFieldsToMap(this: ILoadOptionsFunctions): Promise<INodeListSearchResult> {
	const entry = (name: string): INodeListSearchResult => ({ results: [{ name, value: FIELDS_TO_MAP }] });
	const unchosen = unchosenCredential(this);
	if (unchosen !== undefined) return entry(`Select a ${unchosen} credential`);
	try {
		const definitions = await readDefinitions(this);
		if (definitions.kind !== 'ok') return entry(definitions.reason);
		const { sourceSystem: from, destinationSystem: into } = definitions.value;
		return entry(`Of ${from} and ${into}`);
	} catch (error) {
		return entry(error instanceof Error ? error.message : String(error));
	}
}

/** Every source field that is offered, for 'More Mappings'. */
export async function getSourceFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const fields = await chosenSource(this).fields('newest');
	if (fields.kind !== 'ok') throw toNodeError(this.getNode(), fields);
	const names = displayNames(fields.value);
	return offeredFields(fields.value)
		.map((field) => ({
			name: names.get(field.name) ?? field.label,
			value: field.name,
			description: `${field.name}, ${TYPE_NAMES[field.type]}`,
		}))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Every attribute of the destination, for 'More Mappings'. */
export async function getDestinationFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const fields = await chosenDestination(this).fields('newest');
	if (fields.kind !== 'ok') throw toNodeError(this.getNode(), fields);
	return fields.value.map((field) => ({ name: field.label, value: field.name, description: TYPE_NAMES[field.type] }));
}

async function readDefinitions(context: ILoadOptionsFunctions): Promise<Result<Definitions>> {
	const [source, destination] = [chosenSource(context), chosenDestination(context)];
	const [fields, destinationFields] = await Promise.all([source.fields('newest'), destination.fields('newest')]);
	if (fields.kind !== 'ok') return fields;
	if (destinationFields.kind !== 'ok') return destinationFields;
	return ok({
		sourceFields: fields.value,
		destinationFields: destinationFields.value,
		sourceSystem: source.label,
		destinationSystem: destination.label,
	});
}

const chosenSource = (context: ILoadOptionsFunctions): SourceSystem =>
	sourceSystem(context, (name) => context.getCurrentNodeParameter(name));

const chosenDestination = (context: ILoadOptionsFunctions): DestinationSystem =>
	destinationSystem(context, (name) => context.getCurrentNodeParameter(name));

/**
 * The editor does not ask again by itself when a credential is corrected, nor when the first one of a node is chosen. Its menu, which
 * does, is only there where the table has rows, and 'Fields to Map' only where it has neither rows nor values.
 */
const ASK_AGAIN = {
	withRows: "choose 'Refresh Attribute List' in the menu at the right of 'Destination Attributes'.",
	withoutRows: 'close this panel and open it again.',
	withoutValues: "open 'Fields to Map' above and pick its entry.",
} as const;

/** A reason, with the words for how to have the table read again in this case. */
type Reason = (table: keyof typeof ASK_AGAIN) => string;

/** The list above may still have what it said of a credential before it was corrected, so it is not named. */
const explain =
	({ reason, code }: Failure): Reason =>
	(table) =>
		`${reason}. ${adviceFor(code).replace(/\.$/, '')}, then ${ASK_AGAIN[table === 'withoutValues' ? 'withoutRows' : table]}`;

/** Has to be true after the credential was selected too, for the notice may stay until the table is read again. */
const unselected =
	(system: string): Reason =>
	(table) =>
		`Select a ${system} credential. If you have just selected one, ${ASK_AGAIN[table]}`;

/** The system whose credential is not chosen yet. */
function unchosenCredential(context: ILoadOptionsFunctions): string | undefined {
	const { credentials } = context.getNode();
	return [chosenSource(context), chosenDestination(context)].find(
		({ credentialType }) => credentialType !== undefined && !credentials?.[credentialType],
	)?.label;
}

/**
 * A table whose definitions cannot be read. The editor shows the notice, as HTML, where there are no rows; otherwise the
 * first row says that its list is not fresh, and the list says why (labels are cut off after some 30 letters).
 */
function unread(mapping: unknown, reason: Reason): ResourceMapperFields {
	const [first, ...others] = savedRows(mapping);
	if (first) {
		const label = first.displayName.split(UNREAD_MARK)[0] ?? first.displayName;
		const options = (first.options ?? []).filter(({ value }) => value !== TABLE_NOTES.notRefreshed);
		const note = { name: reason('withRows'), value: TABLE_NOTES.notRefreshed };
		return { fields: [{ ...first, displayName: `${label}${UNREAD_MARK}`, options: [...options, note] }, ...others] };
	}
	const hasValues = isRecord(mapping) && isRecord(mapping.value) && Object.keys(mapping.value).length > 0;
	const emptyFieldsNotice = escapeHtml(reason(hasValues ? 'withoutRows' : 'withoutValues'));
	if (!isRecord(mapping) || !mapping.value) return { fields: [], emptyFieldsNotice };
	// An imported mapping that was never opened: without `fields` the editor shows the notice and leaves the values alone.
	return { emptyFieldsNotice } as ResourceMapperFields;
}

const UNREAD_MARK = ' – not refreshed';

const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
