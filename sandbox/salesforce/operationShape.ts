import { z } from 'zod';
import type { Account } from './api';
import type { Value } from './schema/fields';

export const id = z.string().min(15);
export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const values = z.record(fieldValue);
export const anyObject = z.string();

type Operation = (args: Record<string, unknown>) => unknown;

/** Makes operations of an account: arguments are checked, what is due happens first. A wrong argument throws. */
export function operationsOn(
	account: Account,
): <T extends z.ZodRawShape>(shape: T, work: (args: z.output<z.ZodObject<T>>) => unknown) => Operation {
	return (shape, work) => (args) => {
		const parsed = z.object(shape).strict().safeParse(args);
		if (!parsed.success) {
			const issue = parsed.error.issues[0];
			throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
		}
		account.store.settle();
		return work(parsed.data);
	};
}

/** Values as callers write them in the form the store keeps; names must exist. */
export function stored(account: Account, object: string, given: Record<string, Value>): Record<string, Value> {
	const { fields } = account.store.schema.must(object);
	return Object.fromEntries(
		Object.entries(given).map(([name, one]) => {
			const known = fields.get(name.toLowerCase());
			if (known === undefined || known.compute !== undefined)
				throw new Error(`No field ${name} that can be set on ${object}`);
			if (known.type !== 'datetime' || typeof one !== 'string') return [known.name, one === '' ? null : one];
			const at = Date.parse(one);
			if (Number.isNaN(at)) throw new Error(`${name} must be an ISO datetime`);
			return [known.name, at];
		}),
	);
}
