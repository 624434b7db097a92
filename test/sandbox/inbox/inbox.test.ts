import { createTransport, type SendMailOptions } from 'nodemailer';
import { type RunningInbox, startInbox } from '../../../sandbox/inbox';

/** How an SMTP client reports a refusal. */
interface Refused {
	readonly code?: string;
	readonly command?: string;
	readonly responseCode?: number;
}

const MAIL = { from: 'Contact Sync <sync@example.com>', to: 'ops@example.com', subject: 'Hello', text: 'How are you?' };

/** The inbox against nodemailer, the client that n8n's Send Email node uses. */
describe('the inbox', () => {
	let inbox: RunningInbox;
	beforeAll(async () => {
		inbox = await startInbox();
	});
	beforeEach(() => inbox.reset());
	afterAll(() => inbox.close());

	const send = async (mail: SendMailOptions, auth: { user?: string; pass?: string } | null = {}) => {
		const { host, port, settings } = inbox;
		const { user, password } = settings;
		const transport = createTransport({
			...{ host, port, secure: false, connectionTimeout: 5_000 },
			...(auth && { auth: { user, pass: password, ...auth } }),
		});
		try {
			return await transport.sendMail(mail);
		} finally {
			transport.close();
		}
	};
	const refused = async (mail: SendMailOptions, auth?: { user?: string; pass?: string } | null): Promise<Refused> =>
		await send(mail, auth).then(
			() => Promise.reject(new Error('was accepted')),
			({ code, command, responseCode }: Refused) => ({ code, command, responseCode }),
		);
	const log = () => inbox.requests.entries.map(({ method, route, status }) => `${method} ${route} ${status}`);

	it('keeps a message as it was sent, letters of any script and blind copies too', async () => {
		inbox.clock.freeze();
		inbox.clock.set(Date.UTC(2026, 0, 31));
		const html = `<p>${'Grüße, 世界 '.repeat(200)}</p>\n`;
		await send({ ...MAIL, cc: 'team@example.com', bcc: 'boss@example.com', subject: '80 % erreicht — 達成', html });
		expect(inbox.messages()).toEqual([
			{
				id: expect.any(Number) as number,
				at: Date.UTC(2026, 0, 31),
				from: '"Contact Sync" <sync@example.com>',
				to: ['ops@example.com', 'team@example.com', 'boss@example.com'],
				subject: '80 % erreicht — 達成',
				text: 'How are you?',
				html,
			},
		]);
		expect(log()).toEqual(['CONNECT / 220', 'AUTH / 235', 'MAIL /:id 250', ...Array<string>(3).fill('RCPT /:id 250'), 'DATA / 250']); // prettier-ignore
		inbox.clear();
		expect(inbox.messages()).toEqual([]);
	});

	it('lets in nobody without the password of the account', async () => {
		const wrong = { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 };
		expect(await refused(MAIL, { pass: 'guessed' })).toEqual(wrong);
		expect(await refused(MAIL, { user: 'somebody@example.com' })).toEqual(wrong);
		expect(await refused(MAIL, null)).toMatchObject({ command: 'MAIL FROM', responseCode: 530 });
		inbox.settings.password = 'changed';
		expect(await send(MAIL)).toMatchObject({ accepted: ['ops@example.com'] });
		inbox.reset();
		expect(await refused(MAIL, { pass: 'changed' })).toEqual(wrong);
	});

	it.each<[string, SendMailOptions, number]>([
		['a sender that is no mailbox', { ...MAIL, from: 'nobody@localhost' }, 553],
		['a recipient that is no mailbox', { ...MAIL, to: 'ops@example' }, 553],
		['a recipient with a space', { ...MAIL, to: '"a b"@example.com' }, 501],
		['more recipients than it takes', { ...MAIL, to: ['a@example.com', 'b@example.com', 'c@example.com'] }, 452],
		['a message that says it is too large', { ...MAIL, text: 'x'.repeat(2_000) }, 552],
		['a message without From', { envelope: { from: 'a@example.com', to: 'b@example.com' }, raw: 'Subject: Hi\r\n\r\nText' }, 550], // prettier-ignore
	])('refuses %s', async (_what, mail, responseCode) => {
		Object.assign(inbox.settings, { maxRecipients: 2, maxBytes: 2_000 });
		const outcome = await send(mail).then(
			(info) => (info as { rejectedErrors?: Refused[] }).rejectedErrors?.map((error) => error.responseCode),
			(error: Refused) => [error.responseCode],
		);
		expect(outcome).toEqual([responseCode]);
	});

	it('takes the message for those whom it takes, and refuses what turns out too large at its end', async () => {
		inbox.faults.next('RCPT /gone@example.com', { status: 550 });
		const info = await send({ ...MAIL, to: ['ops@example.com', 'gone@example.com'] });
		expect(info).toMatchObject({ accepted: ['ops@example.com'], rejected: ['gone@example.com'] });
		expect(inbox.messages().map(({ to }) => to)).toEqual([['ops@example.com']]);

		inbox.settings.maxBytes = 500;
		const raw = `From: a@example.com\r\n\r\n${'x'.repeat(80)}\r\n`.padEnd(600, 'y\r\n');
		const envelope = { from: 'a@example.com', to: 'b@example.com', size: 100 };
		expect(await refused({ envelope, raw })).toMatchObject({ command: 'DATA', responseCode: 552 });
	});

	it('lets go wrong what it is told to, as often as it is told to', async () => {
		inbox.faults.next('AUTH *', { status: 454 });
		inbox.faults.next('DATA *', { status: 451, times: 2 });
		inbox.faults.next('MAIL *', { kind: 'reset' });
		inbox.faults.next('CONNECT *', { status: 421 });
		expect(await refused(MAIL)).toMatchObject({ command: 'CONN', responseCode: 421 });
		expect(await refused(MAIL)).toMatchObject({ command: 'AUTH PLAIN', responseCode: 454 });
		expect((await refused(MAIL)).responseCode).toBeUndefined();
		expect(await refused(MAIL)).toMatchObject({ command: 'DATA', responseCode: 451 });
		expect(await refused(MAIL)).toMatchObject({ command: 'DATA', responseCode: 451 });
		expect(inbox.messages()).toEqual([]);
		inbox.faults.next('DATA *', { kind: 'afterWork' });
		expect((await refused(MAIL)).responseCode).toBeUndefined();
		expect(inbox.messages()).toHaveLength(1);
		expect(log().at(-1)).toBe('DATA / 0');
		await send(MAIL);
		expect(inbox.messages()).toHaveLength(2);
	});

	it('goes off the network and comes back with its messages, and leaves no port behind', async () => {
		await send(MAIL);
		await inbox.down();
		expect(await refused(MAIL)).toMatchObject({ code: 'ESOCKET', command: 'CONN' });
		await inbox.up();
		await send(MAIL);
		expect(inbox.messages()).toHaveLength(2);
		await expect(startInbox({ port: inbox.port })).rejects.toThrow(/EADDRINUSE/);
	});

	it('has the control API of all stand-ins', async () => {
		await send(MAIL);
		const control = async (path: string, body?: object) => {
			const headers = { 'content-type': 'application/json' };
			const reply = await fetch(
				`${inbox.origin}/_sandbox${path}`,
				body && { method: 'POST', headers, body: JSON.stringify(body) },
			);
			return (await reply.json()) as Record<string, unknown>;
		};
		expect(await control('/messages')).toEqual({ messages: [expect.objectContaining({ subject: 'Hello' })] });
		expect(await control('/requests')).toMatchObject({ total: 5, counts: { 'DATA /': 1 } });
		await control('/settings', { maxRecipients: 7 });
		expect(inbox.settings.maxRecipients).toBe(7);
		await control('/faults', { match: 'DATA *', status: 550, body: 'No more mail today' });
		await expect(send(MAIL)).rejects.toThrow('No more mail today');
		await control('/do', { op: 'clear' });
		expect(inbox.messages()).toEqual([]);
	});
});
