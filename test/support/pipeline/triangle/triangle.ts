import { omit } from 'lodash';
import { toDestinationFields as toBrevoFields } from '../../../../clients/brevo/destination/toDestinationFields';
import { toSourceFields as brevoFields } from '../../../../clients/brevo/source/toSourceFields';
import { toDestinationFields as toHubSpotFields } from '../../../../clients/hubspot/destination/toDestinationFields';
import { toSourceFields as hubSpotFields } from '../../../../clients/hubspot/source/toSourceFields';
import { toDestinationFields as toSalesforceFields } from '../../../../clients/salesforce/destination/toDestinationFields';
import { toSourceFields as salesforceFields } from '../../../../clients/salesforce/source/toSourceFields';
import type { ContactChange, MappedContact } from '../../../../core/contact/contact';
import { applyMapping } from '../../../../core/mapping/applyMapping';
import type { DestinationField, SourceField } from '../../../../core/mapping/fields';
import type { MappingPlan } from '../../../../core/mapping/mapping';
import { validateMapping } from '../../../../core/mapping/validateMapping';
import type { DeliveryOutcome } from '../../../../core/polling/pollRegister';
import type { NamedValues } from '../../../../core/upsert/plan/whoWins/writtenValues';
import { WrittenValues } from '../../../../core/upsert/plan/whoWins/writtenValues';
import type { UpsertReport } from '../../../../core/upsert/upsertContacts';
import type { Contact as BrevoContact } from '../../../../sandbox/brevo/entities';
import type { RunningBrevo } from '../../../../sandbox/brevo';
import { startBrevo } from '../../../../sandbox/brevo';
import type { RunningHubSpot } from '../../../../sandbox/hubspot';
import { startHubSpot } from '../../../../sandbox/hubspot';
import type { RunningSalesforce } from '../../../../sandbox/salesforce';
import { startSalesforce } from '../../../../sandbox/salesforce';
import { ContactFollower as BrevoFollower } from '../../../clients/brevo/support/contactFollower';
import { ListFollower } from '../../../clients/hubspot/support/listFollower';
import { upsertIntoSalesforce } from '../../../clients/salesforce/destination/upsertIntoSalesforce';
import { ContactFollower as SalesforceFollower } from '../../../clients/salesforce/support/contactFollower';
import { valueOf } from '../../../clients/salesforce/support/organisation';
import { brevoClient, newAccount, upsertIntoBrevo } from '../../brevoAccount';
import { upsertIntoHubSpot } from '../../hubSpotAccount';
import { untilQuiet, writtenIn } from '../untilQuiet';

/** The same value by what each system calls it. */
export const VALUES = [
	{ hubspot: 'firstname', salesforce: 'FirstName', brevo: 'FIRSTNAME' },
	{ hubspot: 'lastname', salesforce: 'LastName', brevo: 'LASTNAME' },
] as const;

export type System = 'hubspot' | 'salesforce' | 'brevo';
export type Direction = 'hubspotToBrevo' | 'salesforceToBrevo' | 'brevoToHubSpot' | 'brevoToSalesforce';

const SETTINGS = { bothWays: true, emptyValues: 'leave', unusablePhone: 'leaveOut', choicesAs: 'label' } as const;
const BACK = { mode: 'updateOnly', leavers: 'keep' } as const;

/** One person on all sides that have one. */
export interface Sides {
	readonly hubspot?: Readonly<Record<string, string>>;
	readonly salesforce?: Readonly<Record<string, unknown>>;
	readonly brevo?: BrevoContact;
}

/** What is changed on each side. */
interface Changes {
	readonly hubspot?: Readonly<Record<string, string>>;
	readonly salesforce?: Readonly<Record<string, string | boolean>>;
	readonly brevo?: Parameters<RunningBrevo['store']['changeContact']>[1];
}

/** The ids of a person, which stay whatever the address becomes. */
interface Person {
	readonly hubspot?: number;
	readonly salesforce?: string;
	readonly brevo?: number;
}

/**
 * A HubSpot list and Salesforce's contacts into one Brevo list, and what is edited in Brevo back to both: four workflows that know
 * nothing of one another. n8n is played by the test.
 */
