import { z } from 'zod';
import type { OptOutLook } from '../../core/polling/changeSource';
import { isRemembered } from '../../core/polling/memberMemory';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { Hit, SearchPosition } from './changeSearch';
import { readHits } from './changeSearch';
import type { ContactReader } from './contactReader';
import type { HubSpotClient } from './hubSpotClient';
import type { ListCursor } from './listCursor';
import { isFormer } from '../../core/polling/memberMemory';
import { OPT_OUT_PROPERTY, toContactChange } from './toContactChange';

/** Pages of 200 hits a look reads at most; with the contacts themselves, 100 a call, and their definitions that makes ten calls. */
const MAX_PAGES = 3;

/** What a look leaves for the next one. */
const seenForm = z.object({
	/** Opt-outs up to this instant were told, ms since 1970. */
	at: z.number(),
	/** Those of the time HubSpot may still be indexing, with their stamps, so that no look tells them again. */
	told: z.array(z.tuple([z.string(), z.number()])),
});

type Seen = z.output<typeof seenForm>;

/**
 * Contacts known to be opted out of all e-mail that changed since the cursor, of those this sync handed on before: as long as its quota
 * is used up, only they go over (HB-19). At most ten calls a look, none of them for a contact that is not opted out.
 */
export async function readPausedOptOuts(
	{ client, contacts, lookbackMs }: { client: HubSpotClient; contacts: ContactReader; lookbackMs: number },
	cursor: ListCursor,
	stored: string | undefined,
): Promise<Result<OptOutLook>> {
	const seen = readSeen(stored) ?? { at: Math.max(0, cursor.watermark - lookbackMs), told: [] };
	const told = new Map(seen.told);
	const hits = new Map<string, Hit>();
	let position: SearchPosition | undefined = { from: Math.max(0, seen.at - lookbackMs) };
	if (stored === undefined) position = { from: seen.at };
	let reached = seen.at;
	for (let page = 0; position && page < MAX_PAGES; page++) {
		const read: Awaited<ReturnType<typeof readHits>> = await readHits(client, position, [OPTED_OUT]);
		if (read.kind !== 'ok') return read;
		for (const hit of read.value.hits) {
			reached = Math.max(reached, hit.at);
			if (isRemembered(cursor.memory, hit.id) && told.get(hit.id) !== hit.at) hits.set(hit.id, hit);
		}
		position = read.value.next;
	}
	const read = await contacts.read([...hits.keys()], 'plain');
	if (read.kind !== 'ok') return read;
	const changes = [...hits.values()].flatMap(({ id, at }) => {
		const contact = read.value.found.get(id);
		if (contact?.properties[OPT_OUT_PROPERTY] !== 'true') return [];
		// A contact that left stays gone: its opt-out goes over, and nothing puts it back on the list.
		const change = isFormer(cursor.memory, id) ? 'removed' : 'optedOut';
		return [toContactChange(contact, { change, at }, read.value.settings)];
	});
	const kept = [...told, ...[...hits.values()].map(({ id, at }) => [id, at] as [string, number])];
	const next: Seen = { at: reached, told: kept.filter(([, at]) => at >= reached - lookbackMs) };
	return ok({ changes, seen: JSON.stringify(next) });
}

const OPTED_OUT = { propertyName: OPT_OUT_PROPERTY, operator: 'EQ', value: 'true' } as const;

function readSeen(stored: string | undefined): Seen | undefined {
	if (stored === undefined) return undefined;
	try {
		const read = seenForm.safeParse(JSON.parse(stored));
		return read.success ? read.data : undefined;
	} catch {
		return undefined;
	}
}
