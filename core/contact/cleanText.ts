/**
 * Text that every vendor and database can store: NUL and lone surrogates (halves of a character) go, everything else
 * stays as it is, emoji, right-to-left marks, quotes and angle brackets included.
 */
export function cleanText(text: string): string {
	return UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, '') : text;
}

// With the flag `u`, \p{Cs} matches only surrogates that are not part of a pair.
const UNSTORABLE = /[\0\p{Cs}]/u;
const ALL_UNSTORABLE = /[\0\p{Cs}]/gu;