export class Triangle {
	readonly reports: UpsertReport[] = [];
	/** Runs of this direction end before they write, or after. */
	trouble: ((direction: Direction) => 'before' | 'after' | undefined) | undefined;
	private readonly people = new Map<number, Person>();
	/** Runs that are under way: a poll does not wait for one that takes long. */
	private readonly running = new Set<Promise<unknown>>();
	/** What the process of all four knows of what it wrote. */
	private writtenValues: WrittenValues;

	private constructor(
		readonly hubspot: RunningHubSpot,
		readonly salesforce: RunningSalesforce,
		readonly brevo: RunningBrevo,
		/** The HubSpot list and the Brevo list. */
		readonly list: string,
		readonly target: number,
		private readonly followers: Readonly<Record<Direction, ListFollower | SalesforceFollower | BrevoFollower>>,
	) {
		this.writtenValues = new WrittenValues(hubspot.clock);
	}

	/**
	 * Persons 1 to `count` on the sides that `has` says, alike on all of them, and one sync of everything. `deletes`: the record of a
	 * contact that is deleted in Brevo is deleted in Salesforce.
	 */
	static async start(
		count: number,
		has: (person: number, side: 'hubspot' | 'salesforce') => boolean,
		deletes = false,
	): Promise<Triangle> {
		const hubspot = await startHubSpot({ members: 0, extraContacts: 0, awkward: false });
		const { clock } = hubspot;
		const salesforce = await startSalesforce({ contacts: 0, leads: 0, awkward: false, clock });
		const settings = { importDelayMs: 0, importMsPerRow: 0 };
		const brevo = await startBrevo({ people: [], strangers: 0, clock, settings });
		const list = hubspot.store.createList('Followed');
		const target = brevo.store.createList('Target', 1).id;
		const fromHubSpot = new ListFollower(hubspot);
		fromHubSpot.settings = { listId: list, fields: ['email', ...VALUES.map((value) => value.hubspot)], settleMs: 0 };
		const fromSalesforce = new SalesforceFollower(salesforce);
		const salesforceNames = ['Email', ...VALUES.map((value) => value.salesforce)];
		fromSalesforce.settings = { fields: salesforceNames, lookbackMs: 60_000, tellsChangedFields: true };
		const back = (deletesIn: readonly string[] = []) => {
			const follower = new BrevoFollower(brevo);
			const fields = ['EMAIL', ...VALUES.map((value) => value.brevo)];
			const isTakenBack = (id: string, values: NamedValues): boolean =>
				triangle.writtenValues.isTakenBack(id, values, clock.now());
			follower.settings = { fields, firstSync: 'fromNow', lookbackMs: 60_000, deletesIn, isTakenBack };
			return follower;
		};
		const triangle: Triangle = new Triangle(hubspot, salesforce, brevo, list, target, {
			hubspotToBrevo: fromHubSpot,
			salesforceToBrevo: fromSalesforce,
			brevoToHubSpot: back(),
			brevoToSalesforce: back(deletes ? ['salesforce'] : []),
		});
		await triangle.connect(fromHubSpot, fromSalesforce, deletes);
		for (let person = 1; person <= count; person++) {
			const [first, last] = [`First ${person}`, `Last ${person}`];
			const email = addressOf(person);
			triangle.people.set(person, {
				...(has(person, 'hubspot') && { hubspot: Number(hubspot.store.addContact({ email, firstname: first, lastname: last }, [list])) }), // prettier-ignore
				...(has(person, 'salesforce') && { salesforce: String(salesforce.store.insert('Contact', { Email: email, FirstName: first, LastName: last })['Id']) }), // prettier-ignore
			});
		}
		await triangle.untilQuiet();
		for (const [person, ids] of triangle.people) {
			const contact = brevo.store.owner('email', addressOf(person));
			triangle.people.set(person, { ...ids, ...(contact && { brevo: contact.id }) });
		}
		return triangle;
	}

	/** A poll of each trigger. */
	async round(order: readonly Direction[] = DIRECTIONS, afterMs = 30_000): Promise<void> {
		for (const direction of order) await this.followers[direction].next(afterMs);
	}

	/** Polls until nothing is written for three rounds; throws when that does not come. */
	async untilQuiet(most = 30): Promise<void> {
		await untilQuiet(this, most);
	}

