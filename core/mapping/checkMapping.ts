import type { SetUpFinding } from '../setUpFinding';
import { passed, problem, warned } from '../setUpFinding';
import type { DestinationField } from './fields';
import { TYPE_NAMES, typeDistance } from './fields';
import type { MappingRow, NodeMapping } from './mapping';

/** What a mapping is checked against. */
export interface MappingTarget {
	/** As messages call the system, and one of its fields. */
	readonly system: string;
	readonly noun: string;
	/** What can be mapped to. */
	readonly fields: readonly DestinationField[];
	/** Contacts are created: without the required fields none is. */
	readonly creates: boolean;
	/** What is wrong with a field that cannot be mapped to, and what to do. */
	readonly notWritable: (field: string, node: string) => { readonly reason: string; readonly fix: string };
}

/** Whether every row of a node's mapping fits the destination, and whether what a contact needs is mapped. */
export function checkMapping({ node, rows }: NodeMapping, target: MappingTarget): SetUpFinding[] {
	const check = `Mapping of '${node}'`;
	const { system, noun, fields } = target;
	if (rows.length === 0)
		return [problem(check, { kind: 'stop', code: 'NOTHING_MAPPED', reason: `'${node}' maps no ${system} ${noun}` })];
	const offered = new Map(fields.map((field) => [field.name, field]));
	const findings = rows.flatMap((row): SetUpFinding[] => {
		const field = offered.get(row.destination);
		if (field) return checkField(check, node, field, row, target);
		const { reason, fix } = target.notWritable(row.destination, node);
		return [problem(check, { kind: 'stop', code: 'DESTINATION_FIELD_MISSING', reason }, fix)];
	});
	const mapped = new Set(rows.map(({ destination }) => destination));
	const identifiers = fields.filter(({ identifier }) => identifier);
	if (!identifiers.some(({ name }) => mapped.has(name))) {
		const labels = identifiers.map(({ label }) => label);
		const none = labels.length > 1 ? `Neither ${labels.join(' nor ')} is` : `${labels.join('')} is not`;
		findings.push(
			problem(check, { kind: 'stop', code: 'NO_IDENTIFIER_MAPPED', reason: `${none} mapped in '${node}'` }),
		);
	}
	findings.push(...checkRequired(check, node, mapped, target));
	if (findings.some(({ status }) => status === 'problem')) return findings;
	const many = `${rows.length} mapped ${rows.length === 1 ? `${noun} exists` : `${plural(noun)} exist`}`;
	return [...findings, passed(check, `${many} and can be written`)];
}

/** S25: without these no contact is created; those that exist are updated all the same. */
function checkRequired(
	check: string,
	node: string,
	mapped: ReadonlySet<string>,
	{ system, fields, creates }: MappingTarget,
): SetUpFinding[] {
	if (!creates) return [];
	const missing = fields.filter(({ name, required, identifier }) => required && !identifier && !mapped.has(name));
	if (missing.length === 0) return [];
	const labels = missing.map(({ label }) => `'${label}'`).join(' and ');
	const message = `${system} creates no contact without ${labels}, which '${node}' does not map`;
	return [
		warned(check, message, `Map ${labels} in '${node}', or set 'Mode' to 'Update Only'.`, 'REQUIRED_FIELD_MISSING'),
	];
}

function checkField(
	check: string,
	node: string,
	{ name, label, type, options }: DestinationField,
	{ mappedAs }: MappingRow,
	{ system, noun }: MappingTarget,
): SetUpFinding[] {
	if (mappedAs && mappedAs.destination !== type && typeDistance(mappedAs.source, type) === undefined) {
		const [before, now, source] = [mappedAs.destination, type, mappedAs.source].map((one) => TYPE_NAMES[one]);
		const reason = `The ${noun} '${label}' was ${before} when it was mapped and is now ${now}, which does not take ${source} fields`;
		const fix = `Open '${node}', look at the row '${label}' and pick a field that fits; then save the workflow.`;
		return [problem(check, { kind: 'stop', code: 'FIELD_RETYPED', reason }, fix)];
	}
	if (options?.length !== 0) return [];
	const message = `The ${noun} '${name}' has no options yet, so every value is left out`;
	return [warned(check, message, `Add the options to '${name}' in ${system}.`, 'OPTION_UNKNOWN')];
}

const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`);
