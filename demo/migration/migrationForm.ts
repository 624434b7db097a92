import { setTimeout as pause } from 'node:timers/promises';
import { readTemplate, type Template } from '../n8n/importTemplate';
import type { StoredWorkflow } from '../n8n/n8nApi';
import { scaled } from '../process/slowness';
import type { Stage } from '../stage';
import type { DroppedFile } from './formVisitor';
import { FormVisitor } from './formVisitor';

export type MigrationTemplate = 'mailchimp-to-hubspot' | 'constant-contact-to-hubspot';

/** The choices of the page with the preview, by the beginnings of their words. */
export const CHOICES = {
	import: 'Import now',
	imported: 'Import now; the opt-outs without a contact are in HubSpot already, by its own import',
	file: 'Only give me the file of opt-outs for HubSpot',
	stop: 'Stop and write nothing',
} as const;

const CONSENT = JSON.stringify(['I confirm that the subscribed contacts in these files agreed to get e-mail']);
const LONGEST_MS = 30_000;

/** A template of a migration, published, with its mail switched on. */
export interface PublishedMigration {
	readonly workflow: StoredWorkflow;
	/** Drops files into the form and names the list. The page with the preview, or what came instead. */
	upload(
		files: readonly DroppedFile[],
		list: string,
	): Promise<{ readonly page: string; readonly visitor: FormVisitor }>;
}

/** Imports and publishes a template, and waits until its form is there. */
export async function publishMigration(stage: Stage, name: MigrationTemplate): Promise<PublishedMigration> {
	const { workflow, address } = await publishForm(stage, withMail(readTemplate(name)));
	return {
		workflow,
		upload: async (files, list) => {
			const visitor = new FormVisitor(address);
			return { page: await visitor.submit([files, list, CONSENT]), visitor };
		},
	};
}

/** The template that deletes what a migration created, published: takes a file of changes, and gives the page with the preview. */
export async function publishUndo(stage: Stage) {
	const { name, workflow } = readTemplate('undo-migration');
	// Its HTTP Request names HubSpot's address, which no credential changes.
	const text = JSON.stringify(workflow).replace('https://api.hubapi.com', stage.sandbox.hubspot.url);
	const { address } = await publishForm(stage, { name, workflow: JSON.parse(text) as Template['workflow'] });
	return async (file: DroppedFile) => {
		const visitor = new FormVisitor(address);
		return { page: await visitor.submit([[file]]), visitor };
	};
}

/** Imports and publishes a template that begins with a form, and waits until the form is there. */
async function publishForm(stage: Stage, template: Template) {
	const workflow = await stage.importTemplate(template);
	await stage.api.publish(workflow.id);
	const { webhookId = '' } = (workflow.nodes.find((node) => node.name === 'Upload') ?? {}) as { webhookId?: string };
	const address = `${stage.n8n.url}/form/${webhookId}`;
	const deadline = Date.now() + scaled(LONGEST_MS);
	while ((await fetch(address)).status !== 200 && Date.now() < deadline) await pause(200);
	return { workflow, address };
}

/** As a person does who has an SMTP account: the mail is switched off in the template. */
function withMail(template: Template): Template {
	const nodes = template.workflow.nodes.map((node) => ({ ...node, disabled: false }));
	return { ...template, workflow: { ...template.workflow, nodes } };
}

/** Choices of the page with the preview, as `FormVisitor` sends them: the first field is the preview itself. */
export const choose = (choice: keyof typeof CHOICES, marketing?: string): Array<string | undefined> => [
	undefined,
	CHOICES[choice],
	marketing,
];

/** The answer by which contacts become marketing contacts; without an answer none does. */
export const SET_MARKETING = 'Set those that may be mailed; HubSpot bills them';
