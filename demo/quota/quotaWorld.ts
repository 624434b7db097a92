import { compareHoldings, type Difference } from '../truth/compare';
import { DemoError } from '../demoError';
import { type HeldContact, hubSpotKey } from '../truth/expected';
import { NODE_TYPES, nodeOfType, quotaTemplate } from '../n8n/importTemplate';
import type { StoredWorkflow } from '../n8n/n8nApi';
import { pollsEvery } from '../n8n/quickPolls';
import { readExpectation, readHoldings } from '../truth/sandboxTruth';
import type { Stage } from '../stage';

export const POLL_SECONDS = 2;

/** A workflow of the template with a quota on stage, not published: a HubSpot list and a Brevo list of its own, both empty. */
export class QuotaWorld {
	private count = 0;

	private constructor(
		private readonly stage: Pick<Stage, 'sandbox'>,
		readonly workflow: StoredWorkflow,
		private readonly sourceList: string,
		readonly destinationList: { readonly id: string },
		private readonly before: readonly HeldContact[],
	) {}

	/** `guard`: parameters of the Quota Guard on top of the template's, such as a small limit. */
	static async prepare(
		stage: Pick<Stage, 'sandbox' | 'importTemplate'>,
		guard: { readonly taskLimit: number; readonly whenExceeded?: 'strict' },
	): Promise<QuotaWorld> {
		const { hubspot, brevo } = stage.sandbox;
		const sourceList = hubspot.store.createList('Invited to the autumn fair');
		const [folder] = brevo.store.folders.values();
		if (!folder) throw new DemoError('The stand-in for Brevo has no folder');
		const destinationList = { id: String(brevo.store.createList('From HubSpot, within a quota', folder.id).id) };
		const byId = (value: string) => ({ __rl: true, mode: 'id', value });
		const workflow = await stage.importTemplate(quotaTemplate('hubspot'), {
			[NODE_TYPES.trigger]: {
				...{ list: byId(sourceList), pollTimes: pollsEvery(POLL_SECONDS), options: { lookbackMinutes: 0 } },
			},
			[NODE_TYPES.quotaGuard]: guard,
			[NODE_TYPES.upsert]: { destinationList: byId(destinationList.id) },
		});
		const before = readHoldings(stage.sandbox, { destinationList });
		return new QuotaWorld(stage, workflow, sourceList, destinationList, before);
	}

	/** The name of the quota in the template. */
	get quota(): string {
		return String(nodeOfType(this.workflow, NODE_TYPES.quotaGuard).parameters.quota);
	}

	/** New contacts in HubSpot, on the list that is synced. Answers their record ids. */
	join(people: number): string[] {
		return Array.from({ length: people }, () => {
			this.count += 1;
			const properties = {
				email: `guest.${this.count}@example.com`,
				firstname: 'Guest',
				lastname: `No. ${this.count}`,
			};
			return this.stage.sandbox.hubspot.store.addContact(properties, [this.sourceList]);
		});
	}

	rename(id: string, firstname: string): void {
		this.stage.sandbox.hubspot.store.changeContact(id, { firstname });
	}

	leave(id: string): void {
		this.stage.sandbox.hubspot.store.removeFromList(this.sourceList, [id]);
	}

	/** The key that the sync gives a record. */
	keyOf(id: string): string {
		return hubSpotKey(String(this.stage.sandbox.hubspot.settings.portalId), id);
	}

	/** First name in Brevo; undefined for whoever is not on the list there. */
	firstNameIn(key: string): unknown {
		const held = readHoldings(this.stage.sandbox, this).find(({ extId, onList }) => extId === key && onList);
		return held?.attributes.FIRSTNAME;
	}

	/** API calls of the vendors so far. */
	calls(): number {
		const { hubspot, brevo } = this.stage.sandbox;
		return hubspot.requests.total + brevo.requests.total;
	}

	/** Subjects of the mails so far, the oldest first. */
	subjects(): string[] {
		return this.stage.sandbox.inbox.messages().map(({ subject }) => subject);
	}

	/** How Brevo differs from what HubSpot says by now. */
	differences(): Difference[] {
		const { sandbox } = this.stage;
		return compareHoldings(readExpectation(sandbox, this.workflow), this.before, readHoldings(sandbox, this));
	}
}
