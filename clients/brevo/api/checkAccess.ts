import type { HttpPort } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { classifyBrevoReply } from './classify';

/** Whether a key may be used: one call within the wide limit of the contacts endpoints (https://developers.brevo.com/docs/api-limits). */
export async function checkBrevoAccess(http: HttpPort): Promise<Result<unknown>> {
	return classifyBrevoReply(await http.send({ method: 'GET', path: '/contacts/attributes' }));
}

/** Brevo's SMTP keys, which look alike and are made on the same page, open no API. */
const SMTP_KEY = /^xsmtpsib-/i;

/** The failure of a key of the wrong kind, told by its beginning; Brevo itself answers as for a mistyped one. */
export const refuseSmtpKey = (apiKey: string): Failure | undefined =>
	SMTP_KEY.test(apiKey.trim())
		? {
				kind: 'stop',
				code: 'CREDENTIAL_INVALID',
				reason:
					"'API Key' of the Brevo credential holds an SMTP key. Create an API key in Brevo (SMTP & API > API Keys); it begins with xkeysib-",
			}
		: undefined;
