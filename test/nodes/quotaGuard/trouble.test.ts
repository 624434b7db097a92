import type { IDataObject, INode } from 'n8n-workflow';
import { adviceFor } from '../../../core/outcome';
import type { ReasonCode } from '../../../core/outcome';
import type { RunResult } from '../../support/n8n/engine';
import type { RunningGuard } from './guardRun';
import { numbersOn, OVER, people, startGuard, TABLE, WITHIN } from './guardRun';

/** The waits between tries are skipped. */
jest.mock('../../../nodes/shared/n8n/n8nClock', () => {
	const { ManualClock } = jest.requireActual<typeof import('../../support/manualClock')>('../../support/manualClock');
	return { n8nClock: () => new ManualClock(Date.UTC(2027, 2, 10, 12)) };
});

let guard: RunningGuard;
beforeEach(async () => void (guard = await startGuard()));
afterEach(async () => await guard.close());

const WITH_OPT_OUT: IDataObject[] = [...people(1), { key: 'gone', optedOut: true }, ...people(1, 2)];

interface Trouble {
	readonly code: ReasonCode;
	readonly message: string;
	/** What goes wrong. */
	readonly cause: () => void;
	readonly parameters?: IDataObject;
	/** Whether it may pass by itself. */
	readonly passes?: true;
}

const busy = (): void => {
	guard.n8n.instead = (call) => (call.startsWith('PATCH') ? { status: 200, body: [] } : undefined);
};
const answerAll = (answer: ReturnType<RunningGuard['n8n']['instead']>) => (): void => {
	guard.n8n.instead = () => answer;
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
	'n8n does not answer': {
		code: 'LEDGER_UNREACHABLE',
		message: "n8n's API could not be reached (ECONNRESET)",
		cause: answerAll('cut'),
		passes: true,
	},
	'n8n has a fault': {
		code: 'LEDGER_UNREACHABLE',
		message: "n8n's API answered with status 503",
		cause: answerAll({ status: 503 }),
		passes: true,
	},
	'others are always quicker': {
		code: 'LEDGER_BUSY',
		message: "Too many runs reserve tasks of the quota 'Contact Sync' at the same time",
		cause: busy,
		passes: true,
	},
	'the key was revoked': {
		code: 'CREDENTIAL_INVALID',
		message: 'n8n does not accept the API key of the credential',
		cause: () => (guard.n8n.scopes = undefined),
	},
	'the key lacks a scope': {
		code: 'SCOPE_MISSING',
		message: 'The n8n API key lacks the scope dataTableRow:update, or its owner may not use the data table',
		cause: () => (guard.n8n.scopes = guard.n8n.scopes?.filter((scope) => scope !== 'dataTableRow:update')),
	},
	'a column was deleted': {
		code: 'LEDGER_TABLE_CHANGED',
		message: `The data table '${TABLE}' was changed: its column 'used' (number) is missing`,
		cause: () => {
			const table = guard.n8n.table(TABLE);
			table.columns = table.columns.filter(({ name }) => name !== 'used');
		},
	},
	'n8n refuses': {
		code: 'LEDGER_REFUSED',
		message: `Data table '${TABLE}': n8n refused: Data table size limit exceeded`,
		cause: answerAll({ status: 400, body: { message: 'Data table size limit exceeded' } }),
	},
	'n8n answers something else': {
		code: 'UNEXPECTED_ANSWER',
		message: "n8n's API answered 200 in an unknown form at data",
		cause: answerAll({ status: 200, body: { data: 'nothing' } }),
	},
	'the base URL leads elsewhere': {
		code: 'SETTING_INVALID',
		message: "The 'Base URL' of the n8n API credential does not lead to n8n's public API; it ends with /api/v1",
		cause: answerAll({ status: 200, text: '<!DOCTYPE html>' }),
	},
	'the quota has no name': {
		code: 'SETTING_INVALID',
		message: "'Quota' must be a name of 1 to 128 characters",
		cause: () => undefined,
		parameters: { quota: '={{ "" }}' },
	},
	'the limit is none': {
		code: 'SETTING_INVALID',
		message: "'Limit' must be a whole number of tasks up to 1,000,000,000",
		cause: () => undefined,
		parameters: { taskLimit: '={{ -1 }}' },
	},
	'the thresholds are none': {
		code: 'SETTING_INVALID',
		message: "'Alert Thresholds' must be up to 10 whole percentages from 1 to 200, such as 80, 100",
		cause: () => undefined,
		parameters: { thresholds: 'eighty' },
	},
	'the time zone is none': {
		code: 'SETTING_INVALID',
		message: "'Time Zone' is not a known time zone: Europe/Atlantis",
		cause: () => undefined,
		parameters: { options: { timeZone: { __rl: true, mode: 'name', value: 'Europe/Atlantis' } } },
	},
};

