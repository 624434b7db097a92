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

/** The last lines of a text, for error messages; of a line that a program drew over and over, only its last state. */
export function tailOf(text: string, lines = 25): string {
	return text.trimEnd().split('\n').slice(-lines).map(lastState).join('\n');
}

function lastState(line: string): string {
	// `ESC[…D` moves the cursor back; other terminal commands set colours.
	const [last = ''] = line.split(/\u001b\[\d*D|\r(?=.)/u).slice(-1);
	return last.replace(/\u001b\[[0-9;?]*[A-Za-z]/gu, '');
}
