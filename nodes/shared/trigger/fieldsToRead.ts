import type { IExecuteFunctions, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { mappedSourceFields, mapsNothing, namedSourceFields } from '../mapping/mappingRows';
import { fieldsReadBy } from '../mapping/namedFields';
import { nodesAfter } from '../n8n/workflow/nodesAfter';
import { MAPPING_NODE, OUR_NODE, READ_NODE } from '../n8n/workflow/ourNodes';
import type { ParameterReader } from '../n8n/parameters';
import type { FollowedName, MappingSource } from '../vendors/mappingSource';
import { mappingSource } from '../vendors/mappingSource';
import { invalid } from './settings';

const ANY_NODE = /./;

export interface FieldsToRead {
	readonly fields: readonly string[];
	/** Those of them that were chosen by name: one that is gone has to be reported. */
	readonly required: readonly string[];
	/** Where they were chosen, as messages name it. */
	readonly requiredBy: string;
}

/** How a node asks which fields to read. */
export interface FieldChoice {
	readonly source: FollowedName;
	/** Of sources with several kinds of records: which one. */
	readonly object?: string;
	/** The parameter that says `automatic` or `selected`. */
	readonly selection: string;
	/** The parameter with the fields that were picked, and its name in the editor. */
	readonly picked: string;
	readonly pickedLabel: string;
	/** Read when nothing else is known. */
	readonly common: readonly string[];
	/** Whether a text can be the name of a field. */
	isName(text: string): boolean;
}

/**
 * The fields to read: those picked, or those that the Map Contact Fields nodes after this node use, and those that any other
 * node after it names in an expression or in code: without them a Filter would drop every contact.
 */
export function fieldsToRead(
	context: IExecuteFunctions | IPollFunctions,
	read: ParameterReader,
	choice: FieldChoice,
): Result<FieldsToRead> {
	if (read(choice.selection, 'automatic') !== 'selected') return fieldsInUse(context, choice);
	const picked = read(choice.picked, []);
	const fields = fieldNames(Array.isArray(picked) ? picked : [], choice);
	if (fields.length === 0) return invalid(`'${choice.pickedLabel}' is empty: pick at least one field`);
	return ok({ fields, required: fields, requiredBy: `'${choice.pickedLabel}'` });
}

/**
 * The fields that the nodes after this one use. Without a mapping, as long as the workflow is tried out by hand, the common ones are read
 * in the place of mapped ones.
 */
function fieldsInUse(context: IExecuteFunctions | IPollFunctions, choice: FieldChoice): Result<FieldsToRead> {
	const mappings = mappingsOf(context, choice);
	if (mappings.kind !== 'ok') return mappings;
	const mapped = fieldNames(
		mappings.value.flatMap(({ parameters }) => [...mappedSourceFields(parameters)]),
		choice,
	);
	const others = nodesAfter(context, ANY_NODE).filter(({ type }) => !MAPPING_NODE.test(type));
	const named = others.flatMap(({ parameters }) => [...fieldsReadBy(parameters)]).filter(isHarmless(choice));
	const filters = filtersOfSource(context).map(({ name, parameters }) => ({
		name,
		fields: fieldNames([...fieldsReadBy(parameters)].filter(isHarmless(choice)), choice),
	}));
	const filtered = filters.flatMap(({ fields }) => fields);
	const filteredBy = filters.filter(({ fields }) => fields.length > 0).map(({ name }) => `'${name}'`);
	if (mapped.length === 0) {
		context.logger.debug('No mapped fields were found after this node; the common ones are read', {
			node: context.getNode().name,
		});
		const fields = fieldNames([...choice.common, ...named], choice);
		return ok({ fields, required: fieldNames(filtered, choice), requiredBy: filteredBy.join(' or ') });
	}
	// A mapping made for another object may well serve this one too, where both have the field.
	const same = mappings.value.filter(({ from }) => from.object === choice.object);
	const required = same.flatMap(({ parameters }) => [...namedSourceFields(parameters)]);
	return ok({
		fields: fieldNames([...mapped, ...named], choice),
		required: fieldNames([...required, ...filtered], choice),
		requiredBy: ['Map Contact Fields', ...filteredBy].join(' or '),
	});
}

interface Mapping {
	readonly parameters: NodeTypeAndVersion['parameters'];
	readonly from: MappingSource;
}

/**
 * The mappings after this node that are for its contacts. One of another system stops the run, unless it stands behind a Read Contacts
 * node: then it is for what that node reads. So does one that maps nothing yet, unless the workflow is tried out by hand.
 */
function mappingsOf(context: IExecuteFunctions | IPollFunctions, { source }: FieldChoice): Result<readonly Mapping[]> {
	const all = nodesAfter(context, MAPPING_NODE).map(({ name, parameters }) => ({
		name,
		parameters,
		from: mappingSource(parameters),
	}));
	const ofOtherSystems = all.filter(({ from }) => from.name !== source);
	const readAnew = ofOtherSystems.length > 0 ? namesBehindReads(context) : new Set();
	const stray = ofOtherSystems.find(({ name }) => !readAnew.has(name));
	if (stray) return invalid(`'${stray.name}' after this node maps fields of another system: change its 'Source'`);
	const unopened = all.find(({ parameters }) => mapsNothing(parameters));
	if (unopened && context.getMode() !== 'manual') return nothingMapped(unopened.name);
	return ok(all.filter(({ from }) => from.name === source));
}

/** Names that may be those of fields, each once. */
const fieldNames = (names: readonly unknown[], choice: FieldChoice): string[] => [
	...new Set(
		names
			.filter((name): name is string => typeof name === 'string')
			.map((name) => name.trim())
			.filter((name) => choice.isName(name)),
	),
];

/** Without a row the runs would fail one after the other: said when the workflow is published, where it is mended by a look. */
const nothingMapped = (node: string): Failure => ({
	kind: 'stop',
	code: 'NOTHING_MAPPED',
	reason: `'${node}' maps nothing yet: its suggestions are filled in when it is opened with both credentials selected`,
});

/**
 * The nodes that let contacts pass by what their fields hold. A name that the source does not have makes them drop every contact, in
 * runs that succeed, so each has to exist. Not so where another node may have made the field: then none is returned.
 */
function filtersOfSource(context: IExecuteFunctions | IPollFunctions): readonly NodeTypeAndVersion[] {
	const after = nodesAfter(context, ANY_NODE);
	const keepsFields = ({ type }: NodeTypeAndVersion): boolean => [FILTER_NODE, OUR_NODE, LEAF_NODE].some((kind) => kind.test(type)); // prettier-ignore
	if (after.some(({ type }) => READ_NODE.test(type)) || !after.every(keepsFields)) return [];
	return after.filter(({ type }) => FILTER_NODE.test(type));
}

const FILTER_NODE = /^n8n-nodes-base\.(?:filter|if|switch)$/;
/** Nodes that make no contact items. */
const LEAF_NODE = /^n8n-nodes-base\.(?:noOp|stopAndError|emailSend|dataTable|html|stickyNote)$/;

/** Names of the nodes that get what a Read Contacts node after this one reads. */
const namesBehindReads = (context: IExecuteFunctions | IPollFunctions): ReadonlySet<string> =>
	new Set(nodesAfter(context, READ_NODE).flatMap(({ name }) => context.getChildNodes(name).map((node) => node.name)));

/**
 * A source passes over a field of its own that it does not have, but may refuse a path to a field of a related record; so of those
 * only the common ones are read because a Filter or the like names them.
 */
const isHarmless =
	({ common }: FieldChoice) =>
	(name: string): boolean =>
		!name.includes('.') || common.includes(name);
