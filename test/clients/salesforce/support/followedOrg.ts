import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { salesforceOperations } from '../../../../sandbox/salesforce/operations';
import type { ContactSourceSettings } from '../../../../clients/salesforce/source/contactChangeSource';
import type { ContactChange } from '../../../../core/contact/contact';
import { ContactFollower } from './contactFollower';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

type Values = Record<string, string | number | boolean | null>;

/** An organisation of the sandbox with a trigger that follows it. Its clock stands still but for what the test lets pass. */
export class FollowedOrg {
	salesforce!: RunningSalesforce;
	follower!: ContactFollower;

	readonly start = async (
		options: Parameters<typeof startSalesforce>[0],
		settings: Partial<ContactSourceSettings> = {},
	): Promise<void> => {
		this.salesforce = await startSalesforce({ leads: 0, awkward: false, ...options });
		this.salesforce.clock.freeze();
		this.follower = new ContactFollower(this.salesforce);
		this.follower.settings = settings;
	};

	/** Begins with a first sync, whose changes are taken away. */
	readonly follow = async (
		options: Parameters<typeof startSalesforce>[0],
		settings: Partial<ContactSourceSettings> = {},
	): Promise<void> => {
		await this.start(options, settings);
		await this.follower.firstSync();
	};

	readonly end = async (): Promise<void> => {
		await this.salesforce.close();
	};

	/** Lets people at work in the organisation do something. */
	readonly do = (op: string, args: Record<string, unknown>): unknown => {
		const { store, listViews, settings, limits } = this.salesforce;
		const account = { store, listViews, settings, limits } as Parameters<typeof salesforceOperations>[0];
		return salesforceOperations(account)[op]?.(args);
	};

	readonly add = (values: Values, object: 'Contact' | 'Lead' = 'Contact'): string => {
		const needed = object === 'Lead' ? { LastName: 'New', Company: 'Acme' } : { LastName: 'New' };
		return (this.do('addRecord', { object, values: { ...needed, ...values } }) as { id: string }).id;
	};

	readonly change = (id: string, values: Values, object: 'Contact' | 'Lead' = 'Contact'): void => {
		this.do('changeRecord', { object, id, values });
	};

	/** What is emitted in so many polls, a minute apart. */
	readonly polls = async (count = 2, afterMs = MINUTE_MS): Promise<ContactChange[]> =>
		await this.follower.polls(count, afterMs);
}
