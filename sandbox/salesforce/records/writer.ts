import { RecordError } from '../errors';
import { canonicalId } from './ids';
import { deletionBlockedBy } from './lifecycle';
import type { Field, Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { SalesforceStore } from './store';
import { JsonProblem, valueFromJson } from './values';

/** How the writes of one request are to be done. */
export interface WriteContext {
	readonly userId: string;
	/** `Sforce-Auto-Assign`, on unless the header says FALSE. */
	readonly autoAssign: boolean;
	/** `allowSave` of the duplicate rule header. */
	readonly allowSave: boolean;
}

export type Json = Readonly<Record<string, unknown>>;

type Operation = 'create' | 'update';

/** Writes of single records with everything that can refuse them; each throws a RecordError. */
export class Writer {
	constructor(private readonly store: SalesforceStore) {}

	create(object: SObject, given: Json, context: WriteContext): string {
		this.mayWrite(object, 'create');
		const values = this.values(object, given, 'create');
		this.failIfPlanned(object, values);
		const missing = [...object.fields.values()].filter(
			(field) =>
				field.createable && !field.nillable && !field.defaultedOnCreate && (values[field.name] ?? null) === null,
		);
		if (missing.length > 0) throw requiredMissing(missing);
		if (object.name === 'CampaignMember') this.checkMember(values);
		this.checkUnique(object, values, undefined);
		this.checkDuplicates(object, values, context);
		const row = this.store.insert(
			object.name,
			{ ...values, ...this.assigned(object, context) },
			{ by: context.userId },
		);
		return row['Id'] as string;
	}

	update(object: SObject, id: string, given: Json, context: WriteContext): void {
		this.mayWrite(object, 'update');
		const row = this.existing(object, id, context);
		const values = this.values(object, given, 'update');
		this.failIfPlanned(object, { ...row, ...values });
		if (row['IsConverted'] === true) {
			throw new RecordError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
		}
		const emptied = [...object.fields.values()].filter((field) => !field.nillable && values[field.name] === null);
		if (emptied.length > 0) throw requiredMissing(emptied);
		this.checkUnique(object, values, row['Id'] as string);
		const more = this.assigned(object, context);
		this.store.change(object.name, row['Id'] as string, { ...values, ...more }, { by: context.userId });
	}

	delete(object: SObject, id: string, context: WriteContext): void {
		this.mayWrite(object, 'delete');
		const row = this.existing(object, id, context);
		this.failIfPlanned(object, row);
		const blocked = object.name === 'Contact' ? deletionBlockedBy(this.store, row) : undefined;
		if (blocked !== undefined) throw new RecordError('DELETE_FAILED', blocked);
		this.store.remove(object.name, row['Id'] as string);
	}

	/** Live records whose key field has this value, as an upsert finds them. */
	matching(object: SObject, key: Field, value: unknown): Row[] {
		if (key.type === 'id') {
			const row = typeof value === 'string' ? this.store.find(object.name, value) : undefined;
			return row === undefined || row['IsDeleted'] === true ? [] : [row];
		}
		const text = typeof value === 'string' ? value : String(value);
		return this.store
			.table(object.name)
			.having(key.name, text)
			.filter((row) => row['IsDeleted'] !== true);
	}

	private mayWrite(object: SObject, operation: Operation | 'delete'): void {
		const isCampaign = object.name === 'Campaign' || object.name === 'CampaignMember';
		const isRefused = !object.writable || (isCampaign && !this.store.settings.userMayEditCampaigns);
		if (!isRefused) return;
		throw new RecordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be ${operation === 'create' ? 'inserted' : `${operation}d`}: ${object.label}`); // prettier-ignore
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
		return row;
	}

	private values(object: SObject, given: Json, operation: Operation): Record<string, Value> {
		const values: Record<string, Value> = {};
		const refused: string[] = [];
		for (const [name, value] of Object.entries(given)) {
			if (name === 'attributes' || name.toLowerCase() === 'id') continue;
			const field = this.store.schema.field(object, name);
			if (field === undefined) throw new JsonProblem('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`); // prettier-ignore
			if (!(operation === 'create' ? field.createable : field.updateable)) {
				refused.push(field.name);
				continue;
			}
			values[field.name] = this.referred(field, valueFromJson(field, value, this.store.settings));
		}
		if (refused.length > 0) {
			const message = `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`; // prettier-ignore
			throw new RecordError('INVALID_FIELD_FOR_INSERT_UPDATE', message, refused);
		}
		return values;
	}

	/** References must lead to a record that is there. */
	private referred(field: Field, value: Value): Value {
		if (field.type !== 'reference' || value === null) return value;
		const id = canonicalId(String(value)) ?? null;
		const target = this.store.lookup(field.referenceTo ?? '', id);
		if (target === undefined)
			throw new RecordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
		if (target['IsDeleted'] === true) throw new RecordError('ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
		if (target['IsActive'] === false && field.referenceTo === 'User') {
			throw new RecordError('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user', [field.name]);
		}
		return id;
	}

	private failIfPlanned(object: SObject, values: Readonly<Record<string, Value>>): void {
		const faults = this.store.rowFaults;
		const fault = faults.find(
			(one) =>
				one.object === object.name &&
				one.left > 0 &&
				(one.field === undefined || String(values[one.field]).toLowerCase() === String(one.value).toLowerCase()),
		);
		if (fault === undefined) return;
		fault.left -= 1;
		throw new RecordError(fault.statusCode, fault.message, fault.fields);
	}

	private checkUnique(object: SObject, values: Readonly<Record<string, Value>>, id: string | undefined): void {
		for (const field of object.fields.values()) {
			const value = values[field.name];
			if (!field.unique || value === undefined || value === null) continue;
			const holder = this.store.table(object.name).having(field.name, value).find((row) => row['Id'] !== id && row['IsDeleted'] !== true); // prettier-ignore
			if (holder === undefined) continue;
			const message = `duplicate value found: ${field.name} duplicates value on record with id: ${String(holder['Id'])}`;
			throw new RecordError('DUPLICATE_VALUE', message, [field.name]);
		}
	}

	/** The organisation's duplicate rule: same e-mail. `allowSave` passes a rule that alerts, never one that blocks. */
	private checkDuplicates(object: SObject, values: Readonly<Record<string, Value>>, { allowSave }: WriteContext): void {
		const { duplicateRule } = this.store.settings;
		const email = values['Email'];
		const hasRule = object.name === 'Contact' || object.name === 'Lead';
		if (!hasRule || duplicateRule === 'off' || typeof email !== 'string') return;
		if (allowSave && duplicateRule === 'alert') return;
		const twins = this.store
			.table(object.name)
			.having('Email', email)
			.filter((row) => row['IsDeleted'] !== true);
		if (twins.length === 0) return;
		const matchRecords = twins.map((row) => ({ additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record: { attributes: { type: object.name }, Id: row['Id'] } })); // prettier-ignore
		throw new RecordError('DUPLICATES_DETECTED', 'Use one of these records?', [], 400, {
			duplicateResult: {
				allowSave: duplicateRule === 'alert',
				duplicateRule: `Standard_${object.name}_Duplicate_Rule`,
				duplicateRuleEntityType: object.name,
				errorMessage: 'Use one of these records?',
				matchResults: [{ entityType: object.name, errors: [], matchEngine: 'FuzzyMatchEngine', matchRecords, rule: `Standard_${object.name}_Match_Rule`, size: matchRecords.length, success: true }], // prettier-ignore
			},
		});
	}

	private checkMember(values: Record<string, Value>): void {
		const people = ['ContactId', 'LeadId'].filter((name) => (values[name] ?? null) !== null);
		const [key] = people;
		if (key === undefined || people.length > 1) {
			const message = key === undefined ? 'Required fields are missing: [ContactId or LeadId]' : 'Only one of ContactId and LeadId can be given'; // prettier-ignore
			throw new RecordError('REQUIRED_FIELD_MISSING', message, ['ContactId', 'LeadId']);
		}
		const table = this.store.table('CampaignMember');
		const twin = table.having(key, values[key] as Value).some((row) => row['CampaignId'] === values['CampaignId'] && row['IsDeleted'] !== true); // prettier-ignore
		if (twin) throw new RecordError('DUPLICATE_VALUE', 'Already a campaign member.', []);
		const statuses = [...this.store.table('CampaignMemberStatus').all()].filter((row) => row['CampaignId'] === values['CampaignId']); // prettier-ignore
		const fallback = statuses.find((row) => row['IsDefault'] === true)?.['Label'] ?? 'Sent';
		const isKnown = statuses.some((row) => row['Label'] === values['Status']);
		const { unknownMemberStatus } = this.store.settings;
		if ((values['Status'] ?? null) === null) values['Status'] = fallback;
		else if (!isKnown && unknownMemberStatus === 'default') values['Status'] = fallback;
		else if (!isKnown && unknownMemberStatus === 'refuse') {
			throw new RecordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `Status: bad value for restricted picklist field: ${String(values['Status'])}`, ['Status']); // prettier-ignore
		}
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
