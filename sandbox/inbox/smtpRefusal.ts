/** An answer of 4xx (try again later) or 5xx (never) to an SMTP command. */
export class SmtpRefusal extends Error {
	override readonly name = 'SmtpRefusal';

	constructor(
		/** The name that the SMTP library asks for. */
		readonly responseCode: number,
		message: string,
	) {
		super(message);
	}
}
