import type {
	ILoadOptionsFunctions,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { displayNames, layOutTable, tableLimit } from '../../core/mapping/mappingTable';
import type { TableRow } from '../../core/mapping/mappingTable';
import type { DestinationField, SourceField } from '../../core/mapping/fields';
import { offeredFields } from '../../core/mapping/fields';
import { adviceFor } from '../../core/outcome';
import type { Failure, Result } from '../../core/result';
import { ok } from '../../core/result';
import { readBrevoFields, readHubSpotFields } from '../shared/fieldDefinitions';
import { hubSpotCredentialType } from '../shared/hubSpotAuthentication';
import { TABLE_NOTES, tableValues } from '../shared/mappingRows';
import { toNodeError } from '../shared/toNodeError';

/**
 * Rows and dropdowns of the mapping table. Never throws: the editor would only say that it found no attributes. When the
 * definitions cannot be read, a table that was opened before is given back as it is, because n8n drops the values of rows
 * it is not given.
 */
export async function getMappingTable(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const mapping = this.getCurrentNodeParameter('mapping');
	const unchosen = unchosenCredential(this);
	if (unchosen !== undefined) return unread(mapping, `Select a ${unchosen} credential${REOPEN}`);
	try {
		const definitions = await readDefinitions(this);
		if (definitions.kind !== 'ok') return unread(mapping, explain(definitions));
		const { sourceFields, destinationFields } = definitions.value;
		const budget = tableLimit(destinationFields.length) - bytesBesideOptions(destinationFields);
		return {
			fields: layOutTable(sourceFields, destinationFields, storedFields(mapping, sourceFields), budget).map((row) =>
				toMapperField(row, rawValue(mapping, row.field.name)),
			),
		};
	} catch (error) {
		return unread(mapping, error instanceof Error ? error.message : String(error));
	}
}

/**
 * The source field each row holds. The editor sends the result of an expression in its place, which may be anything of a
 * contact and must not end up in a list: only a field that exists counts, or one that was picked from the row's list.
 */
function storedFields(mapping: unknown, sourceFields: readonly SourceField[]): Readonly<Record<string, string>> {
	const names = new Set(sourceFields.map(({ name }) => name));
	const listed = new Map(schemaOf(mapping).map(({ id, options }) => [id, options ?? []]));
	const isField = ([row, value]: [string, string]): boolean =>
		names.has(value) || listed.get(row)?.some((option) => option.value === value) === true;
	return Object.fromEntries(Object.entries(tableValues(mapping)).filter(isField));
}

/** Every source field that is offered, for 'More Mappings'. */
export async function getSourceFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const fields = await readHubSpotFields(this, hubSpotCredentialType(this.getCurrentNodeParameter('authentication')));
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
	const fields = await readBrevoFields(this, 'contactSyncBrevoApi');
	if (fields.kind !== 'ok') throw toNodeError(this.getNode(), fields);
	return fields.value.map((field) => ({ name: field.label, value: field.name, description: TYPE_NAMES[field.type] }));
}

interface Definitions {
	readonly sourceFields: readonly SourceField[];
	readonly destinationFields: readonly DestinationField[];
}

async function readDefinitions(context: ILoadOptionsFunctions): Promise<Result<Definitions>> {
	const authentication = context.getCurrentNodeParameter('authentication');
	const [source, destination] = await Promise.all([
		readHubSpotFields(context, hubSpotCredentialType(authentication)),
		readBrevoFields(context, 'contactSyncBrevoApi'),
	]);
	if (source.kind !== 'ok') return source;
	if (destination.kind !== 'ok') return destination;
	return ok({ sourceFields: source.value, destinationFields: destination.value });
}

const TYPE_NAMES: Readonly<Record<SourceField['type'] | DestinationField['type'], string>> = {
	text: 'text',
	email: 'e-mail',
	phone: 'phone',
	number: 'number',
	date: 'date',
	datetime: 'date and time',
	boolean: 'yes/no',
	category: 'category',
	multipleChoice: 'multiple choice',
};

