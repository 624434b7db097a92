import type { DestinationField } from '../../../core/mapping/fields';
import { TYPE_NAMES, typeDistance } from '../../../core/mapping/fields';
import type { MappingRow, NodeMapping } from '../../../core/mapping/mapping';
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
		...mappings.flatMap((mapping) => checkMapping(mapping, attributes.value)),
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

function checkMapping({ node, rows }: NodeMapping, attributes: readonly BrevoAttribute[]): SetUpFinding[] {
	const check = `Mapping of '${node}'`;
	const offered = new Map(toDestinationFields(attributes).map((field) => [field.name, field]));
	if (rows.length === 0) {
		return [problem(check, { kind: 'stop', code: 'NOTHING_MAPPED', reason: `'${node}' maps no Brevo attribute` })];
	}
	const findings = rows.flatMap((row): SetUpFinding[] => {
		const field = offered.get(row.destination);
		return field ? checkField(check, node, field, row) : [notWritable(check, node, row.destination, attributes)];
	});
	if (!rows.some(({ destination }) => offered.get(destination)?.identifier)) {
		const reason = `Neither Email nor SMS is mapped in '${node}'`;
		findings.push(problem(check, { kind: 'stop', code: 'NO_IDENTIFIER_MAPPED', reason }));
	}
	if (findings.some(({ status }) => status === 'problem')) return findings;
	const many = `${rows.length} mapped ${rows.length === 1 ? 'attribute exists' : 'attributes exist'}`;
	return [...findings, passed(check, `${many} and can be written`)];
}

function checkField(
	check: string,
	node: string,
	{ name, label, type, options }: DestinationField,
	{ mappedAs }: MappingRow,
): SetUpFinding[] {
	if (mappedAs && mappedAs.destination !== type && typeDistance(mappedAs.source, type) === undefined) {
		const [before, now, source] = [mappedAs.destination, type, mappedAs.source].map((one) => TYPE_NAMES[one]);
		const reason = `The attribute '${label}' was ${before} when it was mapped and is now ${now}, which does not take ${source} fields`;
		const fix = `Open '${node}', look at the row '${label}' and pick a field that fits; then save the workflow.`;
		return [problem(check, { kind: 'stop', code: 'FIELD_RETYPED', reason }, fix)];
	}
	if (options?.length !== 0) return [];
	const message = `The attribute '${name}' has no options yet, so every value is left out`;
	return [warned(check, message, `Add the options to '${name}' in Brevo.`, 'OPTION_UNKNOWN')];
}

function notWritable(
	check: string,
	node: string,
	attribute: string,
	attributes: readonly BrevoAttribute[],
): SetUpFinding {
	const found = attributes.find(({ name }) => name === attribute);
	const reason = found
		? `The Brevo attribute '${attribute}' cannot be written (${found.category}${found.type ? `, ${found.type}` : ''})`
		: `Brevo has no contact attribute '${attribute}'`;
	const fix = found
		? `Remove the row '${attribute}' from '${node}' or map another attribute.`
		: `Create the attribute '${attribute}' in Brevo (Contacts, Settings, Contact attributes), or remove its row from '${node}'.`;
	return problem(check, { kind: 'stop', code: 'DESTINATION_FIELD_MISSING', reason }, fix);
}

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
