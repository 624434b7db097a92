import { RecordError } from '../errors';
import type { SalesforceStore } from '../records/store';
import type { Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { RecordTypeRules } from './adminRules';

/** Id of the type that stands for having none. */
const MASTER_ID = '012000000000000AAA';

/** A record type as operations set it up. */
export interface NewRecordType extends Partial<RecordTypeRules> {
	readonly name: string;
	/** Makes a person account of an account that gets it. */
	readonly person?: boolean | undefined;
}

/** Adds a record type to an object; returns its id. */
export function addRecordType(store: SalesforceStore, object: string, type: NewRecordType): string {
	const row = store.insert('RecordType', { Name: type.name, DeveloperName: type.name.replace(/\W+/g, '_'), SobjectType: object, IsActive: true, IsPersonType: type.person === true }); // prettier-ignore
	const id = row['Id'] as string;
	const { available = true, isDefault = false, picklists = {} } = type;
	store.rules.recordTypes.set(id, { available, isDefault, picklists });
	store.schema.changedAt.set(object, store.now());
	return id;
}

/** Gives a new record the default type and refuses a type, and values of restricted picklists, that are not for it. */
export function settleRecordType(
	store: SalesforceStore,
	object: SObject,
	values: Record<string, Value>,
	existing: Row | undefined,
): void {
	if (!store.settings.recordTypes || !object.fields.has('recordtypeid')) return;
	const types = typesOf(store, object);
	const given = values['RecordTypeId'] ?? null;
	if (given !== null && types.find(({ row }) => row['Id'] === given)?.rules.available !== true) {
		throw new RecordError('INVALID_CROSS_REFERENCE_KEY', `Record Type ID: this ID value isn't valid for the user: ${String(given)}`, ['RecordTypeId']); // prettier-ignore
	}
	const usual = types.find(({ rules }) => rules.isDefault)?.row['Id'];
	if (existing === undefined && given === null && usual !== undefined) values['RecordTypeId'] = usual;
	const id = values['RecordTypeId'] ?? existing?.['RecordTypeId'] ?? null;
	const rules = types.find(({ row }) => row['Id'] === id)?.rules;
	if (rules === undefined || store.settings.recordTypePicklists === 'ignored') return;
	for (const [name, allowed] of Object.entries(rules.picklists)) checkValue(object, name, allowed, values[name]);
}

function checkValue(object: SObject, name: string, allowed: readonly string[], value: Value | undefined): void {
	const field = object.fields.get(name.toLowerCase());
	if (field?.restricted !== true || typeof value !== 'string') return;
	const bad = value.split(';').find((one) => !allowed.includes(one));
	if (bad === undefined) return;
	throw new RecordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${field.label}: bad value for restricted picklist field: ${bad}`, [field.name]); // prettier-ignore
}

/** `recordTypeInfos` of describe: the types of the object, then Master, which every object has. */
export function recordTypeInfos(store: SalesforceStore, object: SObject, version: number): object[] {
	const types = store.settings.recordTypes ? typesOf(store, object) : [];
	const info = (id: string, name: string, developerName: string, rules: Omit<RecordTypeRules, 'picklists'>) => ({
		active: true,
		available: rules.available,
		defaultRecordTypeMapping: rules.isDefault,
		developerName,
		master: id === MASTER_ID,
		name,
		recordTypeId: id,
		urls: { layout: `/services/data/v${version}.0/sobjects/${object.name}/describe/layouts/${id}` },
	});
	const hasDefault = types.some(({ rules }) => rules.isDefault);
	return [
		...types.map(({ row, rules }) => info(String(row['Id']), String(row['Name']), String(row['DeveloperName']), rules)),
		info(MASTER_ID, 'Master', 'Master', { available: true, isDefault: !hasDefault }),
	];
}

function typesOf(store: SalesforceStore, object: SObject): Array<{ row: Row; rules: RecordTypeRules }> {
	return [...store.table('RecordType').rows.values()].flatMap((row) => {
		const rules = store.rules.recordTypes.get(row['Id'] as string);
		return rules === undefined || row['SobjectType'] !== object.name ? [] : [{ row, rules }];
	});
}
