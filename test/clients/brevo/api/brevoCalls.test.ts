import { BrevoClient } from '../../../../clients/brevo/api/brevoClient';
import { brevoLimiters } from '../../../../clients/brevo/api/limits';
import type { HttpPort, HttpReply, HttpRequest } from '../../../../core/ports';
import { newAccount } from '../../../support/brevoAccount';
import { ManualClock } from '../../../support/manualClock';

/** A client whose calls are answered by `answer`. */
function clientWith(answer: (request: HttpRequest) => HttpReply) {
	const clock = new ManualClock();
	const limiters = brevoLimiters(newAccount(), clock);
	const http: HttpPort = { send: async (request) => await Promise.resolve(answer(request)) };
	return { client: new BrevoClient(http, clock, limiters), limiters };
}

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): HttpReply => ({
	kind: 'reply',
	status,
	headers,
	body,
});

describe('the two buckets of calls of Brevo', () => {
	const left = (remaining: string) => ({ 'x-sib-ratelimit-limit': '100', 'x-sib-ratelimit-remaining': remaining });

	it('a refusal for the limit of one does not hold up the other', async () => {
		const { client, limiters } = clientWith(() => reply(429, {}, { 'x-sib-ratelimit-reset': '3600' }));
		expect(await client.getProcess(7)).toMatchObject({ kind: 'retry', code: 'RATE_LIMITED', afterMs: 3_600_000 });
		expect([limiters.others.waitMs(), limiters.contacts.waitMs()]).toEqual([3_600_000, 0]);
		expect(await client.getAccount()).toEqual({
			kind: 'retry',
			code: 'RATE_LIMITED',
			reason: 'The call limit of the Brevo account is used up',
			afterMs: 3_600_000,
		});
		expect(client.calls).toBe(1);
	});

	it('notes the calls left of each, and keeps them while answers name none', async () => {
		const headers = [left('9'), left('42'), {}];
		const { client } = clientWith(({ path }) =>
			reply(200, path === '/processes/7' ? { id: 7, status: 'completed' } : { attributes: [] }, headers.shift()),
		);
		await client.getProcess(7);
		await client.listAttributes();
		await client.getProcess(7);
		expect(client.callsLeft).toEqual({
			others: { limit: 100, remaining: 9 },
			contacts: { limit: 100, remaining: 42 },
		});
	});

	it('says where a good answer is of an unknown form', async () => {
		const { client } = clientWith(() => reply(200, { attributes: 7 }));
		expect(await client.listAttributes()).toEqual({
			kind: 'stop',
			code: 'UNEXPECTED_ANSWER',
			reason: 'Brevo answered 200 in an unknown form at attributes',
		});
	});
});
