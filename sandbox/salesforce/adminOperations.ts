import { z } from 'zod';
import type { Operations } from '../engine';
import type { Account } from './api';
import { anyObject, fieldValue, operationsOn, stored } from './operationShape';
import { field, type FieldType } from './schema/fields';
import { DUPLICATE_TEXTS } from './writes/duplicates';
import { addRecordType } from './writes/recordTypes';

const FIELD_TYPES = ['string', 'email', 'phone', 'url', 'textarea', 'picklist', 'multipicklist', 'boolean', 'int', 'double', 'currency', 'date', 'datetime'] as const satisfies readonly FieldType[]; // prettier-ignore
const person = z.enum(['Contact', 'Lead']);

/** What administrators of the organisation lay down: fields, rights, rules, code that runs with every write. */
export function adminOperations(account: Account): Operations {
	const operation = operationsOn(account);
	const store = () => account.store;
	const nameOf = (object: string): string => store().schema.must(object).name;
	return {
		setAccess: operation(
			{ object: anyObject, field: z.string(), access: z.enum(['full', 'readOnly', 'hidden']) },
			(args) => store().schema.setAccess(args.object, args.field, args.access, store().now()),
		),
		setField: operation(
			{
				object: anyObject,
				name: z.string(),
				label: z.string().optional(),
				type: z.enum(FIELD_TYPES),
				length: z.number().optional(),
				options: z.array(z.string()).optional(),
				restricted: z.boolean().optional(),
				/** The key of an upsert. */
				externalId: z.boolean().optional(),
				unique: z.boolean().optional(),
				/** Required by the field itself, which describe tells. */
				required: z.boolean().optional(),
				precision: z.number().optional(),
				scale: z.number().optional(),
			},
			(args) => {
				const isFlag = args.type === 'boolean';
				const {
					externalId = false,
					unique = false,
					restricted = false,
					precision = 18,
					scale = 0,
					length = 255,
				} = args;
				const options = args.options?.map((one) => ({ value: one, active: true, isDefault: false }));
				const more = { length, restricted, nillable: !isFlag && args.required !== true, defaultedOnCreate: isFlag, initial: isFlag ? false : null, precision, scale, externalId, idLookup: externalId, unique, ...(options && { options }) }; // prettier-ignore
				store().schema.setField(args.object, field(args.name, args.label ?? args.name, args.type, more), store().now());
			},
		),
		deleteField: operation({ object: anyObject, name: z.string() }, (args) =>
			store().schema.deleteField(args.object, args.name, store().now()),
		),
		/** Fails the next `times` rows of writes (0 = until a reset), all of them or those whose `field` has `value`. */
		failRows: operation(
			{ object: anyObject, field: z.string().optional(), value: z.string().optional(), statusCode: z.string(), message: z.string(), fields: z.array(z.string()).optional(), times: z.number().int().nonnegative().optional() }, // prettier-ignore
			({ object, times, fields, ...fault }) => {
				const left = times === 0 ? Infinity : (times ?? 1);
				store().rules.faults.push({ ...fault, object: store().schema.must(object).name, fields: fields ?? [], left });
			},
		),
		/** The next rows (0 = all until a reset), those of one account alone, meet a lock, or code that met one (S11, S12). */
		lockRows: operation(
			{ object: anyObject, accountId: z.string().optional(), times: z.number().int().nonnegative().optional(), hidden: z.boolean().optional() }, // prettier-ignore
			({ object, accountId, times = 1, hidden = false }) => {
				const lock = 'unable to obtain exclusive access to this record or 1 records';
				store().rules.faults.push({
					object: nameOf(object),
					...(accountId !== undefined && { field: 'AccountId', value: accountId }),
					statusCode: hidden ? 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' : 'UNABLE_TO_LOCK_ROW',
					message: hidden ? `crm.RollUpTrigger: execution of AfterUpdate caused by: System.DmlException: Update failed. First exception on row 0; first error: UNABLE_TO_LOCK_ROW, ${lock}: []` : lock, // prettier-ignore
					fields: [],
					left: times === 0 ? Infinity : times,
				});
			},
		),
		breakBatch: operation(
			{ object: anyObject, field: z.string(), value: z.string(), message: z.string() },
			({ object, ...breaker }) => void store().rules.breakers.push({ ...breaker, object: nameOf(object) }),
		),
		/** A flow that sets a field with every save, whatever was written. */
		fieldUpdate: operation(
			{ object: anyObject, field: z.string(), value: fieldValue },
			({ object, field: name, value }) => {
				const update = { object: nameOf(object), values: stored(account, object, { [name]: value }) };
				store().rules.fieldUpdates.push(update);
			},
		),
		validationRule: operation(
			{ object: anyObject, field: z.string(), condition: z.enum(['blank', 'equals', 'differs']), value: z.string().optional(), message: z.string(), atField: z.boolean().optional() }, // prettier-ignore
			({ object, atField = true, ...rule }) =>
				void store().rules.validations.push({ ...rule, atField, object: nameOf(object) }),
		),
		duplicateRule: operation(
			{ object: person, action: z.enum(['alert', 'block']), match: z.enum(['email', 'nameAndCompany']), against: z.array(person).optional(), onUpdate: z.boolean().optional(), name: z.string().optional(), message: z.string().optional() }, // prettier-ignore
			({
				object,
				action,
				match,
				against = [object],
				onUpdate = false,
				name = `${object}_${match}`,
				message = DUPLICATE_TEXTS[action],
			}) =>
				// prettier-ignore
				void store().rules.duplicates.push({ name, object, against, action, match, onUpdate, message }),
		),
		addRecordType: operation(
			{ object: anyObject, name: z.string(), available: z.boolean().optional(), isDefault: z.boolean().optional(), person: z.boolean().optional(), picklists: z.record(z.array(z.string())).optional() }, // prettier-ignore
			({ object, name, available = true, isDefault = false, person: isPerson = false, picklists = {} }) => ({
				id: addRecordType(store(), nameOf(object), { name, available, isDefault, person: isPerson, picklists }),
			}),
		),
		setObjectAccess: operation(
			{ object: anyObject, read: z.boolean().optional(), create: z.boolean().optional(), edit: z.boolean().optional(), delete: z.boolean().optional() }, // prettier-ignore
			({ object, ...rights }) => store().schema.grant(object, rights, store().now()),
		),
	};
}
