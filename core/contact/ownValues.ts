/** A field called `constructor` or `__proto__` is only there if the record has it. */
export const ownValue = <T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
	values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;

/** Sets a value whatever it is called: an assignment to `__proto__` would be dropped without a word. */
export function setOwnValue<T>(values: Record<string, T>, name: string, value: T): void {
	if (name === '__proto__')
		Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
	else values[name] = value;
}
