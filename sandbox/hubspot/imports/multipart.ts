import { HubSpotError, validationError } from '../errors';

/** One part of a form; `fileName` is there for files alone. */
export interface Part {
	readonly name: string;
	readonly fileName?: string;
	readonly text: string;
}

/**
 * The parts of a `multipart/form-data` body (RFC 7578): lines end in CRLF, and the body in the closing boundary. Anything else is refused, as
 * servers do that read it as a stream.
 */
export function partsOf(contentType: string | undefined, body: string): readonly Part[] {
	const [kind = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
	if (kind.toLowerCase() !== 'multipart/form-data')
		throw new HubSpotError(415, { message: 'HTTP 415 Unsupported Media Type' });
	const boundary = parameters
		.map((parameter) => /^boundary="?([^"]{1,70})"?$/i.exec(parameter)?.[1])
		.find((found) => found !== undefined);
	if (boundary === undefined) throw malformed('the Content-Type names no boundary');
	const mark = `--${boundary}`;
	if (!body.startsWith(`${mark}\r\n`)) throw malformed('the body does not begin with the boundary');
	const end = body.indexOf(`\r\n${mark}--`);
	if (end === -1) throw malformed('the body does not end with the boundary');
	return body
		.slice(mark.length + 2, end)
		.split(`\r\n${mark}\r\n`)
		.map(toPart);
}

function toPart(text: string): Part {
	const gap = text.indexOf('\r\n\r\n');
	const head = gap === -1 ? '' : text.slice(0, gap);
	const disposition = head.split('\r\n').find((line) => /^content-disposition:\s*form-data/i.test(line)) ?? '';
	const name = /[;\s]name="([^"]+)"/i.exec(disposition)?.[1];
	if (name === undefined) throw malformed('a part has no name');
	const fileName = /[;\s]filename="([^"]+)"/i.exec(disposition)?.[1];
	return { name, ...(fileName === undefined ? {} : { fileName }), text: text.slice(gap + 4) };
}

const malformed = (what: string): HubSpotError => validationError(`Unable to parse the multipart request: ${what}`);
