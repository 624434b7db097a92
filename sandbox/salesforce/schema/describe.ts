import { isCustom, type Field } from './fields';
import type { Schema, SObject } from './objects';

const SOAP_TYPES: Readonly<Partial<Record<Field['type'], string>>> = {
	id: 'tns:ID',
	reference: 'tns:ID',
	boolean: 'xsd:boolean',
	int: 'xsd:int',
	double: 'xsd:double',
	currency: 'xsd:double',
	date: 'xsd:date',
	datetime: 'xsd:dateTime',
	address: 'urn:address',
};

/** What the list of objects and the basic information say of one. */
export function describeBriefly(schema: Schema, object: SObject, version: number): Record<string, unknown> {
	const rights = schema.rights(object);
	const url = `/services/data/v${version}.0/sobjects/${object.name}`;
	return {
		activateable: false,
		createable: rights.create,
		custom: false,
		customSetting: false,
		deletable: object.deletable && rights.delete,
		deprecatedAndHidden: false,
		feedEnabled: false,
		hasSubtypes: false,
		keyPrefix: object.keyPrefix,
		label: object.label,
		labelPlural: object.labelPlural,
		layoutable: object.writable,
		mergeable: object.name === 'Contact' || object.name === 'Lead' || object.name === 'Account',
		mruEnabled: object.writable,
		name: object.name,
		queryable: true,
		replicateable: true,
		retrieveable: true,
		searchable: object.writable,
		triggerable: object.writable,
		undeletable: object.deletable && object.writable,
		updateable: rights.edit,
		urls: {
			sobject: url,
			describe: `${url}/describe`,
			rowTemplate: `${url}/{ID}`,
			...(object.writable && { listviews: `${url}/listviews` }),
		},
	};
}

/** The answer of `describe`: only fields the API user may see. */
export function describe(
	schema: Schema,
	object: SObject,
	version: number,
	recordTypeInfos: readonly object[],
): Record<string, unknown> {
	const { urls, ...flags } = describeBriefly(schema, object, version);
	return {
		actionOverrides: [],
		...flags,
		childRelationships: [],
		compactLayoutable: object.writable,
		fields: schema.visibleFields(object).map(describeField),
		listviewable: null,
		lookupLayoutable: null,
		namedLayoutInfos: [],
		networkScopeFieldName: null,
		recordTypeInfos,
		searchLayoutable: object.writable,
		supportedScopes: [
			{ label: 'All', name: 'everything' },
			{ label: 'My', name: 'mine' },
		],
		urls,
	};
}

function describeField(field: Field): Record<string, unknown> {
	const isNumber = field.type === 'double' || field.type === 'currency';
	return {
		aggregatable: field.filterable,
		aiPredictionField: false,
		autoNumber: field.name === 'CaseNumber',
		byteLength: field.type === 'id' || field.type === 'reference' ? 18 : field.length * 3,
		calculated: field.formula !== undefined,
		calculatedFormula: field.formula ?? null,
		cascadeDelete: false,
		caseSensitive: false,
		compoundFieldName: field.partOf ?? null,
		controllerName: field.controller ?? null,
		createable: field.createable,
		custom: isCustom(field),
		defaultValue: field.type === 'boolean' ? field.initial : null,
		defaultValueFormula: null,
		defaultedOnCreate: field.defaultedOnCreate,
		dependentPicklist: field.controller !== undefined,
		deprecatedAndHidden: false,
		digits: field.type === 'int' ? field.precision : 0,
		displayLocationInDecimal: false,
		encrypted: false,
		externalId: field.externalId,
		extraTypeInfo: extraTypeInfo(field),
		filterable: field.filterable,
		filteredLookupInfo: null,
		formulaTreatNullNumberAsZero: false,
		groupable: field.filterable && !isNumber && field.type !== 'datetime' && field.type !== 'multipicklist',
		highScaleNumber: false,
		htmlFormatted: false,
		idLookup: field.idLookup,
		inlineHelpText: null,
		label: field.label,
		length: field.length,
		mask: null,
		maskType: null,
		name: field.name,
		nameField: field.name === 'Name',
		namePointing: false,
		nillable: field.nillable,
		permissionable: field.nillable && field.compute === undefined,
		picklistValues: (field.options ?? []).map((option) => ({
			active: option.active,
			defaultValue: option.isDefault,
			label: option.label ?? option.value,
			validFor: option.validFor === undefined ? null : bitmap(option.validFor),
			value: option.value,
		})),
		polymorphicForeignKey: false,
		precision: isNumber ? field.precision : 0,
		queryByDistance: field.type === 'address',
		referenceTargetField: null,
		referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
		relationshipName: field.relationshipName ?? null,
		relationshipOrder: null,
		restrictedDelete: false,
		restrictedPicklist: field.restricted,
		scale: field.scale,
		searchPrefilterable: false,
		soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
		sortable: field.sortable,
		type: field.type,
		unique: field.unique,
		updateable: field.updateable,
		writeRequiresMasterRead: false,
	};
}

/** Base64 of a bit for each option of the controlling field, the first one highest. */
function bitmap(places: readonly number[]): string {
	const bytes = Buffer.alloc(Math.floor(Math.max(...places) / 8) + 1);
	for (const place of places) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place & 7));
	return bytes.toString('base64');
}

function extraTypeInfo(field: Field): string | null {
	if (field.type === 'textarea') return 'plaintextarea';
	return field.partOf === 'Name' && field.type === 'string' ? 'personname' : null;
}
