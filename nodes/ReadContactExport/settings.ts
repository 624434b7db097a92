import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { ReadSettings } from '../../clients/exports/contacts/settings';
import { amount } from '../../core/quota/messages/usageText';

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
		pause: progressOf(context),
	};
}

/** Rows between two lines about how far the reading is. */
const ROWS_BETWEEN_LINES = 50_000;

/** Lets n8n do other work, and says how far the reading is: in n8n's log, and in the console of the browser of a person who runs it by hand. */
function progressOf(context: IExecuteFunctions): ReadSettings['pause'] {
	let told = 0;
	return async ({ rows }) => {
		if (rows - told >= ROWS_BETWEEN_LINES) {
			told = rows;
			const line = `${context.getNode().name}: ${amount(rows)} rows read so far`;
			context.logger.info(line);
			if (context.getMode() === 'manual') context.sendMessageToUI(line);
		}
		await sleep(0);
	};
}

/** Names between commas. */
export const namesIn = (text: string): string[] =>
	text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
