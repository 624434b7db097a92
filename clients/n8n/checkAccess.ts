import type { HttpPort } from '../../core/ports';
import type { Result } from '../../core/result';
import { missingScopes } from './classify';
import { N8nClient } from './n8nClient';

/** Whether an API key may keep a quota's ledger; names every scope it lacks. */
export async function checkN8nAccess(http: HttpPort): Promise<Result<unknown>> {
	const lacking = await new N8nClient(http).lackingScopes();
	return lacking.kind === 'ok' && lacking.value.length > 0 ? missingScopes(lacking.value) : lacking;
}
