import { normaliseEmail } from '../contact/email';
import type { ContactChange, FieldValue, MappedContact, MappedFields, Overwrite, Warning } from '../contact/contact';
import { ownValue, setOwnValue } from '../contact/ownValues';
import { printOfValue } from '../contact/valuePrint';
import type { ReasonCode } from '../outcome';
import { convertValue } from './convert/convertValue';
import type { Conversion, ConversionWarning, MappingPlan, PlannedRow } from './mapping';
import type { SourceField } from './fields';
import { quoted } from './fields';

/**
 * Every contact ends in one of the two; `message` holds no personal data. The `contact` of an excluded one is what could
 * be converted of it.
 */
export type MappingOutcome =
	| { readonly kind: 'mapped'; readonly contact: MappedContact }
	| ({ readonly kind: 'excluded' } & Exclusion & { readonly contact: MappedFields });

interface Exclusion {
	readonly code: ReasonCode;
	readonly message: string;
	/** The identifying fields, where the item carries none of them. */
	readonly unread?: readonly SourceField[];
}

/** Results of the expression rows of one contact, by the name of the destination field. */
export type ComputedValues = Readonly<Record<string, unknown>>;

/** Why expression rows have no result for this contact, by the name of the destination field. Completes "the value …". */
export type FailedRows = ReadonlyMap<string, string>;

const NONE_FAILED: FailedRows = new Map();

/**
 * Applies a mapping to one contact. Excluded are: a contact with a malformed e-mail address (it is never sent by its
 * phone number alone, which could make a second person of it), one with neither address nor number, and, where the
 * settings say so, one with an unusable phone number (HB-25). An expression that failed counts as an unusable value.
 *
 * A contact that left or was deleted passes with whatever identifies it. So does one that opted out, with the reason as a warning:
 * the destination may know it by its key, and nothing may keep an opt-out from being carried.
 */
export function applyMapping(
	plan: MappingPlan,
	change: ContactChange,
	computed: ComputedValues = {},
	failed: FailedRows = NONE_FAILED,
): MappingOutcome {
	const convert: ConvertRow = (row) => convertRow(plan, row, change, computed, failed);
	return isLeaving(change) || change.optOutOnly ? mapLeaving(plan, change, convert) : mapPresent(plan, change, convert);
}

type ConvertRow = (row: PlannedRow) => Conversion<FieldValue>;

/** Whether a contact left its list or was deleted. */
const isLeaving = ({ change }: ContactChange): boolean => change === 'removed' || change === 'deleted';

/** Whether a contact has to get through, whatever is wrong with its values: it leaves, or it opted out. */
export const mustPass = (change: ContactChange): boolean => change.optedOut === true || isLeaving(change);

function mapPresent(plan: MappingPlan, change: ContactChange, convert: ConvertRow): MappingOutcome {
	const attributes: Record<string, FieldValue> = {};
	const warnings: Warning[] = [];
	const identity: { email?: string; phone?: string } = {};
	let exclusion: Exclusion | undefined;
	/** Why there is no number, where that excludes only a contact without an address. */
	let noPhone: Exclusion | undefined;
	for (const row of plan.rows) {
		const conversion = convert(row);
		const { name, identifier } = row.destination;
		if (conversion.kind === 'unusable') {
			const message = messageFor(row, conversion.reason);
			const code = exclusionCode(plan, row, conversion);
			if (code) exclusion ??= { code, message };
			const without = identifier === 'phone' ? EXCLUDES_WITHOUT_ADDRESS[conversion.code] : undefined;
			if (without) noPhone = { code: without, message };
			warnings.push({ field: name, code: conversion.code, message });
		} else if (conversion.kind === 'value') {
			if (identifier === undefined) setOwnValue(attributes, name, conversion.value);
			else identity[identifier] = String(conversion.value);
			if (conversion.warning)
				warnings.push({
					field: name,
					code: conversion.warning.code,
					message: messageFor(row, conversion.warning.reason),
				});
		} else if (conversion.kind === 'empty' && row.emptyValues === 'clear' && identifier === undefined) {
			setOwnValue(attributes, name, null);
		}
	}
	const contact = {
		...identity,
		attributes,
		...overwriteOf(plan, attributes),
		...(plan.settings.bothWays ? bothWays(plan, change, { ...identity, attributes }) : {}),
	};
	const missing =
		identity.email === undefined && identity.phone === undefined ? (noPhone ?? noIdentifier(plan, change)) : undefined;
	if (change.optedOut === true) {
		// What cannot be used was warned about above; that there is nothing was not.
		const empty = !exclusion && missing?.code === 'NO_IDENTIFIER';
		return mapped(change, contact, empty ? [...warnings, asWarning(plan, missing)] : warnings);
	}
	const reason = exclusion ?? missing;
	return reason ? { kind: 'excluded', ...reason, contact } : mapped(change, contact, warnings);
}

