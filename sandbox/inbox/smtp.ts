import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { ServerContext } from '../engine';
import type { InboxMessages } from './messages';
import type { InboxSettings } from './settings';
import { SmtpRefusal } from './smtpRefusal';
import { CUT_OFF, type SmtpStep, SmtpSteps } from './smtpSteps';

export interface MailListener {
	readonly host: string;
	readonly port: number;
	down(): Promise<void>;
	up(): Promise<void>;
}

interface Desk {
	readonly context: ServerContext;
	readonly settings: InboxSettings;
	readonly messages: InboxMessages;
	/** 0: any free one. */
	readonly port: number;
}

const HOST = '127.0.0.1';
/** A mailbox of ASCII letters at a domain with a dot, as the address has to be for most servers. */
const MAILBOX = /^[\x21-\x3f\x41-\x7e]{1,64}@[a-z\d-]+(\.[a-z\d-]+)+$/i;

/** Listens for SMTP on loopback, without TLS. Rejects when the port is taken. */
export async function listenForMail(desk: Desk): Promise<MailListener> {
	let listening = await listen(desk, desk.port);
	const { port } = listening;
	return {
		host: HOST,
		port,
		down: async () => await listening.end(),
		up: async () => {
			if (!listening.isOpen()) listening = await listen(desk, port);
		},
	};
}

async function listen(desk: Desk, wanted: number) {
	const sockets = new Map<number, Socket>();
	const server = smtpServer(desk, (port) => sockets.get(port)?.destroy());
	server.server.on('connection', (socket: Socket) => {
		const { remotePort = 0 } = socket;
		sockets.set(remotePort, socket);
		socket.once('close', () => sockets.delete(remotePort));
	});
	const listening = once(server.server, 'listening');
	// A client that goes away in the middle of a session is no trouble of ours; a port that is taken rejects `listening`.
	server.on('error', () => undefined);
	server.listen(wanted, HOST);
	await listening;
	return {
		port: (server.server.address() as AddressInfo).port,
		isOpen: () => server.server.listening,
		end: async () => {
			if (!server.server.listening) return;
			const closed = once(server.server, 'close');
			server.close();
			for (const socket of sockets.values()) socket.destroy();
			await closed;
		},
	};
}

/** One session after the other of the one account. `cut` ends the connection that comes from a port. */
function smtpServer({ context, settings, messages }: Desk, cut: (remotePort: number) => void): SMTPServer {
	const steps = new SmtpSteps(context);
	/** Hands what a step came to on to the library. */
	const step = <T>(
		name: SmtpStep,
		address: string,
		{ remotePort }: { remotePort: number },
		callback: (error: Error | null, result?: T) => void,
		work: () => Promise<T> | T,
	): void => {
		steps.run(name, address, work).then(
			(result) => (result === CUT_OFF ? cut(remotePort) : callback(null, result)),
			(error: Error) => callback(error),
		);
	};
	const server: SMTPServer = new SMTPServer({
		name: 'inbox.sandbox.example',
		authMethods: ['PLAIN', 'LOGIN'],
		allowInsecureAuth: true,
		disabledCommands: ['STARTTLS'],
		disableReverseLookup: true,
		size: settings.maxBytes,
		onConnect: (session, callback) => {
			server.options.size = settings.maxBytes;
			step('CONNECT', '', session, callback, () => undefined);
		},
		onAuth: ({ username, password }, session, callback) => {
			step('AUTH', '', session, callback, () => {
				if (username !== settings.user || password !== settings.password)
					throw new SmtpRefusal(535, 'Authentication credentials invalid');
				return { user: username };
			});
		},
		onMailFrom: ({ address }, session, callback) => {
			step('MAIL', address, session, callback, () => checkMailbox(address));
		},
		onRcptTo: ({ address }, session, callback) => {
			step('RCPT', address, session, callback, () => {
				checkMailbox(address);
				if (session.envelope.rcptTo.length >= settings.maxRecipients) throw new SmtpRefusal(452, 'Too many recipients');
			});
		},
		onData: (stream, session, callback) => {
			const to = session.envelope.rcptTo.map(({ address }) => address);
			// A refusal is heard only after the whole message.
			const received = read(stream, settings.maxBytes);
			step('DATA', '', session, callback, async () => {
				const raw = await received;
				if (raw === undefined) throw new SmtpRefusal(552, 'The message is too large');
				return `Kept as message ${(await messages.add(raw, to)).id}`;
			});
		},
	});
	return server;
}

function checkMailbox(address: string): void {
	if (!MAILBOX.test(address)) throw new SmtpRefusal(553, 'Not a valid mailbox');
}

/** The message, once its end was heard. Undefined: it is larger than `maxBytes`. */
async function read(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes <= maxBytes) chunks.push(chunk);
	}
	return bytes > maxBytes ? undefined : Buffer.concat(chunks);
}