async function runIn(trouble: Trouble, options: IDataObject = {}, change: Partial<INode> = {}): Promise<RunResult> {
	// A table that is there and known, so that what goes wrong does so afterwards.
	await guard.run(people(1));
	trouble.cause();
	const { parameters = {} } = trouble;
	const all = { ...(parameters.options as IDataObject | undefined), ...options };
	return await guard.run(WITH_OPT_OUT, { ...parameters, options: all }, change);
}

describe.each(Object.entries(TROUBLES))('when %s', (_name, trouble) => {
	it('the run fails and says what to do, so that the trigger keeps the batch', async () => {
		const result = await runIn(trouble);
		expect(result.error).toMatchObject({ message: trouble.message, description: adviceFor(trouble.code) });
		expect([WITHIN, OVER].flatMap((output) => result.items('Guard', output))).toEqual([]);
	});

	it('and errors are to be continued on, tasks are held with the reason and opt-outs pass', async () => {
		const result = await runIn(trouble, {}, { onError: 'continueRegularOutput' });
		expect(result.error).toBeUndefined();
		expect(numbersOn(result, WITHIN)).toEqual([1]);
		expect(numbersOn(result, OVER)).toEqual([0, 2]);
		expect(result.json('Guard', OVER)[0]).toEqual({
			...people(1)[0],
			quota: { code: trouble.code, message: `${trouble.message}. ${adviceFor(trouble.code)}` },
		});
	});

	it('all are let through uncounted if that is chosen, but only where it may pass by itself', async () => {
		const result = await runIn(trouble, { whenUnreachable: 'letThrough' });
		if (trouble.passes) {
			expect(result.error).toBeUndefined();
			expect(numbersOn(result, WITHIN)).toEqual([0, 1, 2]);
			expect(numbersOn(result, OVER)).toEqual([]);
			expect(result.hints).toEqual([`2 tasks were let through without being counted: ${trouble.message}`]);
		} else {
			expect(result.error?.message).toBe(trouble.message);
		}
	});
});

describe('a Quota Guard', () => {
	it('whose credential leads where nothing answers names the address and the setting', async () => {
		Object.assign(guard.credentials.contactSyncN8nApi ?? {}, { baseUrl: 'http://127.0.0.1:1/api/v1' });
		const { error } = await guard.run(people(1));
		expect(error?.message).toBe(
			"n8n's API could not be reached (nothing answers at 127.0.0.1:1. Correct 'Base URL' in the credential if it stays)",
		);
	});

	it.each<[string, IDataObject]>([
		["'Quota'", { quota: '={{ $json.nothing }}' }],
		["'Limit'", { taskLimit: '={{ $json.nothing }}' }],
		["'Alert Thresholds'", { thresholds: '={{ $json.nothing }}' }],
		["'Table'", { options: { table: '={{ undefined }}' } }],
	])('whose expression gives nothing for %s says so, and counts in no other quota', async (label, parameters) => {
		const { error } = await guard.run(WITH_OPT_OUT, parameters);
		expect(error?.message).toContain(label);
		expect(guard.counted()).toEqual([]);
	});

	it('without a credential says so', async () => {
		const { error } = await guard.run(people(1), {}, { credentials: {} });
		expect(error?.message).toMatch(/credential/i);
	});

	it('whose table was deleted makes it anew, counts from 0 and says so', async () => {
		await guard.run(people(5));
		guard.n8n.tables.length = 0;
		const result = await guard.run(people(2));
		expect(result.error).toBeUndefined();
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 2]]);
		expect(result.hints[1]).toMatch(/^The data table 'Contact Sync Quota' was made in n8n/);
	});

	it('counts a write whose answer was lost once', async () => {
		await guard.run(people(1));
		let lost = false;
		guard.n8n.instead = (call) => {
			if (lost || !call.startsWith('PATCH')) return undefined;
			lost = true;
			return 'lose';
		};
		const result = await guard.run(people(4));
		expect(numbersOn(result, WITHIN)).toHaveLength(4);
		expect(guard.counted()).toEqual([['Contact Sync', '2027-03', 5]]);
	});
});
