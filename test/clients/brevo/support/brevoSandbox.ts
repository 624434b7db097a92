import { startBrevo, type RunningBrevo } from '../../../../sandbox/brevo';
import type { UpsertReport } from '../../../../core/upsert/upsertContacts';

/** An empty Brevo with one list, started anew for every test of a file. */
export interface BrevoSandbox {
	brevo: RunningBrevo;
	/** Id of the list `Synced`. */
	list: number;
	/** The contact with this address. */
	contact(email: string): ReturnType<RunningBrevo['store']['owner']>;
}

/**
 * Registers the sandbox with jest. After every test: no write made anybody mailable again (promise 1), and no call ran
 * into a limit.
 */
export function useBrevoSandbox(): BrevoSandbox {
	const sandbox: BrevoSandbox = {
		brevo: undefined as unknown as RunningBrevo,
		list: 0,
		contact: (email) => sandbox.brevo.store.owner('email', email),
	};
	beforeEach(async () => {
		sandbox.brevo = await startBrevo({ people: [], strangers: 0 });
		sandbox.list = sandbox.brevo.store.createList('Synced', 1).id;
	});
	afterEach(async () => {
		await sandbox.brevo.close();
		expect(sandbox.brevo.store.resubscriptions).toEqual([]);
		expect(sandbox.brevo.requests.statuses()[429] ?? 0).toBe(0);
	});
	return sandbox;
}

/** Each result as one text: status, reason code, warnings. */
export const told = ({ results }: UpsertReport): string[] =>
	results.map(({ outcome, warnings }) =>
		[outcome.status, outcome.code, ...warnings.map(({ field, code }) => `${field}:${code}`)].filter(Boolean).join(' '),
	);
