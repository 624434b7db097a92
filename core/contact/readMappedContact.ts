import { cleanText } from './cleanText';
import type { ChangeKind, FieldValue, MappedContact, MappedFields, Overwrite, Warning } from './contact';
import { CHANGE_KINDS, OVERWRITES } from './contact';
import { addressForm } from './email';
import { readOptedOut } from './optedOut';
import { isDelivery } from './readContactChange';
import { relationsOf } from './relations';
import { setOwnValue } from './ownValues';
import { isRecord } from '../json';

/**
 * A contact as Map Contact Fields hands it on, or undefined when the value is none. Addresses are brought into the form the
 * rest of the package compares.
 */
export function readMappedContact(value: unknown): MappedContact | undefined {
	if (!isRecord(value)) return undefined;
	const { key, change, source, changedAt, previousEmail, warnings } = value;
	const optedOut = readOptedOut(value.optedOut);
	const contact = readFields(value.contact);
	if (typeof key !== 'string' || key.trim() === '' || !isChangeKind(change) || !isRecord(source) || !contact)
		return undefined;
	if (optedOut === undefined) return undefined;
	return {
		key: cleanText(key),
		change,
		source: source as unknown as MappedContact['source'],
		changedAt: typeof changedAt === 'string' ? changedAt : '',
		optedOut,
		...(typeof previousEmail === 'string' && previousEmail.trim() !== ''
			? { previousEmail: normalEmail(previousEmail) }
			: {}),
		...relationsOf(value),
		...(isDelivery(value.delivery) ? { delivery: value.delivery } : {}),
		contact,
		warnings: Array.isArray(warnings) ? warnings.filter(isWarning) : [],
	};
}

function readFields(value: unknown): MappedFields | undefined {
	if (!isRecord(value)) return undefined;
	const { email, phone, attributes = {}, overwrite, unchanged, origins } = value;
	if (!isRecord(attributes)) return undefined;
	if (![email, phone].every((text) => text === undefined || text === null || typeof text === 'string'))
		return undefined;
	const fields: Record<string, FieldValue> = {};
	for (const [name, field] of Object.entries(attributes)) {
		if (field === undefined) continue;
		if (!isFieldValue(field)) return undefined;
		setOwnValue(fields, name, field);
	}
	return {
		...(typeof email === 'string' && email.trim() !== '' ? { email: normalEmail(email) } : {}),
		...(typeof phone === 'string' && phone.trim() !== '' ? { phone: normalPhone(phone) } : {}),
		attributes: fields,
		...(isRecord(overwrite) ? { overwrite: readOverwrite(overwrite) } : {}),
		...(Array.isArray(unchanged) ? { unchanged: unchanged.filter((name) => typeof name === 'string') } : {}),
		...(isRecord(origins) ? { origins: textsOf(origins) } : {}),
	};
}

function textsOf(value: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
	const texts: Record<string, string> = {};
	for (const [name, text] of Object.entries(value)) if (typeof text === 'string') setOwnValue(texts, name, text);
	return texts;
}

/** A rule that is not known counts as the most careful one. */
function readOverwrite(value: Readonly<Record<string, unknown>>): Readonly<Record<string, Overwrite>> {
	const rules: Record<string, Overwrite> = {};
	for (const [name, rule] of Object.entries(value))
		setOwnValue(rules, name, OVERWRITES.find((known) => known === rule) ?? 'onCreate');
	return rules;
}

const normalEmail = (email: string): string => addressForm(cleanText(email));

/** Without the marks people put between digits, and with a plus for two leading zeros. */
const normalPhone = (phone: string): string => phone.replace(/[\s().\-/]/g, '').replace(/^00/, '+');

const isChangeKind = (value: unknown): value is ChangeKind => (CHANGE_KINDS as readonly unknown[]).includes(value);

const isWarning = (value: unknown): value is Warning =>
	isRecord(value) && [value.field, value.code, value.message].every((text) => typeof text === 'string');

const isFieldValue = (value: unknown): value is FieldValue =>
	value === null ||
	typeof value === 'string' ||
	typeof value === 'boolean' ||
	(typeof value === 'number' && Number.isFinite(value)) ||
	(Array.isArray(value) && value.every((entry) => typeof entry === 'string'));
