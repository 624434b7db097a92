import { inParallel } from '../../../../core/calls/inParallel';
import { addressForm, otherSpellings } from '../../../../core/contact/email';
import type { ContactName, NamedRead } from '../../../../core/contact/readOnDemand';
import { NamedContacts, positionsBy } from '../../../../core/contact/readOnDemand';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import { chunksOf } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import { EMAIL_PROPERTY, hidesOptOuts, otherEmailsOf } from '../../api/propertyNames';
import type { HubSpotContact } from '../../api/types';
import { ContactReader } from '../readers/contactReader';
import { MERGED_LOOKS, readMergedAway, toMergeChange, withChains } from '../readers/mergedRecords';
import { OPT_OUTS_HIDDEN } from '../requireProperties';
import type { ReadSettings } from '../toContactChange';
import { propertiesToRead, toDeletion } from '../toContactChange';
import type { OnDemandContext } from './onDemandContext';
import { reserveReached, toReadContact } from './onDemandContext';

/** Reads under way at once; the rate limit is shared, so more would only wait. */
const PARALLEL = 3;

type Positions = ReadonlyMap<string, readonly number[]>;

/**
 * The contacts that these names lead to: a call for each 100 ids or addresses, and for each 100 records merged into them. The first 100 ids that lead to no contact
 * are looked up at a call each: those that were merged lead to the survivor, those in the recycle bin come as deleted.
 */
export async function readNamedContacts(
	context: OnDemandContext,
	names: readonly ContactName[],
): Promise<Result<NamedRead>> {
	const resting = reserveReached(context);
	if (resting) return resting;
	const { portalId, fields } = context;
	const defined = await context.definitions();
	if (defined.kind !== 'ok') return defined;
	const definitions = new Map(defined.value.map((definition) => [definition.name, definition]));
	const settings: ReadSettings = { portalId, fields, definitions };
	const reader = new ContactReader(context.client, {
		portalId,
		fields,
		definitions: async () => await Promise.resolve(defined),
		ignoresOptOuts: context.ignoresOptOuts === true,
	});
	const contacts = new NamedContacts();
	const byEmail = positionsBy(names, (name) => (name.kind === 'email' ? name.email : undefined));
	const emailsRead = await addByEmail(context, reader, byEmail, settings, contacts);
	if (emailsRead.kind !== 'ok') return emailsRead;
	const byId = positionsBy(names, (name) => (name.kind === 'id' ? name.id : undefined));
	const idsRead = await addById(context, reader, byId, settings, contacts);
	if (idsRead.kind !== 'ok') return idsRead;
	const unlooked = new Set(idsRead.value.flatMap((id) => byId.get(id) ?? []));
	return ok(
		contacts.read(names.length, (position) => {
			if (names[position]?.kind === 'email') return 'HubSpot has no contact with this e-mail address';
			return unlooked.has(position)
				? `HubSpot has no contact of this record ID; whether it was deleted or merged into another one was not looked up, because more than ${MERGED_LOOKS} IDs lead to no contact. Let fewer come in one run`
				: 'HubSpot has no contact of this record ID';
		}),
	);
}

async function addByEmail(
	context: OnDemandContext,
	reader: ContactReader,
	positions: Positions,
	settings: ReadSettings,
	contacts: NamedContacts,
): Promise<Result<unknown>> {
	const { client, clock } = context;
	// HubSpot may hold an international domain in either spelling.
	const spellings = [...positions.keys()].flatMap((email) => [email, ...otherSpellings(email)]);
	const found = new Map<string, HubSpotContact>();
	const failures: Failure[] = [];
	const chunks = chunksOf([...new Set(spellings)], HUBSPOT_LIMITS.batchRead);
	await inParallel(chunks, PARALLEL, async (chunk) => {
		if (failures.length > 0) return;
		const read =
			reserveReached(context) ?? (await client.contactsBy(EMAIL_PROPERTY, chunk, propertiesToRead(settings)));
		if (read.kind === 'ok') for (const contact of read.value) found.set(contact.id, contact);
		else failures.push(read);
	});
	if (failures[0]) return failures[0];
	if (context.ignoresOptOuts !== true && hidesOptOuts(found.values())) return OPT_OUTS_HIDDEN;
	const chained = await withChains(reader, [...found.values()]);
	if (chained.kind !== 'ok') return chained;
	for (const contact of chained.value.values()) {
		const addresses = [contact.properties[EMAIL_PROPERTY] ?? '', ...otherEmailsOf(contact)].map(addressForm);
		const led = addresses.flatMap((address) => positions.get(address) ?? []);
		if (led.length > 0) contacts.add(toReadContact(contact, settings, clock.now()), led);
	}
	return ok(undefined);
}

/** Answers the ids of which it was not looked up what became of them. */
async function addById(
	{ clock }: OnDemandContext,
	reader: ContactReader,
	positions: Positions,
	settings: ReadSettings,
	contacts: NamedContacts,
): Promise<Result<readonly string[]>> {
	const live = await reader.read([...positions.keys()], 'plain');
	if (live.kind !== 'ok') return live;
	const positionsOf = (id: string): readonly number[] => positions.get(id) ?? [];
	const chained = await withChains(reader, [...live.value.found.values()]);
	if (chained.kind !== 'ok') return chained;
	for (const [id, contact] of chained.value)
		contacts.add(toReadContact(contact, settings, clock.now()), positionsOf(id));
	const vanished = [...positions.keys()].filter((id) => !live.value.found.has(id));
	// Merges first: the recycle bin may hold merged records too, which were not deleted.
	const looked = vanished.slice(0, MERGED_LOOKS);
	const merged = await readMergedAway(reader, looked, live.value);
	if (merged.kind !== 'ok') return merged;
	const survivors = await withChains(reader, [...merged.value.keys()]);
	if (survivors.kind !== 'ok') return survivors;
	for (const [survivor, ids] of merged.value) {
		const change = toMergeChange(
			survivors.value.get(survivor.id) ?? survivor,
			ids,
			survivor.changedAt ?? clock.now(),
			settings,
		);
		contacts.add(change, ids.flatMap(positionsOf));
	}
	const mergedIds = new Set([...merged.value.values()].flat());
	const open = looked.filter((id) => !mergedIds.has(id));
	const archived = await reader.read(open, 'archived');
	if (archived.kind !== 'ok') return archived;
	for (const [id, contact] of archived.value.found)
		contacts.add(toDeletion(id, contact, clock.now(), settings), positionsOf(id));
	return ok(vanished.slice(MERGED_LOOKS));
}
