import type { Contact } from '../../sandbox/brevo/entities';
import { salesforceDifferences } from '../support/pipeline/salesforce/oracle';
import type { SalesforceSetUp } from '../support/pipeline/salesforce/pipeline';
import { SalesforcePipeline } from '../support/pipeline/salesforce/pipeline';
import { SalesforceWorld } from '../support/pipeline/salesforce/world';
import { Witness } from '../support/pipeline/witness';

type ObjectName = 'Contact' | 'Lead';

/** A Salesforce that is synced to Brevo, and what a test asks of the two. */
export class SyncedSalesforce {
	pipeline!: SalesforcePipeline;
	world!: SalesforceWorld;
	witness!: Witness;

	readonly start = async (): Promise<void> => {
		this.pipeline = await SalesforcePipeline.start();
	};

	readonly end = async (): Promise<void> => {
		await this.pipeline.close();
	};

	/** Both accounts are empty, and nothing was synced. */
	readonly begins = (setUp: Partial<SalesforceSetUp>): void => {
		this.pipeline.begins(setUp);
		this.world = new SalesforceWorld(this.pipeline);
		this.witness = new Witness(this.pipeline, this.world);
	};

	/** Begins with so many people of each followed object, synced. Their ids. */
	readonly synced = async (people: number, setUp: Partial<SalesforceSetUp> = {}): Promise<string[]> => {
		this.begins(setUp);
		const { objects } = this.pipeline.setUp;
		const ids = objects.flatMap((object) => Array.from({ length: people }, () => this.world.add(object)));
		await this.poll();
		expect(this.onLists()).toHaveLength(ids.length);
		return ids;
	};

	/** To be called after each test: the promises were kept. */
	readonly check = (): void => {
		const { pipeline, world, witness } = this;
		witness.look();
		witness.lookAtMerges();
		expect([...witness.violations, ...salesforceDifferences(pipeline, world, witness)]).toEqual([]);
	};

	readonly poll = async (options: Parameters<SalesforcePipeline['poll']>[0] = {}) => await this.pipeline.poll(options);
	readonly contacts = (): Contact[] => [...this.pipeline.brevo.store.contacts.values()];
	readonly onLists = (): Contact[] => this.contacts().filter(({ listIds }) => listIds.size > 0);
	/** The Brevo contact with the key of a record. */
	readonly held = (object: ObjectName, id: string): Contact | undefined =>
		this.pipeline.brevo.store.owner('ext_id', this.world.keyOf(object, id));
	/** Status and code of a record's newest outcome. */
	readonly told = (object: ObjectName, id: string): string | undefined =>
		this.witness.newest().get(this.world.keyOf(object, id));
	/** The person stopped all mail with a link in one. */
	readonly unsubscribe = (object: ObjectName, id: string): void => {
		const contact = this.held(object, id);
		if (contact) this.pipeline.brevo.store.changeContact(contact, { emailBlocked: true }, 'control');
	};
}
