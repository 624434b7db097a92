import { setTimeout as pause } from 'node:timers/promises';
import { DemoError } from '../demoError';
import { scaled } from '../process/slowness';

/** A file as a person drops it into a form. */
export interface DroppedFile {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** What goes into the fields of a page, in their order. Several files go into one field. */
export type FormFields = ReadonlyArray<string | readonly DroppedFile[] | undefined>;

const ENDED: ReadonlySet<string> = new Set(['success', 'error', 'crashed', 'canceled']);
const LONGEST_MS = 120_000;
const BETWEEN_LOOKS_MS = 200;

/** Goes through the pages of an n8n form as a browser does: posts the fields, then asks whether the next page is there. */
export class FormVisitor {
	/** Where the run goes on; undefined before the first page was sent. */
	private waitingUrl: string | undefined;

	constructor(private readonly address: string) {}

	/** Id of the execution that the first page started. */
	get executionId(): string {
		return /form-waiting\/(\d+)/.exec(this.waitingUrl ?? '')?.[1] ?? '';
	}

	/** Sends a page and waits for the next one. Its HTML, or the status of the run that ended without one. */
	async submit(fields: FormFields): Promise<string> {
		await this.send(fields);
		return await this.nextPage();
	}

	/** Sends a page and waits for nothing. */
	async send(fields: FormFields): Promise<void> {
		const body = new FormData();
		for (const [index, value] of fields.entries()) {
			if (value === undefined) continue;
			if (typeof value === 'string') body.append(`field-${index}`, value);
			else for (const { name, bytes } of value) body.append(`field-${index}`, new File([Buffer.from(bytes)], name));
		}
		const answer = await fetch(this.waitingUrl ?? this.address, { method: 'POST', body });
		const text = await answer.text();
		if (!answer.ok) throw new DemoError(`The form answered ${answer.status}`, text.slice(0, 500));
		const { formWaitingUrl } = JSON.parse(text === '' ? '{}' : text) as { formWaitingUrl?: string };
		this.waitingUrl ??= formWaitingUrl;
	}

	/** The page the run waits at, or its last one; the word for its end where it has none. */
	async nextPage(): Promise<string> {
		const url = this.waitingUrl;
		if (url === undefined) throw new DemoError('The form has no further page');
		const deadline = Date.now() + scaled(LONGEST_MS);
		for (;;) {
			const status = await this.status(url);
			if (status === 'form-waiting' || ENDED.has(status)) return await this.page(url, status);
			if (Date.now() > deadline) throw new DemoError(`The form is still '${status}'`);
			await pause(BETWEEN_LOOKS_MS);
		}
	}

	private async status(url: string): Promise<string> {
		const status = new URL(url);
		status.pathname += '/n8n-execution-status';
		return (await (await fetch(status)).text()).trim();
	}

	private async page(url: string, status: string): Promise<string> {
		if (status !== 'form-waiting') return status;
		const html = await (await fetch(url)).text();
		// The last page lets the run go on by itself.
		if (html.includes('checkExecutionStatus') && !html.includes("id='n8n-form'")) await fetch(url, { method: 'POST' });
		return html;
	}
}
