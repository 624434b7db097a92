import { toSourceFields as hubSpotFields } from '../../../../clients/hubspot/source/toSourceFields';
import { toDestinationFields as toHubSpotFields } from '../../../../clients/hubspot/destination/toDestinationFields';
import { toSourceFields as salesforceFields } from '../../../../clients/salesforce/source/toSourceFields';
import { toDestinationFields as toSalesforceFields } from '../../../../clients/salesforce/destination/toDestinationFields';
import type { ContactChange, MappedContact } from '../../../../core/contact/contact';
import { applyMapping } from '../../../../core/mapping/applyMapping';
import type { MappingPlan, MappingRow } from '../../../../core/mapping/mapping';
import { validateMapping } from '../../../../core/mapping/validateMapping';
import type { DeliveryOutcome } from '../../../../core/polling/pollRegister';
import type { WriteMode } from '../../../../core/upsert/plan/heldBack';
import { WrittenValues } from '../../../../core/upsert/plan/whoWins/writtenValues';
import type { UpsertReport } from '../../../../core/upsert/upsertContacts';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { ListFollower } from '../../../clients/hubspot/support/listFollower';
import { upsertIntoSalesforce } from '../../../clients/salesforce/destination/upsertIntoSalesforce';
import { ContactFollower } from '../../../clients/salesforce/support/contactFollower';
import { operate, valueOf } from '../../../clients/salesforce/support/organisation';
import { KEY_FIELD } from '../../../../demo/flows/keyFields';
import { newAccount } from '../../brevoAccount';
import { addKeyProperty, upsertIntoHubSpot } from '../../hubSpotAccount';
import { untilQuiet, writtenIn } from '../untilQuiet';

/** Property by the field it goes with, as both workflows map them. */
export const FIELDS = { firstname: 'FirstName', lastname: 'LastName', jobtitle: 'Title' } as const;
export type Property = keyof typeof FIELDS;
export const PROPERTIES = Object.keys(FIELDS) as Property[];

/** Contacts of this company are in the segment. */
export const INCLUDED = 'Included';
const SEGMENT_FILTER = {
	filterBranchType: 'OR',
	filterBranches: [
		{
			filterBranchType: 'AND',
			filters: [
				{
					filterType: 'PROPERTY',
					property: 'company',
					operation: { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [INCLUDED] },
				},
			],
		},
	],
};

const SETTINGS = { bothWays: true, emptyValues: 'leave', unusablePhone: 'leaveOut', choicesAs: 'label' } as const;

export interface PairOptions {
	/** What becomes of contacts that HubSpot does not hold yet. */
	readonly newContacts?: 'emailOnly' | 'hold';
	/** Which systems have a field for keys. Default both. */
	readonly keys?: 'hubspot' | 'salesforce' | 'both';
	/** Names of the fields for keys, where they are not the default ones. */
	readonly keyNames?: { readonly hubspot: string; readonly salesforce: string };
	/** The HubSpot trigger emits the opt-outs of the whole account. Default true. */
	readonly accountOptOuts?: boolean;
	/** The third workflow runs as well, which reads the records of contacts that joined the segment later. */
	readonly joinedLater?: boolean;
	/** How long the HubSpot trigger holds changes back. */
	readonly settleMs?: number;
	/** Rules of the rows to Salesforce, and to HubSpot. */
	readonly toSalesforce?: Partial<Record<Property, MappingRow['overwrite']>>;
	readonly toHubSpot?: Partial<Record<Property, MappingRow['overwrite']>>;
}

type Direction = 'toSalesforce' | 'toHubSpot';

/**
 * Two workflows between HubSpot and Salesforce with an inclusion segment: the members of an active list go to Salesforce, and
 * Salesforce's contacts go to HubSpot, where only members of that list are filled. A third one may fill those that join later. n8n is
 * played by the test.
 */
export class Pair {
	readonly reports: UpsertReport[] = [];
	/** Runs of this direction end before they write, or after. */
	trouble: ((direction: Direction) => 'before' | 'after' | undefined) | undefined;

