/**
 * Values by names that people or vendors chose. `__proto__` set in the plain way changes the object instead of adding a value,
 * and a name such as `constructor` that is not there would be found all the same: both end without a word.
 */

/** Adds a value under any name. */
export function putNamed<T>(record: Record<string, T>, name: string, value: T): void {
	if (name !== '__proto__') record[name] = value;
	else Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The value under a name, undefined where there is none. */
export const namedValue = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
	record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
