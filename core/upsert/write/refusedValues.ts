import type { ReasonCode } from '../../outcome';
import type { Failure } from '../../result';
import { warning } from '../contactResult';
import type { ContactWrite, Destination, RefusedValues, TakenDetails } from '../destination';

/**
 * The write without the values it was refused for, each with a warning: one value that another contact has, or that the
 * destination does not take, does not cost the contact. Undefined when the refusal is about the whole, or nothing is left to
 * find the contact by.
 */
export function withoutRefused(
	write: ContactWrite,
	refusal: Failure,
	{ names }: Destination,
): ContactWrite | undefined {
	const about = valuesOf(refusal);
	if (!about) return undefined;
	const { values, code } = about;
	const isThere = (name: string): boolean =>
		name === 'phone' ? write.phone !== undefined : Object.hasOwn(write.attributes, name);
	if (values.length === 0 || !values.every(isThere)) return undefined;
	const phone = values.includes('phone') ? undefined : write.phone;
	if (!write.held && write.email === undefined && phone === undefined) return undefined;
	const without = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
		Object.fromEntries(Object.entries(all).filter(([name]) => !values.includes(name === names.phone ? 'phone' : name)));
	return {
		...write,
		phone,
		attributes: without(write.attributes),
		changes: without(write.changes),
		warnings: [...write.warnings, ...values.map((name) => warning(name === 'phone' ? names.phone : name, code))],
	};
}

function valuesOf(refusal: Failure): { readonly values: readonly string[]; readonly code: ReasonCode } | undefined {
	if (refusal.kind !== 'refused' || refusal.details === undefined) return undefined;
	if (refusal.code === 'IDENTIFIER_TAKEN')
		return { values: (refusal.details as TakenDetails).taken, code: 'PHONE_SHARED' };
	if (refusal.code !== 'DESTINATION_REFUSED') return undefined;
	return { values: (refusal.details as RefusedValues).values, code: 'VALUE_REFUSED' };
}
