import { z } from 'zod';
import type { Operations } from '../engine';
import type { Account } from './api';

const id = z.union([z.string(), z.number()]);
const ids = z.union([id.transform((one) => [one]), z.array(id)]);
const properties = z.record(z.union([z.string(), z.number(), z.boolean(), z.null()]));
const rule = z
	.object({
		property: z.string(),
		regex: z.string().optional(),
		minLength: z.number().int().optional(),
		message: z.string().optional(),
	})
	.strict();

/**
 * What can be made to happen in the account through `POST /_sandbox/do { op, … }`; the same as the store's methods.
 * A wrong argument is answered 400.
 */
export function hubSpotOperations(account: Account): Operations {
	const operation =
		<T extends z.ZodRawShape>(shape: T, work: (args: z.output<z.ZodObject<T>>) => unknown) =>
		(args: Record<string, unknown>): unknown => {
			const parsed = z.object(shape).strict().safeParse(args);
			if (parsed.success) return work(parsed.data);
			const issue = parsed.error.issues[0];
			throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
		};
	const store = () => {
		account.store.catchUp();
		return account.store;
	};
	return {
		addContact: operation({ properties, lists: ids.optional() }, (args) => ({
			id: store().addContact(args.properties, args.lists ?? []),
		})),
		changeContact: operation({ id, properties }, (args) => store().changeContact(args.id, args.properties)),
		bulkChange: operation({ ids, properties }, (args) => store().bulkChange(args.ids, args.properties)),
		pageView: operation({ id }, (args) => store().pageView(args.id)),
		addToList: operation({ list: id, ids }, (args) => store().addToList(args.list, args.ids)),
		removeFromList: operation({ list: id, ids }, (args) => store().removeFromList(args.list, args.ids)),
		archive: operation({ id }, (args) => store().archive(args.id)),
		gdprDelete: operation({ id }, (args) => store().gdprDelete(args.id)),
		restoreContact: operation({ id }, (args) => store().restoreContact(args.id)),
		merge: operation({ primaryId: id, loserId: id }, (args) => ({ id: store().merge(args.primaryId, args.loserId) })),
		optOut: operation({ id, optedOut: z.boolean().optional() }, (args) => store().optOut(args.id, args.optedOut)),
		createList: operation(
			{ name: z.string().min(1), processingType: z.enum(['MANUAL', 'DYNAMIC', 'SNAPSHOT', 'ADHOC']).optional() },
			(args) => ({
				id: store().createList(args.name, args.processingType),
			}),
		),
		addSecondaryEmail: operation({ id, email: z.string().min(3) }, (args) =>
			store().addSecondaryEmail(args.id, args.email),
		),
		setDataPrivacy: operation({ on: z.boolean() }, (args) => {
			account.settings.dataPrivacy = args.on;
		}),
		setValidationRules: operation({ rules: z.array(rule) }, (args) => {
			account.settings.validationRules = args.rules;
		}),
		deleteList: operation({ list: id }, (args) => store().deleteList(args.list)),
		restoreList: operation({ list: id }, (args) => store().restoreList(args.list)),
		createActiveList: operation({ name: z.string().min(1), filterBranch: z.record(z.unknown()) }, (args) => ({
			id: store().createFilteredList(args.name, args.filterBranch),
		})),
		editFilters: operation(
			{
				list: id,
				status: z.enum(['COMPLETE', 'PROCESSING', 'PAUSED']).optional(),
				filterBranch: z.record(z.unknown()).optional(),
			},
			(args) => store().editFilters(args.list, args.filterBranch, args.status),
		),
		setProcessingStatus: operation({ list: id, status: z.enum(['COMPLETE', 'PROCESSING', 'PAUSED']) }, (args) =>
			store().setProcessingStatus(args.list, args.status),
		),
		archiveProperty: operation({ name: z.string() }, (args) => store().archiveProperty(args.name)),
		expireCursors: operation({}, () => {
			store().lists.cursorGeneration += 1;
		}),
		setToken: operation({ token: z.string().min(1), scopes: z.array(z.string()) }, (args) =>
			account.tokens.set(args.token, args.scopes),
		),
		revokeToken: operation({ token: z.string() }, (args) => account.tokens.revoke(args.token)),
		setDailyUse: operation({ calls: z.number().int().nonnegative() }, (args) => {
			account.limits.used = args.calls;
		}),
	};
}
