import type { MappingTarget } from '../../../core/mapping/checkMapping';
import { checkMapping } from '../../../core/mapping/checkMapping';
import type { NodeMapping } from '../../../core/mapping/mapping';
import type { Result } from '../../../core/result';
import type { SetUpFinding } from '../../../core/setUpFinding';
import { passed, problem, warned } from '../../../core/setUpFinding';
import type { CallsLeft } from '../api/brevoCalls';
import type { BrevoClient } from '../api/brevoClient';
import { checkBrevoList } from './checkList';
import type { ListChoice } from './openDestination';
import { toDestinationFields } from './toDestinationFields';
import type { BrevoAccount, BrevoAttribute } from '../api/types';

export interface BrevoSetUp {
	/** The list as picked, or what is wrong with the setting. */
	readonly list: Result<ListChoice>;
	readonly mappings: readonly NodeMapping[];
}

/** Calls outside /contacts an import needs at most while it is waited for, with some left to other tools. */
const FEW_OTHER_CALLS = 20;
/** The hourly bucket of /contacts holds 36,000 calls or more; the header shows it when it is the tightest one. */
const HOURLY_BUCKET = 1_000;

/**
 * Looks at everything a sync into Brevo needs, without writing: at most 7 calls and one page of lists for 50 of them.
 * A key that does not work ends the check, because nothing else could be told.
 */
export async function checkBrevoSetUp(
	client: BrevoClient,
	{ list, mappings }: BrevoSetUp,
	now: number,
): Promise<readonly SetUpFinding[]> {
	const attributes = await client.listAttributes();
	if (attributes.kind !== 'ok') return [problem('Brevo API Key', attributes)];
	const account = await client.getAccount();
	const lists = list.kind === 'ok' ? await checkBrevoList(client, list.value) : [problem('List', list)];
	const contacts = await client.getContacts({ limit: 1, offset: 0 });
	return [
		passed('Brevo API Key', 'Brevo accepts the key and the IP address of this n8n'),
		...checkAccount(account, now),
		...lists,
		...mappings.flatMap((mapping) => checkMapping(mapping, mappingTarget(attributes.value))),
		contacts.kind === 'ok'
			? passed('Contacts', 'Contacts can be read')
			: problem('Contacts', contacts, 'Let the key read contacts, then check again.'),
		...checkCallsLeft(client.callsLeft),
	];
}

function checkAccount(account: Result<BrevoAccount>, now: number): SetUpFinding[] {
	const check = 'Brevo Account';
	if (account.kind === 'retry')
		return [warned(check, account.reason, 'Check again in an hour: only 100 such calls are allowed.', account.code)];
	if (account.kind !== 'ok') return [problem(check, account)];
	const plans = account.value.plan.filter(({ type }) => type !== 'sms');
	const names = plans.map(({ type, credits }) =>
		credits === undefined ? type : `${type} (${Math.floor(credits).toLocaleString('en-US')} e-mail credits left)`,
	);
	const message = names.length > 0 ? `Plan: ${names.join(', ')}` : 'The account can be read';
	const ended = plans.filter(({ endDate }) => endDate !== undefined && Date.parse(endDate) + DAY_MS <= now);
	if (plans.length > 0 && ended.length === plans.length)
		return [warned(check, `${message}; it has ended`, 'Renew the plan in Brevo; contacts are synced all the same.')];
	if (plans.length > 0 && plans.every(({ credits }) => credits !== undefined && credits <= 0))
		return [warned(check, message, 'Contacts are synced, but Brevo cannot mail them until there are credits again.')];
	return [passed(check, message)];
}

const DAY_MS = 86_400_000;

/** What Brevo says of an attribute that cannot be written. */
const mappingTarget = (attributes: readonly BrevoAttribute[]): MappingTarget => ({
	system: 'Brevo',
	noun: 'attribute',
	creates: true,
	fields: toDestinationFields(attributes),
	notWritable: (attribute, node) => {
		const found = attributes.find(({ name }) => name === attribute);
		return found
			? {
					reason: `The Brevo attribute '${attribute}' cannot be written (${found.category}${found.type ? `, ${found.type}` : ''})`,
					fix: `Remove the row '${attribute}' from '${node}' or map another attribute.`,
				}
			: {
					reason: `Brevo has no contact attribute '${attribute}'`,
					fix: `Create the attribute '${attribute}' in Brevo (Contacts, Settings, Contact attributes), or remove its row from '${node}'.`,
				};
	},
});

function checkCallsLeft({ contacts, others }: BrevoClient['callsLeft']): SetUpFinding[] {
	const check = 'Brevo Calls Left';
	if (!contacts && !others) return [];
	const parts = [...said('contacts', contacts), ...said('everything else, such as imports', others)];
	const short =
		(others !== undefined && others.remaining < FEW_OTHER_CALLS) ||
		(contacts !== undefined && contacts.limit > HOURLY_BUCKET && contacts.remaining < HOURLY_BUCKET);
	const message = parts.join('; ');
	return [
		short
			? warned(check, message, 'Let other tools of this account call Brevo less, or sync later.', 'RATE_LIMITED')
			: passed(check, message),
	];
}

const said = (what: string, left: CallsLeft | undefined): string[] =>
	left === undefined
		? []
		: [
				`${left.remaining.toLocaleString('en-US')} of ${left.limit.toLocaleString('en-US')} for ${what}` +
					(left.resetS === undefined ? '' : `, renewed within ${left.resetS} s`),
			];
