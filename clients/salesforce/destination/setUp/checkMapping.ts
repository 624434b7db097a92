import type { DestinationField } from '../../../../core/mapping/fields';
import { quoted, TYPE_NAMES, typeDistance } from '../../../../core/mapping/fields';
import type { MappingRow, NodeMapping } from '../../../../core/mapping/mapping';
import type { SetUpFinding } from '../../../../core/setUpFinding';
import { passed, problem, warned } from '../../../../core/setUpFinding';
import type { WriteMode } from '../../../../core/upsert/plan/heldBack';
import type { SalesforceObject } from '../../api/types';
import { EMAIL, toDestinationFields } from '../toDestinationFields';

/** Whether the rows of a mapping node lead to fields that can be written, and whether new records get what they need. */
export function checkMapping(
	{ node, rows }: NodeMapping,
	object: SalesforceObject,
	mode: WriteMode = 'upsert',
): readonly SetUpFinding[] {
	const check = `Mapping of '${node}'`;
	if (rows.length === 0)
		return [problem(check, { kind: 'stop', code: 'NOTHING_MAPPED', reason: `'${node}' maps no Salesforce field` })];
	const fields = toDestinationFields(object);
	const offered = new Map(fields.map((field) => [field.name, field]));
	const findings = rows.flatMap((row): SetUpFinding[] => {
		const field = offered.get(row.destination);
		return field ? [...checkType(check, node, field, row)] : [notWritable(check, node, row.destination, object)];
	});
	const mapped = new Set(rows.map(({ destination }) => destination));
	if (!mapped.has(EMAIL)) {
		const reason = `Email is not mapped in '${node}'`;
		findings.push(problem(check, { kind: 'stop', code: 'NO_IDENTIFIER_MAPPED', reason }, 'Map Email.'));
	}
	const lacking = fields.filter(({ name, required }) => required === true && !mapped.has(name));
	if (lacking.length > 0 && mode !== 'updateOnly') {
		const message = `New ${object.label} records need ${lacking.map(quoted).join(' and ')}, which is not mapped, so that none is created`;
		const fix = "Map the field, or an expression with a fixed value; or set 'Mode' to 'Update Only'.";
		findings.push(warned(check, message, fix, 'REQUIRED_FIELD_MISSING'));
	}
	if (findings.some(({ status }) => status === 'problem')) return findings;
	const many = `${rows.length} mapped ${rows.length === 1 ? 'field exists' : 'fields exist'}`;
	return [...findings, passed(check, `${many} and can be written`)];
}

function checkType(
	check: string,
	node: string,
	field: DestinationField,
	{ mappedAs }: MappingRow,
): readonly SetUpFinding[] {
	if (!mappedAs || mappedAs.destination === field.type || typeDistance(mappedAs.source, field.type) !== undefined)
		return [];
	const [before, now, source] = [mappedAs.destination, field.type, mappedAs.source].map((one) => TYPE_NAMES[one]);
	const reason = `The field ${quoted(field)} was ${before} when it was mapped and is now ${now}, which does not take ${source} fields`;
	const fix = `Open '${node}', look at the row '${field.label}' and pick a field that fits; then save the workflow.`;
	return [problem(check, { kind: 'stop', code: 'FIELD_RETYPED', reason }, fix)];
}

function notWritable(check: string, node: string, name: string, object: SalesforceObject): SetUpFinding {
	const isThere = object.fields.some((field) => field.name === name);
	const reason = isThere
		? `The ${object.label} field '${name}' cannot be written by this sync`
		: `Salesforce shows no ${object.label} field '${name}' to the user of the credential`;
	const fix = isThere
		? `Give the user edit access to '${name}' (field-level security) if it is an ordinary field; else remove its row from '${node}'.`
		: `If '${name}' exists, give the user access to it (field-level security); else remove its row from '${node}'.`;
	return problem(check, { kind: 'stop', code: 'DESTINATION_FIELD_MISSING', reason }, fix);
}
