import { shortened } from '../../../core/calls/vendorMessage';
import { quoted } from '../../../core/mapping/fields';
import type { Failure } from '../../../core/result';
import type { RefusedValues } from '../../../core/upsert/destination';
import { DAILY_RECHECK_MS } from '../api/classify';
import type { SalesforceFault } from '../api/classify';
import type { SalesforceObject } from '../api/types';

/** What was to be written of the record that was refused. */
export interface RefusedRow {
	/** The object of the record. */
	readonly object: SalesforceObject;
	/** Names of the fields that were mapped. */
	readonly attributes: readonly string[];
	/** Fields that a new record may not be without; none for one that is there. */
	readonly required: ReadonlySet<string>;
	/** True: the record was to be created. */
	readonly isNew?: boolean;
	readonly keyField?: string;
}

/** Another transaction holds the record, or its account, or its campaign: it passes within seconds (S11, S12). */
export const isLocked = ({ code, message }: SalesforceFault): boolean =>
	code === 'UNABLE_TO_LOCK_ROW' || message.includes('UNABLE_TO_LOCK_ROW');

/** Salesforce does not say why, and the same record may pass a moment later. */
export const isUnexplained = ({ code }: SalesforceFault): boolean =>
	code === 'UNKNOWN_EXCEPTION' || code === 'REQUEST_RUNNING_TOO_LONG' || code === 'SERVER_UNAVAILABLE';

/** Codes with which a trigger or flow of the organisation fails, and takes all records of the call with it. */
const FROM_AUTOMATION: ReadonlySet<string> = new Set([
	'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
	'CANNOT_EXECUTE_FLOW_TRIGGER',
	'APEX_ERROR',
	'UNKNOWN_EXCEPTION',
]);

/**
 * Whether one record may have failed all of a call, although they are to stand alone (S16): each was refused in the same words,
 * which come from a trigger or name a value that not all of them have.
 */
export function failedAsOne(faults: readonly SalesforceFault[]): boolean {
	const [first] = faults;
	if (!first || faults.length < 2 || isLocked(first) || isForbidden(first)) return false;
	if (!FROM_AUTOMATION.has(first.code) && first.code !== 'INVALID_EMAIL_ADDRESS') return false;
	return faults.every(({ code, message }) => code === first.code && message === first.message);
}

/** Why a record was not written: the first of its errors that is about the whole of it, else all values that are refused. */
export function rowFailure(faults: readonly SalesforceFault[], row: RefusedRow): Failure {
	const failures = faults.map((fault) => failureOf(fault, row));
	const [first = failureOf(NO_REASON, row)] = failures;
	const whole = failures.find((failure) => valuesOf(failure).length === 0);
	if (whole || failures.length < 2) return whole ?? first;
	const details: RefusedValues = { values: [...new Set(failures.flatMap(valuesOf))] };
	return {
		kind: 'refused',
		code: 'DESTINATION_REFUSED',
		reason: failures.map(({ reason }) => reason).join('; '),
		details,
	};
}

const valuesOf = (failure: Failure): readonly string[] =>
	failure.kind === 'refused' && failure.details !== undefined ? (failure.details as RefusedValues).values : [];

const NO_REASON: SalesforceFault = { code: '', message: '', fields: [] };

function failureOf(fault: SalesforceFault, row: RefusedRow): Failure {
	if (isLocked(fault)) return { kind: 'retry', code: 'RECORD_LOCKED', reason: 'Salesforce holds the record locked' };
	const meant = BY_CODE[fault.code] ?? ((): Failure => aboutValues(fault, row, 'was refused by Salesforce'));
	return meant(fault, row);
}

type Meaning = (fault: SalesforceFault, row: RefusedRow) => Failure;

const refused = (reason: string): Failure => ({ kind: 'refused', code: 'DESTINATION_REFUSED', reason });

const valueThat =
	(what: string): Meaning =>
	(fault, row) =>
		aboutValues(fault, row, what);

/** A refusal for single values, where those are mapped ones that the record can go without (S14). */
function aboutValues(fault: SalesforceFault, row: RefusedRow, what: string): Failure {
	const names = fieldsOf(fault, row);
	const labels = names.map((name) => quoted({ name, label: labelOf(name, row) }));
	const which = labels.length > 0 ? labels.join(', ') : 'The record';
	const reason = `${which} ${what} (${fault.code || 'no reason'})`;
	const canGo = names.length > 0 && names.every((name) => row.attributes.includes(name) && !row.required.has(name));
	const details: RefusedValues = { values: names };
	return { kind: 'refused', code: 'DESTINATION_REFUSED', reason, ...(canGo ? { details } : {}) };
}

