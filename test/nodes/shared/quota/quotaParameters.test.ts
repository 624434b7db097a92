import type { Result } from '../../../../core/result';
import type { QuotaChoice } from '../../../../nodes/shared/quota/quotaParameters';
import { readQuota, readQuotaOf } from '../../../../nodes/shared/quota/quotaParameters';

const DEFAULT: QuotaChoice = {
	settings: {
		quota: 'Contact Sync',
		limit: 100_000,
		period: 'month',
		mode: 'finishBatch',
		thresholds: [80, 100],
		timeZone: 'Europe/Berlin',
	},
	table: 'Contact Sync Quota',
};

const read = (parameters: Readonly<Record<string, unknown>>): Result<QuotaChoice> =>
	readQuota((name) => parameters[name], 'Europe/Berlin');
const readOf = (parameters: Readonly<Record<string, unknown>>): Result<QuotaChoice> =>
	readQuotaOf({ name: 'Guard', parameters }, 'Europe/Berlin');
const valueOf = (result: Result<QuotaChoice>): QuotaChoice | string =>
	result.kind === 'ok' ? result.value : `${result.code}: ${result.reason}`;

describe('the parameters of a quota', () => {
	it('HB-17, SB-13: are 100,000 tasks a month where nothing is set', () => {
		expect(valueOf(read({}))).toEqual(DEFAULT);
		expect(valueOf(readOf({}))).toEqual(DEFAULT);
		expect(valueOf(readQuotaOf({ name: 'Guard' }, 'Europe/Berlin'))).toEqual(DEFAULT);
	});

	it('are read as people and expressions give them', () => {
		const parameters = {
			quota: ' Leads ',
			taskLimit: ' 250 ',
			period: 'day',
			whenExceeded: 'strict',
			thresholds: '50 % 90 %',
			'options.table': 'Ledger',
			'options.timeZone': { __rl: true, mode: 'list', value: 'Asia/Tokyo' },
		};
		expect(valueOf(read(parameters))).toEqual({
			settings: {
				quota: 'Leads',
				limit: 250,
				period: 'day',
				mode: 'strict',
				thresholds: [50, 90],
				timeZone: 'Asia/Tokyo',
			},
			table: 'Ledger',
		});
		expect(valueOf(read({ 'options.timeZone': 'Asia/Tokyo' }))).toMatchObject({ settings: { timeZone: 'Asia/Tokyo' } });
		expect(valueOf(read({ thresholds: [90, '50'] }))).toMatchObject({ settings: { thresholds: [50, 90] } });
		expect(valueOf(read({ taskLimit: 0, thresholds: '' }))).toMatchObject({ settings: { limit: 0, thresholds: [] } });
	});

	it.each<[string, Record<string, unknown>, RegExp]>([
		['an empty name', { quota: ' ' }, /^SETTING_INVALID: 'Quota' must be a name of 1 to 128 characters$/],
		['a name that is none', { quota: { a: 1 } }, /'Quota'/],
		['too long a name', { quota: 'x'.repeat(129) }, /'Quota'/],
		['a limit that is none to people', { taskLimit: '0x10' }, /'Limit'/],
		['an empty table', { 'options.table': '' }, /'Table' must be a name of 1 to 128 characters$/],
		['an emptied limit', { taskLimit: '' }, /'Limit' must be a whole number of tasks up to 1,000,000,000$/],
		['a broken limit', { taskLimit: 1.5 }, /'Limit'/],
		['a negative limit', { taskLimit: -1 }, /'Limit'/],
		['too high a limit', { taskLimit: 1_000_000_001 }, /'Limit'/],
		['a limit in words', { taskLimit: 'many' }, /'Limit'/],
		['a name that is no number', { quota: NaN }, /'Quota'/],
		['thresholds in words', { thresholds: 'eighty' }, /'Alert Thresholds'/],
		['thresholds that are an object', { thresholds: { first: 80 } }, /'Alert Thresholds'/],
		['thresholds that are a yes', { thresholds: true }, /'Alert Thresholds'/],
		['thresholds with an object among them', { thresholds: [80, {}] }, /'Alert Thresholds'/],
		['a time zone that is an object', { 'options.timeZone': { value: {} } }, /'Time Zone' is not a known time zone/],
		['an unknown time zone', { 'options.timeZone': { value: 'Mars/Olympus' } }, /'Time Zone' is not a known time zone/],
	])('refuse %s by its name', (_name, parameters, message) => {
		expect(valueOf(read(parameters))).toMatch(message);
	});
});

describe('the parameters of a Quota Guard found in the workflow', () => {
	it('are read as they are stored', () => {
		const options = { table: 'Ledger', timeZone: { __rl: true, mode: 'name', value: 'Asia/Tokyo' } };
		expect(valueOf(readOf({ quota: 'Leads', taskLimit: 250, period: 'day', options }))).toMatchObject({
			settings: { quota: 'Leads', limit: 250, period: 'day', timeZone: 'Asia/Tokyo' },
			table: 'Ledger',
		});
	});

	it.each<[string, Record<string, unknown>]>([
		['Quota', { quota: '={{ $json.quota }}' }],
		['Limit (Tasks)', { taskLimit: '={{ $vars.limit }}' }],
		['Table', { options: { table: '=Ledger' } }],
		['Time Zone', { options: { timeZone: { __rl: true, mode: 'name', value: '={{ $vars.zone }}' } } }],
	])('are refused where %s is an expression, which only its node can work out', (label, parameters) => {
		expect(valueOf(readOf(parameters))).toBe(
			`SETTING_INVALID: '${label}' of 'Guard' is an expression, which cannot be worked out here: choose 'As Set Here' in 'Pause While Over Quota', or write a fixed value there`,
		);
	});

	it('are none of the business of whoever only looks, where they are about reserving', () => {
		const parameters = {
			thresholds: '={{ $vars.thresholds }}',
			whenExceeded: 'strict',
			options: { countOptOuts: true },
		};
		expect(valueOf(readOf(parameters))).toEqual(DEFAULT);
	});
});
