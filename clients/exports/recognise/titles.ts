import type { NameStatus } from './fileStatus';
import { wordForm } from './headerForm';
import { standingOfWords, strictBeginning } from './statusWords';

/** `Unsubscribed contacts`, `Hard bounces 2024`: a title has few words, a sentence about unsubscribing has more. */
const MOST_WORDS = 4;

/** The only filled cell of a row, where that is its first and no address. */
export function titleIn(cells: readonly string[]): string | undefined {
	const first = cells[0]?.trim() ?? '';
	if (first === '' || first.includes('@') || cells.some((cell, index) => index > 0 && cell.trim() !== ''))
		return undefined;
	return first;
}

/** What a title forbids of all rows below it. */
export function titleStatusOf(title: string): NameStatus | undefined {
	const form = wordForm(title);
	const standing = form.split(' ').length > MOST_WORDS ? undefined : strictBeginning(form);
	return standing === undefined ? undefined : { standing, word: standing === 'bounced' ? 'bounced' : 'unsubscribed' };
}

/** Whether a title names another status than one that forbids mail, and so ends what stood below such a one. */
export const isOtherTitle = (title: string): boolean =>
	titleStatusOf(title) === undefined && standingOfWords(title)?.known === true;
