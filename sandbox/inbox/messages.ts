import { SmtpRefusal } from './smtpRefusal';

/** A message as it was delivered. */
export interface InboxMessage {
	/** Counts up from 1. */
	readonly id: number;
	/** ms since 1970, by the clock of the sandbox. */
	readonly at: number;
	/** As its header says, such as `Contact Sync <sync@example.com>`. */
	readonly from: string;
	/** The addresses it was delivered to, those of blind copies too. */
	readonly to: readonly string[];
	readonly subject: string;
	/** Empty where the message has no such part. */
	readonly text: string;
	readonly html: string;
	/** Files of the message; absent where it has none. */
	readonly attachments?: ReadonlyArray<{ readonly name: string; readonly text: string }>;
}

/** Older messages are dropped. */
const KEPT = 500;

/** The messages of the inbox, the oldest first. */
export class InboxMessages {
	private kept: InboxMessage[] = [];
	private count = 0;

	constructor(private readonly now: () => number) {}

	all(): readonly InboxMessage[] {
		return this.kept;
	}

	byId(id: number): InboxMessage | undefined {
		return this.kept.find((message) => message.id === id);
	}

	clear(): void {
		this.kept = [];
	}

	/** Takes a message in, as it came over the wire. Throws a refusal for one without a sender. */
	async add(raw: Buffer, to: readonly string[]): Promise<InboxMessage> {
		// Most sandboxes get no mail, and the parser takes its time to load.
		const { simpleParser } = await import('mailparser');
		const { from, subject, text, html, attachments } = await simpleParser(raw, {
			skipHtmlToText: true,
			skipTextToHtml: true,
		});
		if (from?.value.length !== 1) throw new SmtpRefusal(550, 'A message needs a From header with one address');
		this.count += 1;
		const files = attachments.map(({ filename = '', content }) => ({ name: filename, text: content.toString('utf8') }));
		const message = {
			...{ id: this.count, at: this.now(), from: from.text, to },
			...{ subject: subject ?? '', text: text ?? '', html: html || '' },
			...(files.length > 0 ? { attachments: files } : {}),
		};
		this.kept = [...this.kept, message].slice(-KEPT);
		return message;
	}
}
