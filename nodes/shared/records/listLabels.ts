/** A list in a picker: its name with what tells it apart, such as `Newsletter (active, 1,200 contacts)`. Undefined details are left out. */
export function listLabel(name: string, ...details: ReadonlyArray<string | undefined>): string {
	const known = details.filter((detail) => detail !== undefined);
	return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/** What a label ends with that has a size in it. n8n keeps the label of what was picked, and the size grows old. */
const SIZE = / \((?:[a-z]+, )?(\d[\d,]*)(?: contacts?)?\)$/;

/** The name in a label that was picked, without what was added. */
export const nameInLabel = (label: string): string => label.replace(SIZE, '');

/** How many contacts the list had when it was picked, where its label says so. */
export function sizeInLabel(label: string): number | undefined {
	const digits = SIZE.exec(label)?.[1];
	return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}
