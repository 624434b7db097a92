import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { BrevoClient } from '../../clients/brevo/brevoClient';
import { BREVO_BASE_URL, brevoLimiters } from '../../clients/brevo/limits';
import { openBrevoDestination } from '../../clients/brevo/openDestination';
import type { MappedContact } from '../../core/contact/contact';
import { readMappedContact } from '../../core/contact/readMappedContact';
import { exclusively } from '../../core/resilience/exclusively';
import type { Failure } from '../../core/result';
import { failed } from '../../core/upsert/contactResult';
import { describeTotals } from '../../core/upsert/totals';
import type { UpsertReport } from '../../core/upsert/upsertContacts';
import { upsertContacts } from '../../core/upsert/upsertContacts';
import { accountKey } from '../shared/account';
import { n8nClock } from '../shared/n8nClock';
import { n8nHttp } from '../shared/n8nHttp';
import { toNodeError } from '../shared/toNodeError';
import { contactListUpsertProperties } from './description';
import { searchBrevoFolders, searchBrevoLists } from './listSearch';
import type { NodeSettings } from './settings';
import { readSettings } from './settings';
import { toItems } from './toItems';

const CREDENTIAL = 'contactSyncBrevoApi';

export class ContactListUpsert implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Contact List Upsert',
		name: 'contactListUpsert',
		icon: { light: 'file:contactListUpsert.svg', dark: 'file:contactListUpsert.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ "To Brevo" + ($parameter["options"]["dryRun"] ? ", Dry Run" : "") }}',
		description: 'Bring contacts into a list and keep them up to date, with one outcome per contact',
		defaults: { name: 'Contact List Upsert' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Synced', 'Not Synced'],
		usableAsTool: undefined,
		credentials: [{ name: CREDENTIAL, required: true, displayOptions: { show: { destination: ['brevo'] } } }],
		properties: contactListUpsertProperties,
	};

	methods = { listSearch: { searchBrevoLists, searchBrevoFolders } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const settings = readSettings(this);
		const contacts = items.map(({ json }) => readMappedContact(json));
		const report =
			settings.kind === 'ok' ? await upsert(this, contacts, settings.value) : allFailed(contacts, settings);
		const totals = describeTotals(report.results);
		// Only what passes by itself may leave by the second output; a wrong setting or key is for somebody to see.
		const failRun = settings.kind !== 'ok' || settings.value.failRun || report.failure?.kind === 'stop';
		if (report.failure && failRun && !this.continueOnFail())
			throw toNodeError(this.getNode(), withTotals(report.failure, report, totals));
		this.addExecutionHints({ message: totals, type: report.failure ? 'warning' : 'info', location: 'outputPane' });
		return toItems(items, report.results);
	}
}

/** One batch at a time per account: what is read stays true until it is written. */
async function upsert(
	context: IExecuteFunctions,
	contacts: ReadonlyArray<MappedContact | undefined>,
	{ list, upsert: rules }: NodeSettings,
): Promise<UpsertReport> {
	const account = await accountKey(context, CREDENTIAL);
	const signal = context.getExecutionCancelSignal();
	const clock = n8nClock(signal);
	// The limiters are shared with other runs, so they sleep on whether or not this one is cancelled.
	const limiters = brevoLimiters(account, n8nClock());
	const client = new BrevoClient(
		n8nHttp(context, CREDENTIAL, BREVO_BASE_URL),
		clock,
		limiters,
		() => signal?.aborted === true,
	);
	return await exclusively(account, async () => {
		const attributeNames = [...new Set(contacts.flatMap((contact) => Object.keys(contact?.contact.attributes ?? {})))];
		const destination = await openBrevoDestination(client, account, clock, { list, attributeNames });
		if (destination.kind !== 'ok') return allFailed(contacts, destination);
		return await upsertContacts(contacts, destination.value, rules, clock);
	});
}

function allFailed(contacts: readonly unknown[], failure: Failure): UpsertReport {
	return { results: contacts.map(() => failed(failure)), failure };
}

/** When some contacts got through, the message says how many. */
function withTotals(failure: Failure, { results }: UpsertReport, totals: string): Failure {
	const noneGotThrough = results.every(({ outcome }) => outcome.code === failure.code);
	return noneGotThrough ? failure : { ...failure, reason: `${failure.reason} (${totals})` };
}
