import type { Clock } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { forgetAttributes, recentAttributes } from '../../api/cachedDefinitions';

/**
 * Makes sure that an attribute of our own exists, so that a note can travel in the same call as the change it belongs to. False:
 * the account refuses to create it (no right, or its 200 attributes are used up), so the caller has to do without.
 * `isNew`: most likely it does not exist, so it is not looked for first.
 */
export async function ensureOwnAttribute(
	client: BrevoClient,
	account: string,
	clock: Clock,
	{ name, type, isNew = false }: { readonly name: string; readonly type: 'text' | 'boolean'; readonly isNew?: boolean },
): Promise<Result<boolean>> {
	const known = isNew ? ok([]) : await recentAttributes(client, account, clock);
	if (known.kind !== 'ok') return known;
	if (known.value.some((attribute) => attribute.name === name)) return ok(true);
	const created = await client.createAttribute(name, type);
	// Another process may have created it meanwhile, so what counts is whether it is there now.
	forgetAttributes(account);
	if (isNew && created.kind === 'ok') return ok(true);
	const now = await recentAttributes(client, account, clock);
	if (now.kind !== 'ok') return now;
	if (now.value.some((attribute) => attribute.name === name)) return ok(true);
	return created.kind === 'refused' || created.kind === 'ok' ? ok(false) : created;
}
