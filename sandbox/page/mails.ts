import type { Request, Response } from 'express';
import type { InboxMessage, RunningInbox } from '../inbox';

/** A mail as the page lists it. */
export type MailHead = Omit<InboxMessage, 'text' | 'html'>;

const MAILS_SHOWN = 50;

/** The newest first. */
export const newestMails = (inbox: RunningInbox): MailHead[] =>
	inbox
		.messages()
		.slice(-MAILS_SHOWN)
		.reverse()
		.map(({ id, at, from, to, subject }) => ({ id, at, from, to, subject }));

/** Mails come from anywhere: their styles are shown, but nothing of them runs, loads or leads anywhere. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

/** A mail as a page of its own, for a frame: what it looks like, else its text. */
export const mailRoute =
	(inbox: RunningInbox) =>
	(request: Request, response: Response): void => {
		const message = inbox.message(Number(request.params['id']));
		response.set('Content-Security-Policy', MAIL_POLICY);
		if (!message) response.status(404).type('text').send('There is no such mail any more.');
		else if (message.html === '') response.type('text').send(message.text);
		else response.type('html').send(message.html);
	};
