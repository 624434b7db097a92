import { SalesforceLimits } from '../../../../clients/salesforce/api/limits';
import { SalesforceClient } from '../../../../clients/salesforce/api/salesforceClient';
import type { CallSettings } from '../../../../clients/salesforce/api/salesforceClient';
import type { Clock, HttpPort, HttpRequest } from '../../../../core/ports';
import type { Result } from '../../../../core/result';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { plainHttp } from '../../../support/http/plainHttp';

/** The stand-in's clock as the client's: waiting moves it. */
export const sandboxClock = (salesforce: RunningSalesforce): Clock => ({
	now: () => salesforce.clock.now(),
	sleep: async (ms) => {
		salesforce.clock.advance(ms);
		await new Promise((resolve) => setImmediate(resolve));
	},
});

/** Real HTTP to the stand-in; `seen` gets every request. */
export function sandboxHttp(
	salesforce: RunningSalesforce,
	seen: HttpRequest[] = [],
	token = salesforce.newToken(),
): HttpPort {
	const http = plainHttp(salesforce.url, { authorization: `Bearer ${token}` });
	return {
		async send(request) {
			seen.push(request);
			return await http.send(request);
		},
	};
}

export const clientOf = (
	salesforce: RunningSalesforce,
	http = sandboxHttp(salesforce),
	settings: CallSettings = {},
): SalesforceClient => {
	const clock = sandboxClock(salesforce);
	return new SalesforceClient(http, clock, new SalesforceLimits(clock), { random: () => 0, ...settings });
};

export function valueOf<T>(result: Result<T>): T {
	if (result.kind !== 'ok') throw new Error(`${result.code}: ${result.reason}`);
	return result.value;
}

/** An operation of the stand-in, as people in the organisation would do it. */
export async function operate(
	salesforce: RunningSalesforce,
	op: string,
	more: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
	const response = await fetch(`${salesforce.url}/_sandbox/do`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ op, ...more }),
	});
	const answer = (await response.json()) as { readonly result?: Readonly<Record<string, unknown>> };
	if (!response.ok) throw new Error(JSON.stringify(answer));
	return answer.result ?? {};
}
