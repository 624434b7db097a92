import { OperationalError } from 'n8n-workflow';

/**
 * Most of an answer that is read, in bytes once it is unpacked. The largest rightful ones (a page of 1,000 contacts with long
 * texts, 2,000 records of Salesforce) stay far below; what goes on for longer, such as a few kilobytes of gzip that unpack to
 * gigabytes, would end the process of n8n and with it every workflow there.
 */
export const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Most values and brackets of an answer. Each takes up to thirty times its length once it is read: 60 MB of empty objects would take
 * more than a gigabyte. The largest rightful answers (1,000 contacts with 200 attributes, the history of 50) have some hundred thousand.
 */
export const MOST_PARTS = 2_000_000;

/** What was read: JSON where it is, else the text. `tooLong`: reading ended at the limit. */
export interface AnswerBody {
	readonly body: unknown;
	readonly tooLong?: true;
}

/**
 * Reads what n8n's request helper answers with `encoding: 'stream'`. The helper itself has no limit: it sets axios'
 * `maxContentLength` to infinity. Whatever is left of it then is thrown away with its connection.
 */
export async function readAnswer(data: unknown, deadline: AbortSignal | undefined): Promise<AnswerBody> {
	if (!isStream(data)) return { body: data };
	let giveUp = (): void => undefined;
	// axios' own time-out, and its signal, end with the headers of a stream.
	const over = new Promise<never>((_resolve, reject) => {
		giveUp = () => reject(new OperationalError('time-out in the middle of the answer'));
	});
	deadline?.addEventListener('abort', giveUp);
	if (deadline?.aborted) giveUp();
	try {
		return await readStream(data[Symbol.asyncIterator](), over);
	} finally {
		deadline?.removeEventListener('abort', giveUp);
		data.destroy();
	}
}

async function readStream(
	chunks: AsyncIterator<Uint8Array | string, unknown>,
	over: Promise<never>,
): Promise<AnswerBody> {
	const decoder = new TextDecoder();
	const texts: string[] = [];
	for (let bytes = 0, parts = 0; ;) {
		const step = await Promise.race([chunks.next(), over]);
		if (step.done === true) return { body: parsed(texts.join('') + decoder.decode()) };
		bytes += step.value.length;
		parts += partsIn(step.value);
		if (bytes > LONGEST_ANSWER_BYTES || parts > MOST_PARTS) return { body: '', tooLong: true };
		texts.push(typeof step.value === 'string' ? step.value : decoder.decode(step.value, { stream: true }));
	}
}

/** Commas, and brackets that open; those in texts count as well. */
function partsIn(chunk: Uint8Array | string): number {
	const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
	let parts = 0;
	for (const byte of bytes) if (byte === COMMA || byte === SQUARE || byte === CURLY) parts += 1;
	return parts;
}

const [COMMA, SQUARE, CURLY] = [0x2c, 0x5b, 0x7b];

/** As axios does it: what is no JSON stays text. */
function parsed(text: string): unknown {
	if (text.trim() === '') return text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

interface Stream extends AsyncIterable<Uint8Array | string> {
	destroy(): void;
}

const isStream = (data: unknown): data is Stream =>
	typeof data === 'object' && data !== null && Symbol.asyncIterator in data && 'destroy' in data;
