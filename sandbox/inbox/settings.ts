/** How strict the stand-in is. Changeable at run time; the defaults are those of common mail providers. */
export interface InboxSettings {
	user: string;
	password: string;
	/** Largest message, told to clients as `SIZE` (RFC 1870). */
	maxBytes: number;
	/** Per message; RFC 5321 asks for at least 100. */
	maxRecipients: number;
}

export const defaultInboxSettings: InboxSettings = {
	user: 'inbox@sandbox.example',
	password: 'sandbox-inbox-0001',
	maxBytes: 10 * 1024 * 1024,
	maxRecipients: 100,
};
