import type { UpsertReport } from '../../../core/upsert/upsertContacts';

/** Contacts that were created, updated, or taken off in these runs. */
export const writtenIn = (reports: readonly UpsertReport[]): number =>
	reports
		.flatMap(({ results }) => results)
		.filter(({ outcome: { status } }) => ['created', 'updated', 'removed'].includes(status)).length;

/** Plays rounds until nothing is written for three of them; throws when that does not come. */
export async function untilQuiet(
	workflows: { readonly written: number; round(): Promise<void> },
	most: number,
): Promise<void> {
	for (let round = 0, quiet = 0; quiet < 3; round++) {
		if (round > most) throw new Error('The workflows go on writing to one another');
		const before = workflows.written;
		await workflows.round();
		quiet = workflows.written === before ? quiet + 1 : 0;
	}
}
