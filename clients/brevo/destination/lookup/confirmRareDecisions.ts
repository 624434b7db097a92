import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { Identifiers } from '../../../../core/upsert/destination';
import { sameSource } from '../../../../core/upsert/keys';
import type { AccountContacts } from './accountContacts';
import type { BrevoClient } from '../../api/brevoClient';
import type { ContactMirror } from './contactMirror';
import { oweAsNoted, restoreOwedBlocks } from '../updateKeepingBlock';
import { pagesOf } from './picturePolicy';
import { callsToReadByIds, readByIds } from './read/readByIds';
import type { KeptContact } from './toHeldContact';

/** Merges and takeovers read anew for one batch; of more, the refresh a moment ago has to do. */
const MOST_RARE = 100;
/** Contacts whose lists are read, as long as the pages of the account are not fewer calls. */
const MOST_UNCERTAIN = 30;

interface Context {
	readonly client: BrevoClient;
	readonly account: AccountContacts;
	readonly mirror: ContactMirror;
	readonly listId: number | undefined;
	/** Nothing but what is read now counts, see `BatchOrigin`. */
	readonly anew?: boolean;
}

/**
 * Reads those contacts which a decision hangs on that a refreshed mirror is not enough for: owed blocks that another
 * process left, merges and takeovers (a block goes from one contact to another), and whether contacts that join, or are missing on
 * the list, are on it. Undefined: so many that the account is to be read anew. A batch without any of these costs no call.
 */
export async function lookCloser(
	context: Context,
	wanted: readonly Identifiers[],
): Promise<Result<'ready' | 'readAnew'>> {
	const restored = await restoreNoted(context);
	if (restored.kind !== 'ok') return restored;
	const rare = new Set(wanted.flatMap((one) => rareFor(one, context.mirror)));
	const uncertain = wanted.flatMap((one) => uncertainFor(one, context));
	const pages = pagesOf(context.mirror.size);
	if (uncertain.length > MOST_UNCERTAIN && callsToReadByIds(uncertain.length) > pages) return ok('readAnew');
	const unkept = wanted.flatMap((one) => foundFor(one, context.mirror)).filter(({ values }) => context.anew || !values);
	const read = await readAnew(context, new Set([...[...rare].slice(0, MOST_RARE), ...uncertain, ...idsOf(unkept)]));
	return read.kind === 'ok' ? ok('ready') : read;
}

/** Contacts of the mirror that a contact of the batch may turn out to be, or to take something from. */
function foundFor(
	{ key, otherKeys, emails, otherEmails, phone, linkedTo }: Identifiers,
	mirror: ContactMirror,
): KeptContact[] {
	const keys = [key, ...otherKeys, ...[linkedTo ?? []].flat()];
	return [
		...keys.map((one) => mirror.byKey(one)),
		...[...emails, ...otherEmails].map((email) => mirror.byEmail(email)),
		...emails.slice(0, 1).map((email) => mirror.byLeftEmail(email)),
		...(phone === undefined ? [] : [mirror.byPhone(phone)]),
	].filter((kept) => kept !== undefined);
}

const idsOf = (contacts: readonly KeptContact[]): number[] => contacts.map(({ id }) => id);

/** Restores what notes on contacts say is owed, whichever process left them. */
async function restoreNoted(context: Context): Promise<Result<unknown>> {
	const { client, account, mirror } = context;
	const owing = [...mirror.owing];
	if (owing.length === 0) return ok(undefined);
	for (const id of owing) {
		const now = await client.getContact(String(id), 'contact_id');
		if (now.kind !== 'ok') return now;
		if (now.value) oweAsNoted(now.value, account.owedBlocks);
	}
	const restored = await restoreOwedBlocks(client, account.owedBlocks);
	return restored.kind === 'ok' ? await readAnew(context, new Set(owing)) : restored;
}

async function readAnew({ client, mirror }: Context, ids: ReadonlySet<number>): Promise<Result<unknown>> {
	return await readByIds(client, ids, (id, contact) => {
		if (contact) mirror.put(contact);
		else mirror.remove(id);
	});
}

/** Contacts a block may go over from, and the one it may go to. */
function rareFor(
	{ key, otherKeys, emails: [email, ...former], otherEmails }: Identifiers,
	mirror: ContactMirror,
): number[] {
	const merged = otherEmails.map((address) => mirror.byEmail(address)).filter((held) => held && isOfRecord(held, key));
	const own = mirror.byKey(key);
	const holder = email === undefined || own?.email === email ? undefined : mirror.byEmail(email);
	const takenOver =
		holder && holder.id !== own?.id && (own !== undefined || isOfRecord(holder, key)) ? holder : undefined;
	const leftBy = holder || email === undefined || own?.email === email ? undefined : mirror.byLeftEmail(email);
	const involved = [
		takenOver,
		leftBy,
		...otherKeys.map((other) => mirror.byKey(other)),
		...former.map((address) => mirror.byEmail(address)),
		...merged,
	].filter((held): held is KeptContact => held !== undefined && held.id !== own?.id);
	return involved.length === 0 ? [] : idsOf([...involved, ...(own ? [own] : [])]);
}

/** Made from another record of the same source. */
const isOfRecord = (held: KeptContact, key: string): boolean =>
	[held.sourceKey, ...(held.otherKeys ?? [])].some(
		(other) => other !== undefined && other !== key && sameSource(other, key),
	);

/** Known contacts that are not where they should be, or are there although they have just joined. */
function uncertainFor({ key, joins }: Identifiers, { account, mirror, listId }: Context): number[] {
	const own = mirror.byKey(key);
	if (!own || listId === undefined || joins === undefined) return [];
	const onList = own.listIds.includes(listId);
	const asExpected = onList ? !joins : own.listsLeft?.includes(listId) === true;
	return asExpected || !account.isMembershipUncertain(mirror, own.id) ? [] : [own.id];
}
