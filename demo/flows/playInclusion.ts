import { NODE_TYPES, readTemplate } from '../n8n/importTemplate';
import type { StoredWorkflow } from '../n8n/n8nApi';
import { pollsEvery } from '../n8n/quickPolls';
import type { Stage } from '../stage';
import type { FlowReport, FlowSurroundings } from './chapterLog';
import { ChapterLog, until } from './chapterLog';
import { addKeyFields } from './keyFields';

/** The workflows that are published, in this order. */
const TEMPLATES = ['hubspot-to-salesforce', 'salesforce-to-hubspot', 'joined-segment-later'] as const;
const NEWCOMER = 'newcomer@example.com';

/**
 * HubSpot and Salesforce in both directions with an inclusion segment: imports and publishes the three workflows, lets six things
 * happen on both sides, and checks what comes of each.
 */
export async function playInclusion({ stage, progress, signal }: FlowSurroundings): Promise<FlowReport> {
	progress.step('Workflows: HubSpot and Salesforce, both ways');
	await addKeyFields(stage.sandbox);
	const segment = { __rl: true, mode: 'list', value: stage.sandbox.list.id, cachedResultName: stage.sandbox.list.name };
	const workflows: StoredWorkflow[] = [];
	for (const name of TEMPLATES) {
		const workflow = await stage.importTemplate(readTemplate(name), {
			[NODE_TYPES.trigger]: { list: segment, pollTimes: pollsEvery(3), options: { activeListsOnly: true } },
			[NODE_TYPES.salesforceTrigger]: { pollTimes: pollsEvery(3), options: { lookbackMinutes: 0.5 } },
			[NODE_TYPES.upsert]: name === 'hubspot-to-salesforce' ? {} : { inclusionSegment: segment },
		});
		await stage.api.publish(workflow.id);
		progress.note(`'${workflow.name}' is published`);
		workflows.push(workflow);
	}

	progress.step(`What happens to members of '${stage.sandbox.list.name}' and to others`);
	const log = new ChapterLog(progress);
	for (const { title, act, isThere } of chaptersOf(stage))
		await log.tell(title, async () => {
			act();
			return await until(isThere, signal);
		});
	return log.report(workflows);
}

interface Chapter {
	readonly title: string;
	readonly act: () => void;
	/** What has to come of it. */
	readonly isThere: () => boolean;
}

function chaptersOf({ sandbox }: Stage): readonly Chapter[] {
	const hubspot = sandbox.hubspot.store;
	const salesforce = sandbox.salesforce.store;
	const contact = (id: number) => hubspot.contact(id).properties;
	const contactAt = (email: string) => {
		const id = hubspot.contacts.holderOf(email);
		return id === undefined ? undefined : contact(id);
	};
	const recordAt = (email: string | undefined) =>
		[...salesforce.table('Contact').rows.values()].find(
			({ Email, IsDeleted }) => email !== undefined && Email === email && IsDeleted === false,
		);
	/** Salesforce wants a last name. */
	const members = [...hubspot.list(sandbox.list.id).members.ids()].filter(
		(id) => contact(id).email && contact(id).lastname,
	);
	const [member = 0, leaver = 0] = members;
	const change = (email: string, values: Record<string, string | boolean>): void =>
		void salesforce.change('Contact', String(recordAt(email)?.['Id']), values);
	return [
		{
			title: `the ${members.length} members with a last name go to Salesforce`,
			act: () => undefined,
			isThere: () => members.every((id) => recordAt(contact(id).email)?.['LastName'] === contact(id).lastname),
		},
		{
			title: 'a new contact of Salesforce comes to HubSpot with its address alone',
			act: () => void salesforce.insert('Contact', { Email: NEWCOMER, FirstName: 'New', LastName: 'Comer' }),
			isThere: () => contactAt(NEWCOMER) !== undefined && !contactAt(NEWCOMER)?.firstname,
		},
		{
			title: 'edits of a member cross, those of the newcomer outside of the segment wait',
			act: () => {
				change(NEWCOMER, { FirstName: 'Later' });
				change(contact(member).email ?? '', { Title: 'Countess' });
			},
			isThere: () => contact(member).jobtitle === 'Countess' && !contactAt(NEWCOMER)?.firstname,
		},
		{
			title: 'an opt-out outside of the segment crosses all the same',
			act: () => change(NEWCOMER, { HasOptedOutOfEmail: true }),
			isThere: () => contactAt(NEWCOMER)?.hs_email_optout === 'true',
		},
		{
			title: 'the newcomer joins the segment, and its fields arrive',
			act: () => hubspot.addToList(sandbox.list.id, [hubspot.contacts.holderOf(NEWCOMER) ?? 0]),
			isThere: () => contactAt(NEWCOMER)?.firstname === 'Later' && contactAt(NEWCOMER)?.lastname === 'Comer',
		},
		{
			title: 'a member leaves, and a change made with that stays in HubSpot',
			act: () => {
				hubspot.removeFromList(sandbox.list.id, [leaver]);
				hubspot.changeContact(leaver, { jobtitle: 'Gone' });
				hubspot.changeContact(member, { jobtitle: 'Duchess' });
			},
			isThere: () => {
				const titleOf = (id: number) => recordAt(contact(id).email)?.['Title'];
				return titleOf(member) === 'Duchess' && titleOf(leaver) !== 'Gone';
			},
		},
	];
}
