import { SandboxClock, startServer, type ServerContext } from '../engine';
import { type InboxMessage, InboxMessages } from './messages';
import { type InboxSettings, defaultInboxSettings } from './settings';
import { listenForMail } from './smtp';

export type { InboxMessage } from './messages';
export type { InboxSettings } from './settings';

export interface InboxOptions {
	/** Of SMTP. Default: any free port. */
	readonly port?: number;
	/** Of the control API. Default: any free port. */
	readonly controlPort?: number;
	readonly clock?: SandboxClock;
	readonly settings?: Partial<InboxSettings>;
}

/** A mail server of one account that keeps what is sent through it. Nothing leaves this computer. */
export interface RunningInbox extends ServerContext {
	readonly host: string;
	readonly port: number;
	/** Changeable at any time, like `POST /_sandbox/settings`. */
	readonly settings: InboxSettings;
	/** Of the control API. */
	readonly origin: string;
	/** The oldest first. */
	messages(): readonly InboxMessage[];
	message(id: number): InboxMessage | undefined;
	clear(): void;
	/** No message, the settings of the start; faults, log and clock cleared. */
	reset(): void;
	/** SMTP goes off the network: connections are cut and new ones refused until `up`. The control API stays. */
	down(): Promise<void>;
	/** Is back at the same port. */
	up(): Promise<void>;
	close(): Promise<void>;
}

/** Starts SMTP and the control API of the inbox on loopback. Rejects, and leaves nothing behind, when a port is taken. */
export async function startInbox(options: InboxOptions = {}): Promise<RunningInbox> {
	const clock = options.clock ?? new SandboxClock();
	const initial: InboxSettings = { ...defaultInboxSettings, ...options.settings };
	const settings = { ...initial };
	const messages = new InboxMessages(() => clock.now());
	const control = await startServer({
		name: 'inbox',
		port: options.controlPort,
		clock,
		settings,
		operations: { clear: () => messages.clear() },
		mount: () => undefined,
		control: (router) => {
			router.get('/messages', (_request, response) => void response.json({ messages: messages.all() }));
		},
		reset: () => {
			messages.clear();
			Object.assign(settings, initial);
		},
	});
	const { requests, faults, origin } = control;
	try {
		const smtp = await listenForMail({
			context: { clock, requests, faults },
			settings,
			messages,
			port: options.port ?? 0,
		});
		return {
			...{ clock, requests, faults, settings, origin },
			host: smtp.host,
			port: smtp.port,
			messages: () => messages.all(),
			message: (id) => messages.byId(id),
			clear: () => messages.clear(),
			reset: () => control.reset(),
			down: async () => await smtp.down(),
			up: async () => await smtp.up(),
			close: async () => {
				await Promise.all([smtp.down(), control.close()]);
			},
		};
	} catch (error) {
		await control.close();
		throw error;
	}
}