/** The rules of those values of the contact that have one. */
function overwriteOf(
	{ rows }: MappingPlan,
	attributes: Readonly<Record<string, FieldValue>>,
): Pick<MappedFields, 'overwrite'> {
	const overwrite: Record<string, Overwrite> = {};
	for (const { destination, overwrite: rule } of rows)
		if (rule && Object.hasOwn(attributes, destination.name)) setOwnValue(overwrite, destination.name, rule);
	return Object.keys(overwrite).length > 0 ? { overwrite } : {};
}

/**
 * Of values that come from a field: which field, and those whose field did not change with this update. What an expression gives may hang
 * on any field.
 */
function bothWays(
	{ rows }: MappingPlan,
	{ change, changedFields, fields, delivery }: ContactChange,
	values: {
		readonly email?: string;
		readonly phone?: string;
		readonly attributes: Readonly<Record<string, FieldValue>>;
	},
): Pick<MappedFields, 'unchanged' | 'origins'> {
	const changed =
		change === 'optedOut'
			? []
			: change === 'added' || (change === 'updated' && changedFields?.length)
				? changedFields
				: undefined;
	const unchanged: string[] = [];
	const origins: Record<string, string> = {};
	for (const { destination, from } of rows) {
		const { name, identifier } = destination;
		const isThere =
			identifier === undefined ? Object.hasOwn(values.attributes, name) : values[identifier] !== undefined;
		if (from.kind !== 'field' || !isThere) continue;
		setOwnValue(origins, name, `${from.name}=${printOfValue(ownValue(fields, from.name))}`);
		if (changed && !changed.includes(from.name)) unchanged.push(name);
	}
	// What is read on demand is to be written as it is.
	const isFollowed = delivery !== undefined && delivery.phase !== 'resync';
	return { ...(isFollowed ? { origins } : {}), ...(unchanged.length > 0 ? { unchanged } : {}) };
}

/** What an unusable number excludes a contact for that has no address. */
const EXCLUDES_WITHOUT_ADDRESS: Readonly<Partial<Record<ReasonCode, ReasonCode>>> = {
	PHONE_LEFT_OUT: 'PHONE_INVALID',
	EXPRESSION_FAILED: 'IDENTIFIER_NOT_COMPUTED',
};

/** The reason when an unusable value excludes its contact, unless the contact opted out. */
function exclusionCode(plan: MappingPlan, row: PlannedRow, { code }: ConversionWarning): ReasonCode | undefined {
	if (code === 'EMAIL_MALFORMED' && row.destination.identifier === 'email') return 'EMAIL_MALFORMED';
	const strict = plan.settings.unusablePhone === 'excludeContact';
	if (code === 'PHONE_LEFT_OUT' && strict) return 'PHONE_INVALID';
	const needed = row.destination.identifier === 'email' || (row.destination.identifier === 'phone' && strict);
	return code === 'EXPRESSION_FAILED' && needed ? 'IDENTIFIER_NOT_COMPUTED' : undefined;
}

function asWarning(plan: MappingPlan, { code, message }: Exclusion): Warning {
	const row = plan.rows.find(({ destination }) => destination.identifier);
	return { field: row?.destination.name ?? '', code, message };
}