	/** What the process of the workflows knows of what it wrote. */
	private writtenValues: WrittenValues;

	private constructor(
		readonly hubspot: RunningHubSpot,
		readonly salesforce: RunningSalesforce,
		readonly segment: string,
		readonly fromHubSpot: ListFollower,
		readonly fromSalesforce: ContactFollower,
		private readonly joined: ListFollower | undefined,
	) {
		this.writtenValues = new WrittenValues(hubspot.clock);
	}

	static async start(options: PairOptions = {}): Promise<Pair> {
		const hubspot = await startHubSpot({ members: 0, extraContacts: 0, awkward: false });
		const salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, clock: hubspot.clock });
		const { keys = 'both', keyNames, accountOptOuts = true } = options;
		if (keys !== 'salesforce') await addKeyProperty(hubspot, keyNames?.hubspot);
		if (keys !== 'hubspot')
			await operate(salesforce, 'setField', { ...KEY_FIELD, name: keyNames?.salesforce ?? KEY_FIELD.name });
		const segment = hubspot.store.createFilteredList('Included customers', SEGMENT_FILTER);
		const members = { listId: segment, fields: ['email', ...PROPERTIES], returningMembers: true };
		const fromHubSpot = new ListFollower(hubspot);
		fromHubSpot.settings = { ...members, settleMs: options.settleMs ?? 0, accountOptOuts };
		const joined = options.joinedLater ? new ListFollower(hubspot) : undefined;
		if (joined) joined.settings = { ...members, activeListsOnly: true, firstSync: 'fromNow' };
		const fromSalesforce = new ContactFollower(salesforce);
		fromSalesforce.settings = {
			fields: ['Email', ...Object.values(FIELDS)],
			lookbackMs: 60_000,
			tellsChangedFields: true,
		};
		const pair = new Pair(hubspot, salesforce, segment, fromHubSpot, fromSalesforce, joined);
		await pair.connect(options);
		return pair;
	}

	/** A poll of each trigger, half a minute apart; `between` happens before Salesforce is polled. */
	async round(between?: () => void): Promise<void> {
		await this.fromHubSpot.next(30_000);
		await this.joined?.next(0);
		between?.();
		await this.fromSalesforce.next(30_000);
	}

	async rounds(count: number): Promise<void> {
		for (let round = 0; round < count; round++) await this.round();
	}

	/** Polls until nothing is written for three rounds; throws when that does not come. */
	async untilQuiet(most = 30): Promise<void> {
		await untilQuiet(this, most);
	}

	/** Contacts that were created, updated, or taken off so far, on both sides. */
	get written(): number {
		return writtenIn(this.reports);
	}

	async close(): Promise<void> {
		await Promise.all([this.hubspot.close(), this.salesforce.close()]);
	}

	/** HubSpot's contact with this address. */
	hubSpotContact(email: string): Readonly<Record<string, string>> | undefined {
		const id = this.hubspot.store.contacts.holderOf(email);
		return id === undefined ? undefined : this.hubspot.store.contact(id).properties;
	}

	/** Salesforce's live contacts with this address. */
	records(email: string): ReadonlyArray<Readonly<Record<string, unknown>>> {
		return [...this.salesforce.store.table('Contact').rows.values()].filter(
			(row) => row['Email'] === email && row['IsDeleted'] !== true,
		);
	}

	/** The process of the workflows dies. */
	kill(): void {
		this.writtenValues = new WrittenValues(this.hubspot.clock);
		this.fromHubSpot.kill();
		this.joined?.kill();
		this.fromSalesforce.kill();
	}

	isMember(email: string): boolean {
		const id = this.hubspot.store.contacts.holderOf(email);
		return id !== undefined && [...this.hubspot.store.list(this.segment).members.ids()].includes(id);
	}

	private async connect({ newContacts = 'emailOnly', keys = 'both', keyNames, ...rules }: PairOptions): Promise<void> {
		const [toSalesforce, toHubSpot] = await this.plans(rules);
		const accounts = { hubspot: newAccount(), salesforce: newAccount() };
		this.fromHubSpot.outcome = async (batch) =>
			await this.run('toSalesforce', async () =>
				upsertIntoSalesforce(this.salesforce, mapAll(batch, toSalesforce), {
					account: accounts.salesforce,
					settings: { written: this.writtenValues },
					keyField: keys === 'hubspot' ? undefined : keyNames?.salesforce,
				}),
			);
		const writeToHubSpot = async (batch: readonly ContactChange[], mode: WriteMode): Promise<DeliveryOutcome> =>
			await this.run('toHubSpot', async () =>
				upsertIntoHubSpot(this.hubspot, mapAll(batch, toHubSpot), {
					account: accounts.hubspot,
					upsert: { written: this.writtenValues, mode },
					segment: { id: this.segment, newContacts },
					...(keyNames && keys !== 'salesforce' ? { keyProperty: keyNames.hubspot } : {}),
				}),
			);
		this.fromSalesforce.outcome = async (batch) => await writeToHubSpot(batch, 'upsert');
		if (this.joined)
			this.joined.outcome = async (batch) => {
				const records = await this.recordsOf(batch.filter(({ change }) => change === 'added'));
				return records === undefined ? 'failed' : await writeToHubSpot(records, 'updateOnly');
			};
	}

	/** What Read Contacts finds in Salesforce by the addresses of contacts; undefined where that fails. */
	private async recordsOf(contacts: readonly ContactChange[]): Promise<readonly ContactChange[] | undefined> {
		const delivery = { phase: 'resync', sequence: 0, at: new Date(this.hubspot.clock.now()).toISOString() } as const;
		const names = contacts.flatMap(({ fields: { email } }) =>
			typeof email === 'string' && email !== '' ? [{ kind: 'email', email } as const] : [],
		);
		const read = await this.fromSalesforce.readNamed(names);
		return read.kind === 'ok' ? read.value.found.map(({ contact }) => ({ ...contact, delivery })) : undefined;
	}

	private async run(direction: Direction, upsert: () => Promise<UpsertReport>): Promise<DeliveryOutcome> {
		const trouble = this.trouble?.(direction);
		if (trouble === 'before') return 'failed';
		const report = await upsert();
		this.reports.push(report);
		return report.failure || trouble === 'after' ? 'failed' : 'succeeded';
	}

	private async plans(
		rules: Pick<PairOptions, 'toSalesforce' | 'toHubSpot'>,
	): Promise<readonly [MappingPlan, MappingPlan]> {
		const properties = valueOf(await this.fromHubSpot.client().contactProperties());
		const contact = valueOf(await this.fromSalesforce.client().describe('Contact'));
		const toSalesforce = validateMapping(
			[row('Email', 'email'), ...PROPERTIES.map((name) => row(FIELDS[name], name, rules.toSalesforce?.[name]))],
			{
				sourceFields: hubSpotFields(properties),
				destinationFields: toSalesforceFields(contact),
				sourceSystem: 'HubSpot',
				destinationSystem: 'Salesforce',
				fieldNoun: 'field',
			},
			SETTINGS,
		);
		const toHubSpot = validateMapping(
			[row('email', 'Email'), ...PROPERTIES.map((name) => row(name, FIELDS[name], rules.toHubSpot?.[name]))],
			{
				sourceFields: salesforceFields(contact),
				destinationFields: toHubSpotFields(properties, undefined),
				sourceSystem: 'Salesforce',
				destinationSystem: 'HubSpot',
				fieldNoun: 'property',
			},
			SETTINGS,
		);
		return [valueOf(toSalesforce), valueOf(toHubSpot)];
	}
}

const row = (destination: string, source: string, overwrite?: MappingRow['overwrite']): MappingRow => ({
	destination,
	from: { kind: 'field', name: source },
	...(overwrite ? { overwrite } : {}),
});

const mapAll = (batch: readonly ContactChange[], plan: MappingPlan): MappedContact[] =>
	batch.flatMap((change) => {
		const outcome = applyMapping(plan, change);
		return outcome.kind === 'mapped' ? [outcome.contact] : [];
	});
