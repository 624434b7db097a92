import { RecordError, RecordErrors } from '../errors';
import { canonicalId } from '../records/ids';
import { deletionBlockedBy, isLive } from '../records/lifecycle';
import type { SalesforceStore } from '../records/store';
import type { Field, Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import { hasValue, type ValidationRule } from './adminRules';
import { checkDuplicates } from './duplicates';
import { checkMember, convertedLead } from './members';
import {
	addPersonAccount,
	checkPersonAccount,
	checkPersonDeletion,
	isPersonAccount,
	mirrorPerson,
	readOnlyRecord,
	unableTo,
} from './personAccounts';
import { settlePlaces } from './places';
import { settleRecordType } from './recordTypes';
import { JsonProblem, valueFromJson, withoutEdges } from './values';

/** How the writes of one request are to be done. */
export interface WriteContext {
	readonly userId: string;
	/** `Sforce-Auto-Assign`, on unless the header says FALSE. */
	readonly autoAssign: boolean;
	/** `allowSave` of the duplicate rule header. */
	readonly allowSave: boolean;
	/** The HTTP request, which holds the locks of its rows. */
	readonly request: object;
}

export type Json = Readonly<Record<string, unknown>>;

type Operation = 'create' | 'update';

/** Code and verb of a refusal for want of a right on the object. */
const VERBS = { create: 'inserted', edit: 'updated', delete: 'deleted' } as const;

/** Writes of single records with everything that can refuse them; each throws a RecordError. */
export class Writer {
	/** Text of the organisation's code that took the batch back, once a record of it was stored (S16). */
	brokenBy: string | undefined;

	constructor(private readonly store: SalesforceStore) {}

	create(object: SObject, given: Json, context: WriteContext): string {
		this.mayWrite(object, 'create');
		if (this.store.settings.storageFull) throw new RecordError('STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded');
		const values = this.values(object, given, 'create', context);
		const isPerson = isPersonAccount(this.store, object, values, undefined);
		this.check(object, values, undefined, context);
		const missing = [...object.fields.values()].filter(
			(field) =>
				field.createable &&
				!field.nillable &&
				!field.defaultedOnCreate &&
				(values[field.name] ?? null) === null &&
				!(isPerson && field.name === 'Name'),
		);
		if (missing.length > 0) throw requiredMissing(missing);
		this.applyRules(object, values, undefined, context);
		const assigned = { ...values, ...this.assigned(object, context) };
		const id = isPerson
			? addPersonAccount(this.store, assigned, { by: context.userId }).accountId
			: (this.store.insert(object.name, assigned, { by: context.userId })['Id'] as string);
		this.stored(object, id, context);
		return id;
	}

	update(object: SObject, id: string, given: Json, context: WriteContext): void {
		this.mayWrite(object, 'edit');
		const row = this.existing(object, id, context);
		const values = this.values(object, given, 'update', context);
		this.check(object, values, row, context);
		if (row['IsConverted'] === true && this.store.settings.editConvertedLeads === 'refused') throw convertedLead();
		const emptied = [...object.fields.values()].filter((field) => !field.nillable && values[field.name] === null);
		if (emptied.length > 0) throw requiredMissing(emptied);
		this.applyRules(object, values, row, context);
		const more = { ...this.assigned(object, context), ...this.bounceEnded(values, row) };
		const changed = this.store.change(object.name, row['Id'] as string, { ...values, ...more }, { by: context.userId });
		mirrorPerson(this.store, object.name, changed, context.userId);
		this.stored(object, row['Id'] as string, context);
	}

	delete(object: SObject, id: string, context: WriteContext): void {
		this.mayWrite(object, 'delete');
		const row = this.existing(object, id, context);
		this.failIfPlanned(object, row);
		checkPersonDeletion(row, object);
		const blocked = object.name === 'Contact' ? deletionBlockedBy(this.store, row) : undefined;
		if (blocked !== undefined) throw new RecordError('DELETE_FAILED', blocked);
		this.store.remove(object.name, row['Id'] as string);
		const contactId = row['PersonContactId'] ?? null;
		if (contactId !== null) this.store.remove('Contact', contactId as string);
	}

	/** Live records whose key field has this value, as an upsert finds them. */
	matching(object: SObject, key: Field, value: unknown): Row[] {
		const isNumber = key.type === 'double' || key.type === 'int';
		const wanted = isNumber ? Number(value) : withoutEdges(String(value));
		return this.store.table(object.name).having(key.name, wanted).filter(isLive);
	}

	private mayWrite(object: SObject, right: 'create' | 'edit' | 'delete'): void {
		if (object.writable && this.store.schema.rights(object)[right]) return;
		const { noObjectRight } = this.store.settings;
		const isEntity = noObjectRight === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY';
		const message = isEntity ? `entity type cannot be ${VERBS[right]}: ${object.label}` : 'insufficient access rights on object id'; // prettier-ignore
		throw new RecordError(noObjectRight, message);
	}

	private existing(object: SObject, id: string, context: WriteContext): Row {
		const canonical = canonicalId(id);
		if (canonical === undefined || !canonical.startsWith(object.keyPrefix)) {
			throw new RecordError('MALFORMED_ID', `${object.label} ID: id value of incorrect type: ${id}`, ['Id']);
		}
		const row = this.store.find(object.name, canonical);
		const isShared =
			this.store.settings.userViewsAll || row?.['OwnerId'] === undefined || row['OwnerId'] === context.userId;
		if (row === undefined || !isShared) {
			throw new RecordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [], 404);
		}
		if (row['IsDeleted'] === true) {
			throw new RecordError('ENTITY_IS_DELETED', 'entity is deleted', [], Number(this.store.settings.deletedStatus));
		}
		const isOwn = row['OwnerId'] === undefined || row['OwnerId'] === context.userId;
		if (this.store.settings.userEdits === 'own' && !isOwn) throw readOnlyRecord();
		return row;
	}

	/** What a system check refuses before any rule of the organisation is asked. */
	private check(
		object: SObject,
		values: Record<string, Value>,
		existing: Row | undefined,
		{ request }: WriteContext,
	): void {
		const row = { ...existing, ...values };
		this.failIfPlanned(object, row);
		if (this.store.settings.writeMs > 0) this.lock(object, [existing?.['AccountId'], row['AccountId']], request);
		checkPersonAccount(this.store, object, values, existing);
		settleRecordType(this.store, object, values, existing);
		if (this.store.settings.stateAndCountryPicklists) settlePlaces(object, values, existing, this.store.settings);
	}

	private applyRules(
		object: SObject,
		values: Record<string, Value>,
		existing: Row | undefined,
		{ allowSave }: WriteContext,
	): void {
		const row: Row = { ...existing, ...values };
		const broken = this.store.rules.validations.filter((rule) => rule.object === object.name && violates(row, rule));
		this.throwAll(
			broken.map(({ field, message, atField }) => new RecordError('FIELD_CUSTOM_VALIDATION_EXCEPTION', message, atField ? [field] : [])), // prettier-ignore
		);
		if (object.name === 'CampaignMember' && existing === undefined) checkMember(this.store, values);
		checkDuplicates(this.store, object, row, existing, allowSave);
		this.checkUnique(object, values, existing?.['Id'] as string | undefined);
	}

	/** Lets the organisation's code see a record that was stored. */
	private stored(object: SObject, id: string, { userId }: WriteContext): void {
		for (const update of this.store.rules.fieldUpdates) {
			if (update.object === object.name) this.store.change(object.name, id, update.values, { by: userId });
		}
		this.brokenBy ??= this.store.rules.brokenBy(object.name, this.store.must(object.name, id))?.message;
	}

	/** A lock on the accounts of a contact, which the request keeps until its answer. */
	private lock(object: SObject, accounts: ReadonlyArray<Value | undefined>, request: object): void {
		if (object.name !== 'Contact') return;
		for (const accountId of accounts) {
			if (typeof accountId !== 'string' || this.store.locks.take(accountId, request)) continue;
			throw new RecordError('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${accountId}`, []); // prettier-ignore
		}
	}

	private throwAll(errors: readonly RecordError[]): void {
		const [first] = errors;
		if (first === undefined) return;
		throw errors.length === 1 || this.store.settings.severalErrors === 'first' ? first : new RecordErrors(errors);
	}

	private values(object: SObject, given: Json, operation: Operation, context: WriteContext): Record<string, Value> {
		const values: Record<string, Value> = {};
		const refused: string[] = [];
		const errors: RecordError[] = [];
		for (const [name, value] of Object.entries(given)) {
			if (name === 'attributes' || name.toLowerCase() === 'id') continue;
			const field = this.store.schema.field(object, name);
			if (field === undefined) throw new JsonProblem('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`); // prettier-ignore
			if (!(operation === 'create' ? field.createable : field.updateable)) {
				refused.push(field.name);
				continue;
			}
			try {
				values[field.name] = this.referred(field, valueFromJson(field, value, this.store.settings), context);
			} catch (error) {
				if (!(error instanceof RecordError) || error instanceof JsonProblem) throw error;
				errors.push(error);
			}
		}
		if (refused.length > 0) throw unableTo(refused);
		this.throwAll(errors);
		return values;
	}

	/** References must lead to a record that is there. */
	private referred(field: Field, value: Value, { userId }: WriteContext): Value {
		if (field.type !== 'reference' || value === null) return value;
		const id = canonicalId(String(value)) ?? null;
		const target = this.store.lookup(field.referenceTo ?? '', id);
		if (target === undefined)
			throw new RecordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
		if (target['IsDeleted'] === true) throw new RecordError('ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
		if (!this.store.settings.userViewsAll && (target['OwnerId'] ?? userId) !== userId) {
			throw new RecordError('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', `insufficient access rights on cross-reference id: ${String(id)}`, []); // prettier-ignore
		}
		if (target['IsActive'] === false && field.referenceTo === 'User') {
			throw new RecordError('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user', [field.name]);
		}
		return id;
	}

	private failIfPlanned(object: SObject, row: Row): void {
		const fault = this.store.rules.takeFault(object.name, row);
		if (fault !== undefined) throw new RecordError(fault.statusCode, fault.message, fault.fields);
	}

	private checkUnique(object: SObject, values: Readonly<Record<string, Value>>, id: string | undefined): void {
		for (const field of object.fields.values()) {
			const value = values[field.name];
			if (!field.unique || value === undefined || value === null) continue;
			const holder = this.store.table(object.name).having(field.name, value).find((row) => row['Id'] !== id && row['IsDeleted'] !== true); // prettier-ignore
			if (holder === undefined) continue;
			const message = `duplicate value found: ${field.name} duplicates value on record with id: ${String(holder['Id'])}`;
			throw new RecordError('DUPLICATE_VALUE', message, []);
		}
	}

	private bounceEnded(values: Row, before: Row): Record<string, Value> {
		const isOther = values['Email'] !== undefined && !hasValue(before, 'Email', values['Email']);
		if (!isOther || !this.store.settings.addressChangeClearsBounce || (before['EmailBouncedDate'] ?? null) === null) return {}; // prettier-ignore
		return { EmailBouncedDate: null, EmailBouncedReason: null };
	}

	private assigned(object: SObject, { autoAssign }: WriteContext): Record<string, Value> {
		if (object.name !== 'Lead' || !autoAssign || !this.store.settings.leadAssignmentRule) return {};
		return { OwnerId: this.store.routingUserId };
	}
}

const requiredMissing = (fields: readonly Field[]): RecordError => {
	const names = fields.map(({ name }) => name);
	return new RecordError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
};

function violates(row: Row, { field, condition, value }: ValidationRule): boolean {
	if (condition === 'blank') return (row[field] ?? null) === null;
	return hasValue(row, field, value) === (condition === 'equals');
}