	/** Until no run is under way. */
	async rest(): Promise<void> {
		await Promise.all(this.running);
	}

	/** Contacts that were created, updated, or taken off so far, on all sides. */
	get written(): number {
		return writtenIn(this.reports);
	}

	/** A trigger's process dies, and with it what that of the four knows. */
	kill(direction: Direction): void {
		this.writtenValues = new WrittenValues(this.hubspot.clock);
		this.followers[direction].kill();
	}

	/** A person as each side has it. */
	sides(person: number): Sides {
		const ids = this.people.get(person) ?? {};
		const contact = ids.brevo === undefined ? undefined : this.brevo.store.contacts.get(ids.brevo);
		return {
			...(ids.hubspot !== undefined && { hubspot: this.hubspot.store.contact(ids.hubspot).properties }),
			...(ids.salesforce !== undefined &&
				this.isInSalesforce(ids.salesforce) && { salesforce: this.salesforce.store.must('Contact', ids.salesforce) }),
			...(contact && { brevo: contact }),
		};
	}

	/** A person at work on one side; false where that side does not have the contact. */
	edit(person: number, side: System, value: (typeof VALUES)[number], text: string): boolean {
		return this.change(person, side, {
			hubspot: { [value.hubspot]: text },
			salesforce: { [value.salesforce]: text },
			brevo: { attributes: { [value.brevo]: text } },
		});
	}

	/** The address of a person is edited on one side; false where that side does not have the contact. */
	move(person: number, side: System, email: string): boolean {
		const blocked = this.sides(person).brevo?.emailBlocked === true;
		return this.change(person, side, {
			hubspot: { email },
			salesforce: { Email: email },
			// Who edits the address of a blocked contact in Brevo by hand keeps the block.
			brevo: { identifiers: { email }, ...(blocked && { emailBlocked: true }) },
		});
	}

	/** A person opts out on one side; false where that side does not have the contact, or has it opted out already. */
	optOut(person: number, side: System): boolean {
		const { hubspot, salesforce, brevo } = this.sides(person);
		const isOut = {
			hubspot: hubspot?.hs_email_optout === 'true',
			salesforce: salesforce?.['HasOptedOutOfEmail'] === true,
			brevo: brevo?.emailBlocked === true,
		};
		if (isOut[side]) return false;
		if (side !== 'hubspot')
			return this.change(person, side, { salesforce: { HasOptedOutOfEmail: true }, brevo: { emailBlocked: true } });
		if (hubspot) this.hubspot.store.optOut(this.people.get(person)?.hubspot ?? 0);
		return hubspot !== undefined;
	}

	/** HB-23: unblocking in Brevo, by hand. */
	unblock(person: number): boolean {
		return (
			this.sides(person).brevo?.emailBlocked === true &&
			this.change(person, 'brevo', { brevo: { emailBlocked: false } })
		);
	}

	/** A person is deleted in Brevo, by hand; false where Brevo does not have the contact. */
	erase(person: number): boolean {
		const ids = this.people.get(person) ?? {};
		const { brevo } = this.sides(person);
		if (!brevo) return false;
		this.brevo.store.deleteContact(brevo, 'control');
		this.people.set(person, omit(ids, 'brevo'));
		return true;
	}

	/** Whether the record of a person is in Salesforce, and not in its recycle bin. */
	private isInSalesforce(id: string): boolean {
		return this.salesforce.store.must('Contact', id)['IsDeleted'] !== true;
	}

	async close(): Promise<void> {
		await Promise.all([this.hubspot.close(), this.salesforce.close(), this.brevo.close()]);
	}

	/** Changes what one side holds, in its own words; false where that side does not have the contact. */
	private change(person: number, side: System, to: Changes): boolean {
		const { hubspot, salesforce } = this.people.get(person) ?? {};
		// What is in the recycle bin of Salesforce cannot be edited.
		const { brevo, salesforce: record } = this.sides(person);
		if (side === 'hubspot' && hubspot !== undefined) this.hubspot.store.changeContact(hubspot, to.hubspot ?? {});
		else if (side === 'salesforce' && salesforce !== undefined && record)
			this.salesforce.store.change('Contact', salesforce, to.salesforce ?? {});
		else if (side === 'brevo' && brevo) this.brevo.store.changeContact(brevo, to.brevo ?? {}, 'control');
		else return false;
		return true;
	}

