import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { ReadSettings } from '../../clients/exports/contacts/settings';

/** The settings of the node; none of its parameters depends on the item. */
export function readSettings(context: IExecuteFunctions): ReadSettings {
	const option = (name: string): string => context.getNodeParameter(`options.${name}`, 0, '') as string;
	const text = (name: string): string => option(name).trim();
	const oneOf = <T extends string>(name: string, ...values: [T, ...T[]]): T =>
		values.find((value) => value === option(name)) ?? values[0];
	return {
		oneColumn: oneOf('oneColumn', 'auto', 'suppress', 'contacts'),
		suppressionFiles: namesIn(text('suppressionFiles')),
		withoutStatus: oneOf('withoutStatus', 'noConsent', 'subscribed'),
		subscribedWords: namesIn(text('subscribedWords')),
		leastGrade: oneOf('leastGrade', 'none', 'imported', 'single', 'confirmed'),
		bounces: oneOf('bounces', 'block', 'leaveOut'),
		permissionColumn: text('permissionColumn'),
		columns: namesIn(text('columns')),
		listColumns: namesIn(text('listColumns')),
		account: text('account'),
		now: Date.now(),
		pause: async () => await sleep(0),
	};
}

/** Names between commas. */
export const namesIn = (text: string): string[] =>
	text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
