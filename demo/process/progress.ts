/** Where the lines that tell a person how far things are go. */
export interface Progress {
	/** A step begins; the steps are numbered in the order they come. */
	step(title: string): void;
	/** Something to know about the step under way. */
	note(text: string): void;
}

/** Prints to the given stream, one line each, with the seconds since the start. */
export function printedProgress(write: (line: string) => void, now: () => number = Date.now): Progress {
	const startedAt = now();
	let steps = 0;
	const stamp = () => `${String(Math.round((now() - startedAt) / 1000)).padStart(4)} s`;
	return {
		step: (title) => {
			steps += 1;
			write(`${stamp()}  ${steps}. ${title}`);
		},
		note: (text) => write(text === '' ? '' : `${stamp()}     ${text}`),
	};
}

export const silentProgress: Progress = { step: () => undefined, note: () => undefined };