	private async connect(
		fromHubSpot: ListFollower,
		fromSalesforce: SalesforceFollower,
		deletes: boolean,
	): Promise<void> {
		const properties = valueOf(await fromHubSpot.client().contactProperties());
		const object = valueOf(await fromSalesforce.client().describe('Contact'));
		const attributes = valueOf(await brevoClient(this.brevo).listAttributes());
		const sources = { hubspot: hubSpotFields(properties), salesforce: salesforceFields(object), brevo: brevoFields(attributes) }; // prettier-ignore
		const destinations = { hubspot: toHubSpotFields(properties, undefined), salesforce: toSalesforceFields(object), brevo: toBrevoFields(attributes) }; // prettier-ignore
		const plan = (from: System, to: System): MappingPlan => planOf(from, to, sources[from], destinations[to]);
		const accounts = { hubspot: newAccount(), salesforce: newAccount(), brevo: newAccount() };
		const intoBrevo = (mapping: MappingPlan) => async (batch: readonly ContactChange[]) =>
			await upsertIntoBrevo(this.brevo, mapAll(batch, mapping), {
				list: { id: this.target },
				account: accounts.brevo,
				settings: { written: this.writtenValues },
			});
		this.follow('hubspotToBrevo', intoBrevo(plan('hubspot', 'brevo')));
		this.follow('salesforceToBrevo', intoBrevo(plan('salesforce', 'brevo')));
		const toHubSpot = plan('brevo', 'hubspot');
		this.follow('brevoToHubSpot', async (batch) =>
			upsertIntoHubSpot(this.hubspot, mapAll(batch, toHubSpot), {
				account: accounts.hubspot,
				upsert: { ...BACK, written: this.writtenValues },
			}),
		);
		const toSalesforce = plan('brevo', 'salesforce');
		this.follow(
			'brevoToSalesforce',
			async (batch) =>
			upsertIntoSalesforce(this.salesforce, mapAll(batch, toSalesforce), { account: accounts.salesforce, settings: { ...BACK, ...(deletes && { leavers: 'remove', deletes }), written: this.writtenValues }, deletes, keyField: undefined }), // prettier-ignore
		);
	}

	private follow(direction: Direction, upsert: (batch: readonly ContactChange[]) => Promise<UpsertReport>): void {
		this.followers[direction].outcome = async (batch): Promise<DeliveryOutcome> => {
			const trouble = this.trouble?.(direction);
			if (trouble === 'before') return 'failed';
			const run = upsert(batch);
			this.running.add(run);
			const report = await run.finally(() => this.running.delete(run));
			this.reports.push(report);
			return report.failure || trouble === 'after' ? 'failed' : 'succeeded';
		};
	}
}

export const DIRECTIONS: readonly Direction[] = [
	'hubspotToBrevo',
	'salesforceToBrevo',
	'brevoToHubSpot',
	'brevoToSalesforce',
];

export const addressOf = (person: number): string => `person${person}@triangle.example`;

const EMAILS = { hubspot: 'email', salesforce: 'Email', brevo: 'EMAIL' } as const;
const LABELS = { hubspot: 'HubSpot', salesforce: 'Salesforce', brevo: 'Brevo' } as const;

function planOf(
	from: System,
	to: System,
	sourceFields: readonly SourceField[],
	destinationFields: readonly DestinationField[],
): MappingPlan {
	const rows = [
		{ destination: EMAILS[to], from: { kind: 'field', name: EMAILS[from] } } as const,
		...VALUES.map((value) => ({ destination: value[to], from: { kind: 'field', name: value[from] } }) as const),
	];
	const [sourceSystem, destinationSystem] = [LABELS[from], LABELS[to]];
	const definitions = { sourceFields, destinationFields, sourceSystem, destinationSystem, fieldNoun: 'field' };
	return valueOf(validateMapping(rows, definitions, SETTINGS));
}

const mapAll = (batch: readonly ContactChange[], plan: MappingPlan): MappedContact[] =>
	batch.flatMap((change) => {
		const outcome = applyMapping(plan, change);
		return outcome.kind === 'mapped' ? [outcome.contact] : [];
	});
