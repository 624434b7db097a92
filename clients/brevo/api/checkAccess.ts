import type { HttpPort } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { classifyBrevoReply } from './classify';

/** Whether a key may be used: one call within the wide limit of the contacts endpoints (https://developers.brevo.com/docs/api-limits). */
export async function checkBrevoAccess(http: HttpPort): Promise<Result<unknown>> {
	return classifyBrevoReply(await http.send({ method: 'GET', path: '/contacts/attributes' }));
}
