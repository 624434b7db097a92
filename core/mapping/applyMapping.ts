import { normaliseEmail } from '../contact/email';
import type { ContactChange, FieldValue, MappedContact, Warning } from '../contact/contact';
import type { ReasonCode } from '../outcome';
import { convertValue } from './convertValue';
import type { Conversion, MappingPlan, PlannedRow } from './mapping';
import { quoted } from './mapping';

/** Every contact ends in one of the two; `message` holds no personal data. */
export type MappingOutcome =
	| { readonly kind: 'mapped'; readonly contact: MappedContact }
	| { readonly kind: 'excluded'; readonly code: ReasonCode; readonly message: string };

/** Results of the expression rows of one contact, by the name of the destination field. */
export type ComputedValues = Readonly<Record<string, unknown>>;

/**
 * Applies a mapping to one contact. Who is excluded: a contact with a malformed e-mail address (it is never sent by its
 * phone number alone, which could make a second person of it), one with neither address nor number, and, unless the
 * settings say otherwise, one with an unusable phone number (HB-25). A contact that left or was deleted passes with
 * whatever identifies it, and an unusable number never keeps an opt-out from being carried.
 */
export function applyMapping(plan: MappingPlan, change: ContactChange, computed: ComputedValues = {}): MappingOutcome {
	return LEAVING.has(change.change) ? mapLeaving(plan, change, computed) : mapPresent(plan, change, computed);
}

const LEAVING: ReadonlySet<ContactChange['change']> = new Set(['removed', 'deleted']);

function mapPresent(plan: MappingPlan, change: ContactChange, computed: ComputedValues): MappingOutcome {
	const attributes: Record<string, FieldValue> = {};
	const warnings: Warning[] = [];
	const identity: { email?: string; phone?: string } = {};
	let badPhone: string | undefined;
	for (const row of plan.rows) {
		const conversion = convertRow(plan, row, change, computed);
		const name = row.destination.name;
		if (conversion.kind === 'unusable') {
			const message = messageFor(row, conversion.reason);
			if (conversion.code === 'EMAIL_MALFORMED' && row.destination.identifier === 'email') {
				return { kind: 'excluded', code: 'EMAIL_MALFORMED', message };
			}
			if (conversion.code === 'PHONE_LEFT_OUT') {
				if (plan.settings.unusablePhone === 'excludeContact' && change.optedOut !== true) {
					return { kind: 'excluded', code: 'PHONE_INVALID', message };
				}
				if (row.destination.identifier === 'phone') badPhone = message;
			}
			warnings.push({ field: name, code: conversion.code, message });
		} else if (conversion.kind === 'value') {
			if (row.destination.identifier === undefined) attributes[name] = conversion.value;
			else identity[row.destination.identifier] = String(conversion.value);
			if (conversion.warning)
				warnings.push({
					field: name,
					code: conversion.warning.code,
					message: messageFor(row, conversion.warning.reason),
				});
		} else if (conversion.kind === 'empty' && row.emptyValues === 'clear' && row.destination.identifier === undefined) {
			attributes[name] = null;
		}
	}
	if (identity.email === undefined && identity.phone === undefined) {
		return badPhone === undefined
			? { kind: 'excluded', code: 'NO_IDENTIFIER', message: noIdentifier(plan, change) }
			: { kind: 'excluded', code: 'PHONE_INVALID', message: badPhone };
	}
	return mapped(change, { ...identity, attributes }, warnings);
}

function mapLeaving(plan: MappingPlan, change: ContactChange, computed: ComputedValues): MappingOutcome {
	const identity: { email?: string; phone?: string } = {};
	const warnings: Warning[] = [];
	for (const row of plan.rows) {
		if (row.destination.identifier === undefined) continue;
		const conversion = convertRow(plan, row, change, computed);
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
): Conversion<FieldValue> {
	const value =
		row.from.kind === 'field' ? ownValue(change.fields, row.from.name) : ownValue(computed, row.destination.name);
	return convertValue(value, row, plan.settings);
}

/** A field called `constructor` or `__proto__` is only there if the contact has it. */
const ownValue = (values: Readonly<Record<string, unknown>>, name: string): unknown =>
	Object.hasOwn(values, name) ? values[name] : undefined;

function mapped(
	change: ContactChange,
	contact: MappedContact['contact'],
	warnings: readonly Warning[],
): MappingOutcome {
	const { key, source, changedAt, optedOut, mergedFrom, delivery } = change;
	const previous = change.previousEmail === undefined ? undefined : normaliseEmail(change.previousEmail);
	return {
		kind: 'mapped',
		contact: {
			key,
			change: change.change,
			source,
			changedAt,
			optedOut,
			...(previous?.kind === 'email' ? { previousEmail: previous.email } : {}),
			...(mergedFrom ? { mergedFrom } : {}),
			...(delivery ? { delivery } : {}),
			contact,
			warnings,
		},
	};
}

function messageFor(row: PlannedRow, reason: string): string {
	const from = row.sourceField ? `the value of ${quoted(row.sourceField)}` : 'the value of its expression';
	if (reason.startsWith('has no option') || reason.startsWith('has no such option'))
		return `${row.destination.label} ${reason} (${from})`;
	return `${row.destination.label}: ${from} ${reason}`;
}

function noIdentifier(plan: MappingPlan, change: ContactChange): string {
	const rows = plan.rows.filter((row) => row.destination.identifier);
	const labels = rows.map((row) => row.destination.label).join(' and ');
	const unread = rows.filter((row) => row.from.kind === 'field' && !Object.hasOwn(change.fields, row.from.name));
	return unread.length === rows.length
		? `The item does not carry the fields mapped to ${labels}; was the trigger told to read them?`
		: `${labels} ${rows.length > 1 ? 'are' : 'is'} empty`;
}
