import { DemoError } from '../demoError';
import { waitForFirstSync } from '../firstSync';
import { NODE_TYPES, readTemplate, syncTemplate, type Template } from '../n8n/importTemplate';
import type { StoredWorkflow } from '../n8n/n8nApi';
import { pollsEvery } from '../n8n/quickPolls';
import { sourceTruth } from '../truth/sandboxTruth';
import type { FlowReport, FlowSurroundings } from './chapterLog';
import { ChapterLog, until } from './chapterLog';
import type { LinkedContact } from './linkedContacts';
import { linkedContacts } from './linkedContacts';
import { operate } from './sandboxOperations';

const SYNC = 'Newsletter';
const POLLS = { pollTimes: pollsEvery(3), options: { lookbackMinutes: 0.5 } };
const PARAMETERS = {
	[NODE_TYPES.trigger]: { pollTimes: POLLS.pollTimes },
	[NODE_TYPES.salesforceTrigger]: POLLS,
	[NODE_TYPES.brevoTrigger]: POLLS,
};
/** What comes back, and the rows of the mapping where contacts are edited. */
const BACK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'brevo-unsubscribes-to-hubspot': {},
	'brevo-unsubscribes-to-salesforce': {},
	'brevo-edits-to-hubspot': { email: 'EMAIL', firstname: 'FIRSTNAME', lastname: 'LASTNAME', jobtitle: 'JOB_TITLE' },
	'brevo-edits-to-salesforce': { Email: 'EMAIL', FirstName: 'FIRSTNAME', LastName: 'LASTNAME' },
};
/** Polls of each trigger of Brevo after which something would have come back. */
const POLLS_TO_WAIT = 4;

/**
 * HubSpot and Salesforce into Brevo, and what happens there back to both: imports and publishes the six workflows, lets contacts
 * unsubscribe and be edited in Brevo, and ends with the mail about the health of a sync.
 */
export async function playBack({ stage, progress, signal }: FlowSurroundings): Promise<FlowReport> {
	const { sandbox, api } = stage;
	progress.step('Workflows: HubSpot and Salesforce into Brevo');
	const nameless = sandbox.hubspot.store.addContact({ firstname: 'Without', lastname: 'Address' }, [sandbox.list.id]);
	const workflows: StoredWorkflow[] = [];
	for (const source of ['hubspot', 'Contact'] as const) {
		const template = source === 'hubspot' ? readTemplate('hubspot-list-to-brevo-with-health') : syncTemplate(source);
		const workflow = await publish(template, {}, { [NODE_TYPES.syncHealth]: { sync: SYNC } });
		const members = sourceTruth(sandbox, workflow).size();
		await waitForFirstSync({ api, workflow, members, progress, signal });
	}
	progress.step('Workflows: what happens in Brevo, back');
	for (const [name, mapping] of Object.entries(BACK)) await publish(readTemplate(name), mapping);
	await polled();

	progress.step('What happens in Brevo');
	const log = new ChapterLog(progress);
	const inBrevo = async (op: string, args: Readonly<Record<string, unknown>>) =>
		await operate(sandbox.brevo.origin, op, args);
	const hubSpotContact = ({ record }: LinkedContact) => sandbox.hubspot.store.contact(record).properties;
	const salesforceRecord = ({ record }: LinkedContact) => sandbox.salesforce.store.must('Contact', record);
	const [ada, bea] = linkedContacts(sandbox, 'hubspot') as [LinkedContact, LinkedContact];
	const [cleo, dora] = linkedContacts(sandbox, 'salesforce') as [LinkedContact, LinkedContact];

	await log.tell('a contact that unsubscribes is opted out in HubSpot', async () => {
		await inBrevo('unsubscribe', { id: ada.id });
		return await until(() => hubSpotContact(ada).hs_email_optout === 'true', signal);
	});
	await log.tell('another one is opted out in Salesforce', async () => {
		await inBrevo('unsubscribe', { id: cleo.id });
		return await until(() => salesforceRecord(cleo)['HasOptedOutOfEmail'] === true, signal);
	});
	await log.tell('unblocking the first one in Brevo unblocks it nowhere else', async () => {
		await inBrevo('resubscribe', { id: ada.id });
		await polled();
		return hubSpotContact(ada).hs_email_optout === 'true';
	});
	await log.tell('a job title that is edited arrives in HubSpot', async () => {
		await inBrevo('editContact', { id: bea.id, attributes: { JOB_TITLE: 'Edited in Brevo' } });
		return await until(() => hubSpotContact(bea).jobtitle === 'Edited in Brevo', signal);
	});
	await log.tell(
		'a first name arrives in Salesforce, and a last name that was emptied with it is kept there',
		async () => {
			const { LastName } = salesforceRecord(dora);
			await inBrevo('editContact', { id: dora.id, attributes: { FIRSTNAME: 'Edited', LASTNAME: null } });
			const arrived = await until(() => salesforceRecord(dora)['FirstName'] === 'Edited', signal);
			return arrived && salesforceRecord(dora)['LastName'] === LastName;
		},
	);
	await log.tell('a contact that is created in Brevo is created nowhere else', async () => {
		const email = 'only-in-brevo@example.org';
		await inBrevo('createContact', { email, attributes: { FIRSTNAME: 'Only', LASTNAME: 'Here' } });
		await polled();
		const records = [...sandbox.salesforce.store.table('Contact').rows.values()];
		return (
			sandbox.hubspot.store.contacts.holderOf(email) === undefined && !records.some(({ Email }) => Email === email)
		);
	});
	await log.tell('a mail about the sync says that one contact is left out, and why', async () => {
		const report = await publish(oftenReported(readTemplate('sync-health-report')));
		const mail = () => sandbox.inbox.messages().find(({ text }) => text?.includes('1 excluded'));
		const came = await until(() => mail() !== undefined, signal);
		await api.unpublish(report.id);
		return came && mail()?.html?.includes('Give the contact an e-mail address') === true;
	});
	progress.note(`the contact that is left out: ${nameless} of HubSpot`);
	return log.report(workflows);

	async function publish(
		template: Template,
		mapping: Readonly<Record<string, string>> = {},
		more: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
	): Promise<StoredWorkflow> {
		const map = { mapping: { mappingMode: 'defineBelow', value: mapping }, options: { emptyValues: 'clear' } };
		const isMapped = Object.keys(mapping).length > 0;
		const parameters = { ...PARAMETERS, ...more, ...(isMapped ? { [NODE_TYPES.map]: map } : {}) };
		const workflow = await stage.importTemplate(template, parameters);
		await api.publish(workflow.id);
		progress.note(`'${workflow.name}' is published`);
		workflows.push(workflow);
		return workflow;
	}

	/** Waits until each of the four triggers of Brevo has looked several times. */
	async function polled(): Promise<void> {
		const looks = () => sandbox.brevo.requests.counts()['GET /contacts'] ?? 0;
		const enough = looks() + POLLS_TO_WAIT * Object.keys(BACK).length;
		if (!(await until(() => looks() >= enough, signal)))
			throw new DemoError('The triggers of Brevo do not look any more');
	}
}

/** The template with a report every ten seconds instead of every Monday. */
function oftenReported({ name, workflow }: Template): Template {
	const copy = structuredClone(workflow);
	const schedule = copy.nodes.find(({ type }) => type === 'n8n-nodes-base.scheduleTrigger');
	if (schedule) schedule.parameters = { rule: { interval: [{ field: 'seconds', secondsInterval: 10 }] } };
	return { name, workflow: copy };
}