function toMapperField({ field, options, leftOut, suggestion }: TableRow, held?: unknown): ResourceMapperField {
	return {
		id: field.name,
		displayName: labelOf(field),
		required: false,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		type: 'options',
		options: [...options, ...notesFor(leftOut, held)],
		...(suggestion === undefined ? {} : { defaultValue: suggestion }),
	};
}

/** A note that somebody picked stays in the list, or n8n would refuse to run the workflow. */
function notesFor(leftOut: number, held: unknown): Array<{ name: string; value: string }> {
	const { moreFields, notRefreshed } = TABLE_NOTES;
	return [
		...(leftOut > 0 ? [{ name: `${leftOut} more under 'More Mappings'`, value: moreFields }] : []),
		...(leftOut === 0 && held === moreFields ? [{ name: "Under 'More Mappings'", value: moreFields }] : []),
		...(held === notRefreshed ? [{ name: 'Nothing', value: notRefreshed }] : []),
	];
}

/** What the stored parameter holds besides the options: the rows, and a field name for each as value and suggestion. */
function bytesBesideOptions(fields: readonly DestinationField[]): number {
	const rows = fields.map((field) => ({ ...toMapperField({ field, options: [], leftOut: 100 }), removed: false }));
	return new TextEncoder().encode(JSON.stringify(rows)).length + fields.length * BYTES_PER_VALUE;
}

/** `"ATTRIBUTE":"field_name",` and `"defaultValue":"field_name",` of common length. */
const BYTES_PER_VALUE = 75;

function labelOf({ label, type, identifier }: DestinationField): string {
	if (identifier === 'email') return `${label} (this or SMS required)`;
	if (identifier === 'phone') return `${label} (this or Email required)`;
	return type === 'text' ? label : `${label} (${TYPE_NAMES[type]})`;
}

/** The editor does not ask again by itself when a credential is chosen or corrected. */
const REOPEN = ', then close this panel and open it again.';

const explain = (failure: Failure): string =>
	`${failure.reason}. ${adviceFor(failure.code).replace(/\.$/, '')}${REOPEN}`;

/** The system whose credential nobody has chosen yet. */
function unchosenCredential(context: ILoadOptionsFunctions): string | undefined {
	const { credentials } = context.getNode();
	if (!credentials?.[hubSpotCredentialType(context.getCurrentNodeParameter('authentication'))]) return 'HubSpot';
	return credentials.contactSyncBrevoApi ? undefined : 'Brevo';
}

/**
 * A table whose definitions cannot be read. The editor shows the notice, as HTML, where there are no rows; otherwise the
 * first row says that its list is not fresh, and the list says why (labels are cut off after some 30 letters).
 */
function unread(mapping: unknown, reason: string): ResourceMapperFields {
	const [first, ...others] = schemaOf(mapping);
	if (first) {
		const label = first.displayName.split(UNREAD_MARK)[0] ?? first.displayName;
		const options = (first.options ?? []).filter(({ value }) => value !== TABLE_NOTES.notRefreshed);
		const note = { name: reason, value: TABLE_NOTES.notRefreshed };
		return { fields: [{ ...first, displayName: `${label}${UNREAD_MARK}`, options: [...options, note] }, ...others] };
	}
	const emptyFieldsNotice = escapeHtml(reason);
	if (!isRecord(mapping) || !mapping.value) return { fields: [], emptyFieldsNotice };
	// An imported mapping that was never opened: without `fields` the editor shows the notice and leaves the values alone.
	return { emptyFieldsNotice } as ResourceMapperFields;
}

const UNREAD_MARK = ' – not refreshed';

function schemaOf(mapping: unknown): readonly ResourceMapperField[] {
	const schema: unknown = isRecord(mapping) ? mapping.schema : undefined;
	return Array.isArray(schema) ? schema.filter(isMapperField) : [];
}

const isMapperField = (value: unknown): value is ResourceMapperField =>
	isRecord(value) && typeof value.id === 'string' && typeof value.displayName === 'string';

function rawValue(mapping: unknown, name: string): unknown {
	return isRecord(mapping) && isRecord(mapping.value) && Object.hasOwn(mapping.value, name)
		? mapping.value[name]
		: undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
