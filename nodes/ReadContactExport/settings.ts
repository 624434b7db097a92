import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { ReadSettings } from '../../clients/exports/contacts/settings';
import { amount } from '../../core/quota/messages/usageText';
import { isExpression } from '../shared/n8n/parameters';

/** The settings of the node; none of its parameters depends on the item. Text: which of them gives what it cannot be. */
export function readSettings(context: IExecuteFunctions): ReadSettings | string {
	const options = new Options(context);
	const settings: ReadSettings = {
		oneColumn: options.oneOf('oneColumn', 'Files with One Column', 'auto', 'suppress', 'contacts'),
		suppressionFiles: options.names('suppressionFiles', 'Suppression Files'),
		withoutStatus: options.oneOf('withoutStatus', 'Contacts Without a Status', 'noConsent', 'subscribed'),
		subscribedWords: options.names('subscribedWords', 'Words for Subscribed'),
		leastGrade: options.oneOf('leastGrade', 'Evidence of Consent', 'none', 'imported', 'single', 'confirmed'),
		bounces: options.oneOf('bounces', 'Bounced Addresses', 'block', 'leaveOut'),
		permissionColumn: options.text('permissionColumn', 'Required Permission'),
		columns: options.names('columns', 'Columns'),
		listColumns: options.names('listColumns', 'Columns with Several Values'),
		account: options.text('account', 'Account Name'),
		now: Date.now(),
		pause: progressOf(context),
	};
	return options.fault ?? settings;
}

/** Reads options. One whose expression gives nothing, or what it cannot be, is named: else a permission would not be asked for, or a file not be suppressed. */
class Options {
	fault: string | undefined;

	constructor(private readonly context: IExecuteFunctions) {}

	names(name: string, label: string): string[] {
		const value = this.valueOf(name, label);
		const names = namesIn(value);
		if (names === undefined) this.fail(label, 'must give names between commas');
		return names ?? [];
	}

	text(name: string, label: string): string {
		const value = this.valueOf(name, label);
		if (typeof value === 'string' || typeof value === 'number') return String(value).trim();
		this.fail(label, 'must give a text');
		return '';
	}

	oneOf<T extends string>(name: string, label: string, ...values: [T, ...T[]]): T {
		const value = this.valueOf(name, label);
		const found = values.find((one) => one === value);
		if (found === undefined && value !== '') this.fail(label, `must give one of ${values.join(', ')}`);
		return found ?? values[0];
	}

	private valueOf(name: string, label: string): unknown {
		const value = this.context.getNodeParameter(`options.${name}`, 0, '') ?? '';
		const isEmpty = value === '' || (typeof value === 'string' && value.trim() === '');
		if (isEmpty && isExpression(this.context.getNode(), `options.${name}`)) this.fail(label, 'gives nothing');
		return value;
	}

	private fail(label: string, what: string): void {
		this.fault ??= `'${label}' ${what}`;
	}
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

/** Names between commas, or a list of them; undefined where it is neither. */
export function namesIn(value: unknown): string[] | undefined {
	const values: readonly unknown[] = Array.isArray(value) ? value : [value];
	if (!values.every((one) => typeof one === 'string' || typeof one === 'number')) return undefined;
	return values
		.flatMap((one) => String(one).split(','))
		.map((name) => name.trim())
		.filter((name) => name !== '');
}
