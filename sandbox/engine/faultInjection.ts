import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Faults, TakenFault } from './faults';

const GARBAGE = '<!doctype html><html><head><title>Please wait</title></head><body>One moment, please…</body></html>';

/** Applies the planned faults. Comes after the log and before everything of the vendor's. */
export function faultInjection(faults: Faults, vendorBody: (status: number) => unknown): RequestHandler {
	return (request, response, next) => {
		const fault = faults.take(request.method, request.path);
		if (fault === undefined) next();
		else if (fault.delayMs === undefined) apply(fault, request, response, next, vendorBody);
		else setTimeout(() => apply(fault, request, response, next, vendorBody), fault.delayMs).unref();
	};
}

function apply(
	fault: TakenFault,
	request: Request,
	response: Response,
	next: NextFunction,
	vendorBody: (status: number) => unknown,
): void {
	switch (fault.kind) {
		case 'delay':
			return next();
		case 'reset':
			request.socket.destroy();
			return;
		case 'garbage':
			response.status(fault.status ?? 200).set(fault.headers ?? {});
			response.type('html').send(GARBAGE);
			return;
		case 'status':
			return answer(fault, response, vendorBody);
		case 'cutOff':
			replaceAnswer(response, (body) => {
				response.setHeader('content-length', Math.max(2, body.length));
				response.flushHeaders();
				response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
			});
			return next();
		case 'afterWork':
			replaceAnswer(response, () => {
				if (fault.status === undefined) {
					request.socket.destroy();
					return;
				}
				for (const name of response.getHeaderNames()) response.removeHeader(name);
				answer(fault, response, vendorBody);
			});
			return next();
	}
}

function answer(fault: TakenFault, response: Response, vendorBody: (status: number) => unknown): void {
	const status = fault.status ?? 500;
	const body = fault.body === undefined ? vendorBody(status) : fault.body;
	response.status(status).set(fault.headers ?? {});
	if (typeof body === 'string') response.send(body);
	else response.json(body);
}

/** Lets the handler work as ever, but hands what it would have sent to `instead`. */
function replaceAnswer(response: Response, instead: (body: Buffer) => void): void {
	const original = { write: response.write.bind(response), end: response.end.bind(response) };
	const chunks: Buffer[] = [];
	const keep = (chunk: unknown, encoding: unknown): void => {
		if (typeof chunk === 'string') {
			chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
		} else if (chunk instanceof Uint8Array) {
			chunks.push(Buffer.from(chunk));
		}
	};
	response.write = ((chunk: unknown, encoding: unknown) => {
		keep(chunk, encoding);
		return true;
	}) as typeof response.write;
	response.end = ((chunk: unknown, encoding: unknown) => {
		keep(chunk, encoding);
		response.write = original.write;
		response.end = original.end;
		instead(Buffer.concat(chunks));
		return response;
	}) as typeof response.end;
}
