import type { Account, Api } from '../api';
import { iso } from '../contacts/contactValues';
import { limitsOf } from '../settings';
import { ACCOUNT, at } from './paths';

/** Details of the account and its use of the daily limit. Any valid token may read them. */
export function mountAccountInfo(api: Api, account: Account): void {
	api.on('get', at(ACCOUNT, '/details'), {}, () => {
		const { portalId, timeZone } = account.settings;
		const offset = offsetOf(timeZone, account.now());
		return [
			200,
			{
				portalId,
				accountType: 'STANDARD',
				timeZone,
				companyCurrency: 'EUR',
				additionalCurrencies: [],
				utcOffset: offset.text,
				utcOffsetMilliseconds: offset.ms,
				uiDomain: 'app-eu1.hubspot.com',
				dataHostingLocation: 'eu1',
			},
		];
	});
	api.on('get', at(ACCOUNT, '/api-usage/daily/private-apps'), {}, () => [
		200,
		{
			results: [
				{
					name: 'private-apps-api-calls-daily',
					usageLimit: limitsOf(account.settings).daily,
					currentUsage: account.limits.used,
					collectedAt: iso(account.now()),
					fetchStatus: 'SUCCESS',
					resetsAt: iso(account.limits.resetsAt()),
				},
			],
		},
	]);
}

function offsetOf(timeZone: string, at: number): { text: string; ms: number } {
	const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
	const text = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00';
	const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
	return { text, ms: (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 };
}
