import pLimit from 'p-limit';
import { propertiesToRead, toContactChange } from '../../clients/hubspot/source/toContactChange';
import { readPages } from '../../core/calls/pages/readPages';
import type { MappedContact } from '../../core/contact/contact';
import { applyMapping } from '../../core/mapping/applyMapping';
import type { MappingPlan } from '../../core/mapping/mapping';
import type { Job, Tally } from '../job';
import { MAPPING } from '../mapping';
import type { Accounts } from './accounts';
import { valueOf } from './accounts';

/** Reads and as many writes under way at once; enough to keep both vendors at their limits. */
const PARALLEL = 20;
/** Pages of members; far more than a list of the benchmark has. */
const MAX_PAGES = 2_000;

const FIELDS = Object.values(MAPPING);

/**
 * What people build from n8n's own nodes or in Zapier, built as well as it can be: read the members, then one
 * `POST /contacts` with `updateEnabled` for each, whether or not anything changed. `readSize` contacts are read per call.
 * It never exceeds a limit, waits for nothing else, and carries opt-outs.
 */
export async function syncPerContact(
	accounts: Accounts,
	job: Job,
	readSize: number,
	tally: Tally,
	prepared: () => void,
): Promise<void> {
	const plan = await accounts.mappingPlan();
	const properties = new Map(valueOf(await accounts.properties()).map((property) => [property.name, property]));
	const hubspot = accounts.hubspot();
	const ids = job.changedIds ?? (await membersOf(accounts, job));
	prepared();
	const parts = Array.from({ length: Math.ceil(ids.length / readSize) }, (_, index) =>
		ids.slice(index * readSize, (index + 1) * readSize),
	);
	// Apart, so that writes begin while others are still being read.
	const reads = pLimit(PARALLEL);
	const writes = pLimit(PARALLEL);
	await Promise.all(
		parts.map(async (part) => {
			const contacts = valueOf(
				await reads(() => hubspot.contacts(part, propertiesToRead({ fields: FIELDS, definitions: properties }))),
			);
			await Promise.all(
				contacts.map(async (contact) => {
					const change = toContactChange(
						contact,
						{ change: 'updated', at: Date.now() },
						{ portalId: '0', listId: job.sourceListId, fields: FIELDS, definitions: properties },
					);
					await writes(() => write(accounts, job, plan, change, tally));
				}),
			);
		}),
	);
}

/** The first members of the list, in the order of joining. Lists all of them, so that only what is done per contact is scaled. */
async function membersOf(accounts: Accounts, { sourceListId, members = Infinity }: Job): Promise<readonly string[]> {
	const hubspot = accounts.hubspot();
	const ids: string[] = [];
	const pages = readPages((after) => hubspot.membersByJoinOrder(sourceListId, after), { maxPages: MAX_PAGES });
	for await (const page of pages) {
		ids.push(...valueOf(page).items.map(({ id }) => id));
	}
	return ids.slice(0, members);
}

async function write(
	accounts: Accounts,
	job: Job,
	plan: MappingPlan,
	change: Parameters<typeof applyMapping>[1],
	tally: Tally,
): Promise<void> {
	tally.read += 1;
	const outcome = applyMapping(plan, change);
	if (outcome.kind === 'excluded') {
		tally.excluded += 1;
		tally.reasons[outcome.code] = (tally.reasons[outcome.code] ?? 0) + 1;
		return;
	}
	const reply = await accounts.brevoLimits.contacts.run(
		async () =>
			await accounts.brevoHttp.send({
				method: 'POST',
				path: '/contacts',
				body: bodyOf(outcome.contact, job.destinationListId),
			}),
	);
	if (reply.kind === 'reply' && reply.status === 201) tally.created += 1;
	else if (reply.kind === 'reply' && reply.status === 204) tally.written += 1;
	else {
		const reason = reply.kind === 'reply' ? `status ${reply.status}` : reply.kind;
		tally.failed += 1;
		tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
	}
}

function bodyOf({ contact, optedOut }: MappedContact, listId: number): object {
	const { email, phone, attributes } = contact;
	return {
		email,
		attributes: { ...attributes, ...(phone === undefined ? {} : { SMS: phone }) },
		listIds: [listId],
		updateEnabled: true,
		...(optedOut ? { emailBlacklisted: true } : {}),
	};
}
