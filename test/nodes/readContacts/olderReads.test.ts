import { mapped } from '../../support/mappedContacts';
import type { EmptyBrevo } from '../contactListUpsert/upsertRun';
import { outcomes, startEmptyBrevo } from '../contactListUpsert/upsertRun';

const MINUTE_MS = 60_000;

describe('a read on demand beside a trigger', () => {
	let account: EmptyBrevo;
	beforeEach(async () => void (account = await startEmptyBrevo()));
	afterEach(async () => await account.brevo.close());

	const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
	const contact = (city: string, delivery: Record<string, unknown>) => ({
		...mapped(1, { email: 'ada@x.example', attributes: { FIRSTNAME: city } }),
		delivery,
	});
	const write = async (item: unknown): Promise<unknown[]> => {
		const result = await account.run([item]);
		return [...outcomes(result.json('Upsert')), ...outcomes(result.json('Upsert', 1))];
	};
	const stored = (): unknown => [...account.brevo.store.contacts.values()][0]?.attributes.FIRSTNAME;

	it('IS-07: what was read before a batch of the trigger never overwrites it, whatever the number of the batch', async () => {
		expect(await write(contact('Newer', { phase: 'live', sequence: 1, at: ago(1) }))).toEqual(['created']);
		expect(await write(contact('Older', { phase: 'resync', sequence: 0, at: ago(2) }))).toEqual(['excluded OLDER_CHANGE']); // prettier-ignore
		expect(stored()).toBe('Newer');
	});

	it('what was read after it is written, and so is the batch of the trigger after that', async () => {
		await write(contact('First', { phase: 'live', sequence: 4, at: ago(3) }));
		expect(await write(contact('Read', { phase: 'resync', sequence: 0, at: ago(2) }))).toEqual(['updated']);
		expect(await write(contact('Next', { phase: 'live', sequence: 5, at: ago(1) }))).toEqual(['updated']);
		expect(stored()).toBe('Next');
	});
});
