/** A failure that a person can do something about: the message says what, `details` is what a program had to say (a log's tail). */
export class DemoError extends Error {
	override readonly name = 'DemoError';

	constructor(
		message: string,
		readonly details = '',
	) {
		super(message);
	}
}

/** The last lines of a text, for error messages. */
export const tailOf = (text: string, lines = 25): string => text.trimEnd().split('\n').slice(-lines).join('\n');
