import type { INodeProperties } from 'n8n-workflow';

/** What the window of a credential says at its top: where the key is made, in the words of the vendor's menus, and with which scopes. HTML. */
export const whereFrom = (text: string): INodeProperties => ({
	displayName: text,
	name: 'whereFrom',
	type: 'notice',
	default: '',
});

/** Where the API answers; checked by `checkBaseUrl` before anything is sent. `use` says in a sentence what to put there. */
export const baseUrlField = (
	defaultUrl: string,
	use = 'Change it only for a proxy or a test server',
): INodeProperties => ({
	displayName: 'Base URL',
	name: 'baseUrl',
	type: 'string',
	default: defaultUrl,
	description: `${use}. Must begin with https://, except on this machine.`,
});

/** n8n calls preAuthentication only for credentials with such a field and, as it is never empty, only after a 401. */
export const checkedField: INodeProperties = {
	displayName: 'Checked',
	name: 'checked',
	type: 'hidden',
	typeOptions: { expirable: true },
	default: 'when tested',
};
