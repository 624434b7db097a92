import type { FlowReport, FlowSurroundings } from '../flows/chapterLog';
import { ChapterLog } from '../flows/chapterLog';
import { constantContactFile, mailchimpZip, person } from './authoredFiles';
import { choose, publishMigration } from './migrationForm';

/** People of an audience. */
const FIRST_NAMES =
	'Ada,Bea,Cleo,Dora,Emil,Fritz,Gina,Hugo,Iris,Jakob,Klara,Levi,Mona,Nils,Olga,Pepe,Rosa,Sven,Tara,Udo,Vera,Wanda,Yann,Zoe';
const NEWSLETTER = 'Newsletter from Mailchimp';
const CLUB = 'Club from Constant Contact';

/**
 * Moves two audiences into HubSpot through the forms of both templates, as a person would: drops the files, looks at the preview, clicks,
 * and reads the report. Checks in HubSpot what came of each step.
 */
export async function playMigration({
	stage,
	progress,
}: Pick<FlowSurroundings, 'stage' | 'progress'>): Promise<FlowReport> {
	progress.step('Workflows: Mailchimp and Constant Contact to HubSpot');
	const mailchimp = await publishMigration(stage, 'mailchimp-to-hubspot');
	const constantContact = await publishMigration(stage, 'constant-contact-to-hubspot');
	const log = new ChapterLog(progress);

	const { store } = stage.sandbox.hubspot;
	const members = (list: string): string[] =>
		[...(store.lists.byName(list)?.members.ids() ?? [])].map((id) => store.contact(id).properties.email ?? '').sort();
	const isOptedOut = (email: string): boolean => store.preferences.optedOutAt(email) !== undefined;
	const people = FIRST_NAMES.split(',').map(person);
	const [subscribed, unsubscribed, cleaned] = [people.slice(0, 18), people.slice(16, 22), people.slice(22)];
	const agreed = people.slice(0, 16).map(({ email }) => email);
	const gone = [...unsubscribed, ...cleaned].map(({ email }) => email);

	progress.step('Mailchimp: a zip with three files');
	const first = await mailchimp.upload([mailchimpZip({ subscribed, unsubscribed, cleaned })], NEWSLETTER);
	await log.tell('the preview tells of 16 new contacts and 8 opt-outs, and nothing is written yet', () =>
		Promise.resolve(
			first.page.includes('<td>16</td><td>new contacts') &&
				first.page.includes('<td>8</td><td>addresses are unsubscribed') &&
				store.lists.byName(NEWSLETTER) === undefined,
		),
	);
	await log.tell(
		'after the click those who agreed are on the list, and the others unsubscribed without a contact',
		async () => {
			const report = await first.visitor.submit(choose('import'));
			return (
				report.includes('Everything arrived as it should.') &&
				String(members(NEWSLETTER)) === String(agreed) &&
				gone.every((email) => isOptedOut(email) && store.contacts.holderOf(email) === undefined)
			);
		},
	);
	await log.tell('the report is in the inbox, with its three files', () => {
		const [mail] = stage.sandbox.inbox.messages().slice(-1);
		return Promise.resolve(mail?.attachments?.length === 3);
	});
	await log.tell(
		'a newer export, in which two more unsubscribed, takes them off the list and changes nothing else',
		async () => {
			const [ada, bea, ...stayed] = people.slice(0, 16);
			const newer = [ada, bea, ...unsubscribed].filter((one) => one !== undefined);
			const again = await mailchimp.upload(
				[mailchimpZip({ subscribed: stayed, unsubscribed: newer, cleaned })],
				NEWSLETTER,
			);
			await again.visitor.submit(choose('import'));
			return (
				String(members(NEWSLETTER)) === String(stayed.map(({ email }) => email)) &&
				newer.every(({ email }) => isOptedOut(email))
			);
		},
	);

	progress.step('Constant Contact: a file for each status');
	const club = FIRST_NAMES.split(',').map((name) => person(`Club.${name}`));
	await log.tell(
		'only active, implied and express contacts come to the list; who unsubscribed in any file does not',
		async () => {
			const files = [
				constantContactFile('Active', club.slice(0, 6)),
				constantContactFile('Implied', club.slice(6, 9), 'xlsx'),
				constantContactFile('Express', club.slice(9, 12)),
				constantContactFile('Unsubscribed', club.slice(11, 16)),
				constantContactFile('Awaiting confirmation', club.slice(16, 20)),
				constantContactFile('No permissions set', club.slice(20), 'xlsx'),
			];
			const { visitor } = await constantContact.upload(files, CLUB);
			const report = await visitor.submit(choose('import'));
			return (
				report.includes('Everything arrived as it should.') &&
				String(members(CLUB)) === String(club.slice(0, 11).map(({ email }) => email)) &&
				club.slice(11, 16).every(({ email }) => isOptedOut(email))
			);
		},
	);
	return log.report([mailchimp.workflow, constantContact.workflow]);
}
