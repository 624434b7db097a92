/** Texts a dictionary holds at most, about 100 bytes each. */
const MOST = 50_000;
/** Longer ones are hardly ever the same. */
const LONGEST = 60;
/** Places for marks of texts that were seen once. */
const MARKS = 32_768;

/**
 * Numbers for texts that come again and again: domains, names, countries, choices. A text gets its number when it comes for the
 * second time, so that those of a single contact do not fill it.
 */
export class TextDictionary {
	private readonly codes = new Map<string, number>();
	private readonly texts: string[] = [];
	private readonly marks = new Uint16Array(MARKS);

	/** The number of a text that has one, or gets one now. */
	code(text: string): number | undefined {
		const known = this.codes.get(text);
		if (known !== undefined || this.texts.length >= MOST || text.length > LONGEST || text.length < 2) return known;
		const hash = hashOf(text);
		const place = hash % MARKS;
		const mark = (hash >>> 16) | 1;
		if (this.marks[place] !== mark) {
			this.marks[place] = mark;
			return undefined;
		}
		return this.codeAnyway(text);
	}

	codeAnyway(text: string): number {
		const known = this.codes.get(text);
		if (known !== undefined) return known;
		this.codes.set(text, this.texts.length);
		return this.texts.push(text) - 1;
	}

	text(code: number): string {
		return this.texts[code] ?? '';
	}
}

function hashOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