function mapLeaving(plan: MappingPlan, change: ContactChange, convert: ConvertRow): MappingOutcome {
	const identity: { email?: string; phone?: string } = {};
	const warnings: Warning[] = [];
	for (const row of plan.rows) {
		if (row.destination.identifier === undefined) continue;
		const conversion = convert(row);
		if (conversion.kind === 'value') identity[row.destination.identifier] = String(conversion.value);
		if (conversion.kind === 'unusable') {
			warnings.push({
				field: row.destination.name,
				code: conversion.code,
				message: messageFor(row, conversion.reason),
			});
		}
	}
	return mapped(change, { ...identity, attributes: {} }, warnings);
}

function convertRow(
	plan: MappingPlan,
	row: PlannedRow,
	change: ContactChange,
	computed: ComputedValues,
	failed: FailedRows,
): Conversion<FieldValue> {
	const { name } = row.destination;
	const reason = row.from.kind === 'expression' ? failed.get(name) : undefined;
	if (reason !== undefined) return { kind: 'unusable', code: 'EXPRESSION_FAILED', reason };
	const value = row.from.kind === 'field' ? ownValue(change.fields, row.from.name) : ownValue(computed, name);
	return convertValue(value, row, plan.settings);
}

/** A contact of which only the key is passed on, for when no value can be converted. */
export const mapKeyOnly = (change: ContactChange, warnings: readonly Warning[]): MappedContact =>
	toMappedContact(change, { attributes: {} }, warnings);

const mapped = (change: ContactChange, contact: MappedFields, warnings: readonly Warning[]): MappingOutcome => ({
	kind: 'mapped',
	contact: toMappedContact(change, contact, warnings),
});

function toMappedContact(change: ContactChange, contact: MappedFields, warnings: readonly Warning[]): MappedContact {
	const {
		key,
		source,
		changedAt,
		optedOut,
		mergedFrom,
		otherEmails,
		convertedTo,
		stillIn,
		linkedTo,
		emailsTaken,
		optOutOnly,
		delivery,
	} = change;
	const previous = change.previousEmail === undefined ? undefined : normaliseEmail(change.previousEmail);
	return {
		key,
		change: change.change,
		source,
		changedAt,
		optedOut,
		...(previous?.kind === 'email' ? { previousEmail: previous.email } : {}),
		...(mergedFrom ? { mergedFrom } : {}),
		...(otherEmails ? { otherEmails } : {}),
		...(convertedTo ? { convertedTo } : {}),
		...(stillIn ? { stillIn } : {}),
		...(linkedTo ? { linkedTo } : {}),
		...(emailsTaken ? { emailsTaken } : {}),
		...(optOutOnly ? { optOutOnly } : {}),
		...(delivery ? { delivery } : {}),
		contact,
		warnings,
	};
}

function messageFor(row: PlannedRow, reason: string): string {
	const from = row.sourceField ? `the value of ${quoted(row.sourceField)}` : 'the value of its expression';
	if (reason.startsWith('has no option') || reason.startsWith('has no such option'))
		return `${row.destination.label} ${reason} (${from})`;
	return `${row.destination.label}: ${from} ${reason}`;
}

/** HB-11: neither an address nor a number, and nothing wrong with either. */
function noIdentifier(plan: MappingPlan, change: ContactChange): Exclusion {
	const code = 'NO_IDENTIFIER';
	const rows = plan.rows.filter((row) => row.destination.identifier);
	const labels = rows.map((row) => row.destination.label).join(' and ');
	const unread = rows.flatMap(({ sourceField }) =>
		sourceField && !Object.hasOwn(change.fields, sourceField.name) ? [sourceField] : [],
	);
	if (unread.length < rows.length) return { code, message: `${labels} ${rows.length > 1 ? 'are' : 'is'} empty` };
	const message = `The item does not carry the fields mapped to ${labels}; was the trigger told to read them?`;
	return { code, message, unread };
}