/** `duplicate value found: Code__c duplicates value on record with id: …` names the field in its words alone. */
const DUPLICATES = /duplicate value found: (\w+) duplicates/i;

/** The fields a refusal is about: as listed, else as its message names them, by name or by the label it begins with. */
function fieldsOf({ fields, message }: SalesforceFault, row: RefusedRow): readonly string[] {
	const [, duplicate] = DUPLICATES.exec(message) ?? [];
	const listed = fields.length === 0 && duplicate !== undefined ? [duplicate] : fields;
	const named = listed.map((name) => row.object.fields.find((field) => same(field.name, name))?.name ?? name);
	if (named.length > 0) return named;
	const [label = ''] = message.split(':');
	return row.attributes.filter((name) => same(labelOf(name, row), label.trim()) || same(name, label.trim()));
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const labelOf = (name: string, { object }: RefusedRow): string =>
	object.fields.find((field) => field.name === name)?.label ?? name;

const STATE = /State(?:Code)?$/;
const COUNTRY = /Country(?:Code)?$/;

/** State and country picklists refuse with the name of either field, or with none (S13). */
function integrity(fault: SalesforceFault, row: RefusedRow): Failure {
	const { message, fields } = fault;
	const isPlace = /country|territory|state|province/i.test(message) || fields.some((name) => STATE.test(name));
	const listed = fieldsOf(fault, row);
	if (!isPlace || (listed.length > 0 && listed.every((name) => row.attributes.includes(name))))
		return aboutValues(fault, row, 'does not fit the other values of the record');
	const states = row.attributes.filter((name) => STATE.test(name));
	const places = states.length > 0 ? states : row.attributes.filter((name) => COUNTRY.test(name));
	return aboutValues({ ...fault, fields: places }, row, 'is not one that Salesforce knows there');
}

/** A value that another record has, such as a lead that was converted (S23). Salesforce hides which where the user may not see it. */
function duplicateValue(fault: SalesforceFault, row: RefusedRow): Failure {
	const [id] = /\b[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?\b(?=[^a-zA-Z0-9]*$)/.exec(fault.message) ?? [];
	const holder = id === undefined ? 'another record' : `record ${id}`;
	const names = fieldsOf(fault, row);
	// The key came to be there since the records were read: they are read anew.
	if (row.keyField !== undefined && names.some((name) => same(name, row.keyField ?? '')))
		return {
			kind: 'refused',
			code: 'IDENTIFIER_TAKEN',
			reason: `The key of the contact is on ${holder} of Salesforce`,
		};
	const isLead = id?.startsWith('00Q') === true;
	if (names.length === 0)
		return refused('A value of the record that must be unique is on another record of Salesforce (DUPLICATE_VALUE)');
	return aboutValues(fault, row, `is on ${holder}${isLead ? ', a lead that may have been converted' : ''}`);
}

/** What the organisation built itself; its own words tell what is wrong (S26). */
const inAdminsWords =
	(who: string): Meaning =>
	({ message }) =>
		refused(`${who} refuses the record: ${shortened(message.replace(/\s+/g, ' '))}`);

const isForbidden = ({ message }: SalesforceFault): boolean => /entity type cannot be/i.test(message);

const automation: Meaning = (fault, row) =>
	isForbidden(fault)
		? {
				kind: 'stop',
				code: 'PERMISSION_MISSING',
				reason: `The user of the credential may not write ${row.object.label} records`,
			}
		: inAdminsWords('An automation in Salesforce (a trigger or flow)')(fault, row);

const noAccess: Meaning = ({ code }, { object }) => ({
	kind: 'refused',
	code: 'PERMISSION_MISSING',
	reason: `The user of the Salesforce credential may not change this ${object.label} record (${code})`,
});

/** Salesforce's words where the record itself is not there any more. */
const ITSELF = /^(?:invalid cross reference id|entity is deleted)\.?$/i;

/**
 * It was there when the records were read; the next delivery finds it gone and creates it anew (S9). A new record, or one whose fields are
 * named, refers to a record that is gone: an owner, a record type, what an automation sets.
 */
const gone: Meaning = (fault, row) => {
	const { code, fields, message } = fault;
	const isItself = row.isNew !== true && fields.length === 0 && ITSELF.test(message.trim());
	if (!isItself)
		return aboutValues(
			fault,
			row,
			'refers to a record that does not exist, or that the user of the credential may not use',
		);
	const what = row.object.name === 'CampaignMember' ? 'The record, or the campaign,' : 'The record';
	const reason = `${what} was deleted in Salesforce while it was to be changed (${code})`;
	return { kind: 'retry', code: 'UNAVAILABLE', reason };
};

/** Salesforce is busy or down, and says so of the record alone. */
const passes: Meaning = ({ code }) => ({
	kind: 'retry',
	code: 'UNAVAILABLE',
	reason: `Salesforce did not get to the record (${code})`,
});

/** Records of other objects hang on it, such as the cases of a contact; Salesforce names them (SB-27). */
const stays: Meaning = ({ message }) => {
	const what = /following ([\w ]+)/i.exec(message)?.[1];
	const reason = `Salesforce keeps the record${what === undefined ? '' : `, because of the following ${what}`}`;
	const [, numbers] = /:\s*([\w,\s-]+?)\s*$/.exec(message) ?? [];
	return { kind: 'refused', code: 'DELETE_REFUSED', reason: numbers === undefined ? reason : `${reason}: ${numbers}` };
};

/** Fields of one record have limits of their own. */
const tooLong: Meaning = (fault, row) => {
	const [name, ...others] = fieldsOf(fault, row);
	const length = row.object.fields.find((field) => field.name === name)?.length ?? 0;
	const isKnown = others.length === 0 && length > 0;
	return aboutValues(fault, row, `is longer than ${isKnown ? `the ${length} characters that ` : ''}Salesforce takes`);
};

const full: Meaning = ({ code }) => ({
	kind: 'stop',
	code: 'ACCOUNT_RESTRICTED',
	reason: `${code === 'LIMIT_EXCEEDED' ? 'A limit' : 'The storage'} of this Salesforce organisation is used up (${code})`,
});

const usedUp: Meaning = () => ({
	kind: 'retry',
	code: 'DAILY_LIMIT_REACHED',
	reason: 'The daily calls of this Salesforce organisation are used up',
	afterMs: DAILY_RECHECK_MS,
});

/** What the errors of a record mean. Codes that are not listed refuse the values they name, or else the record. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
	REQUIRED_FIELD_MISSING: (fault, row) => ({
		kind: 'refused',
		code: 'REQUIRED_FIELD_MISSING',
		reason: `Salesforce demands ${
			fieldsOf(fault, row)
				.map((name) => quoted({ name, label: labelOf(name, row) }))
				.join(', ') || 'a field that is empty'
		}`,
	}),
	STRING_TOO_LONG: tooLong,
	INVALID_EMAIL_ADDRESS: valueThat('is no e-mail address that Salesforce takes'),
	INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: valueThat('is none of the options in Salesforce'),
	NUMBER_OUTSIDE_VALID_RANGE: valueThat('is larger than Salesforce takes'),
	INVALID_TYPE_ON_FIELD_IN_RECORD: valueThat('is not of the type of the field'),
	INVALID_FIELD_FOR_INSERT_UPDATE: valueThat('cannot be written on this record, such as a person account'),
	FIELD_INTEGRITY_EXCEPTION: integrity,
	DUPLICATE_VALUE: duplicateValue,
	DUPLICATES_DETECTED: () => ({
		kind: 'refused',
		code: 'DUPLICATE_RULE',
		reason: 'A duplicate rule of Salesforce takes the record for one that is there already',
	}),
	FIELD_CUSTOM_VALIDATION_EXCEPTION: inAdminsWords('A validation rule in Salesforce'),
	CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: automation,
	CANNOT_EXECUTE_FLOW_TRIGGER: automation,
	APEX_ERROR: automation,
	CANNOT_UPDATE_CONVERTED_LEAD: () => ({
		kind: 'refused',
		code: 'RECORD_CONVERTED',
		reason: 'The lead was converted in Salesforce and takes no more changes',
	}),
	// A record in an approval process.
	ENTITY_IS_LOCKED: valueThat('is locked in Salesforce, as by an approval that is going on'),
	// Fewer records in a call may come through.
	REQUEST_RUNNING_TOO_LONG: (fault, row) => ({ ...passes(fault, row), status: 503 }),
	SERVER_UNAVAILABLE: passes,
	DELETE_FAILED: stays,
	ENTITY_IS_DELETED: gone,
	INVALID_CROSS_REFERENCE_KEY: gone,
	INSUFFICIENT_ACCESS: noAccess,
	INSUFFICIENT_ACCESS_OR_READONLY: noAccess,
	INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: noAccess,
	TRANSFER_REQUIRES_READ: noAccess,
	STORAGE_LIMIT_EXCEEDED: full,
	LIMIT_EXCEEDED: full,
	REQUEST_LIMIT_EXCEEDED: usedUp,
};
