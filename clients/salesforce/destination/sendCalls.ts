import type { Warning } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactWrite, HeldContact, RefusedValues, SentCall, WriteCall } from '../../../core/upsert/destination';
import type { SalesforceFault } from '../api/classify';
import { fullId } from '../api/fields/recordIds';
import type { SalesforceWriter } from '../api/salesforceWriter';
import type { RecordFinder } from './lookup/findRecords';
import { CONTACT_PREFIX } from './lookup/findRecords';
import { failedAsOne, rowFailure } from './rowFailures';
import type { PersonAccounts } from './lookup/personAccounts';
import { contactName } from './lookup/personAccounts';
import type { RecordForm } from './lookup/toHeldRecord';
import { requiredFields } from './toDestinationFields';
import { toRecord } from './toRecord';
import type { Outcome, Row } from './writeRows';
import { failuresOf, hasFault, isGone, NONE, rowOf, RowWriter } from './writeRows';

export interface SenderParts {
	readonly writer: SalesforceWriter;
	readonly finder: RecordFinder;
	readonly people: PersonAccounts;
	readonly clock: Clock;
	readonly form: RecordForm;
	/** Form of the contacts behind converted leads, once there was one. */
	readonly contactForm: () => RecordForm | undefined;
	readonly campaign?: { readonly id: string; readonly status?: string };
}

/** Which calls a call of writes comes to. Nothing else is sent as long as nothing goes wrong. */
export const callsOf = ({ writes }: Pick<WriteCall, 'writes'>): number =>
	Number(writes.some(changesRecord)) +
	Number(writes.some(({ joinList }) => joinList)) +
	Number(writes.some((write) => leavesCampaign(write))) +
	// A delete is looked at afterwards.
	2 * Number(writes.some(({ kind }) => kind === 'delete'));

const leavesCampaign = ({ kind, held }: ContactWrite): boolean => kind === 'leave' && held?.onList === true;

/** Whether anything of the record itself is written, and not only its membership. */
function changesRecord({ kind, held, email, sourceKey, block, attributes }: ContactWrite): boolean {
	if (kind === 'create' || email !== undefined || sourceKey !== undefined) return true;
	return (block && held?.optedOut !== true) || Object.keys(attributes).length > 0;
}

/**
 * Sends calls of up to 200 writes: the records first, then the campaign members to add, then those to remove, then records to
 * delete, one call each. So no record is on the campaign that does not carry its key yet, and none is deleted whose opt-out
 * could not be written.
 */
export class CallSender {
	private readonly required: ReadonlySet<string>;
	/** Ids of records this run created, by the key of the write. */
	readonly created = new Map<string, string>();
	/** Which record has a value that a write now goes without, by the key of the write (S23). */
	private readonly holders = new Map<string, readonly Warning[]>();

	private readonly rows: RowWriter;

	constructor(
		private readonly parts: SenderParts,
		random: () => number = Math.random,
	) {
		this.rows = new RowWriter(parts.clock, random);
		this.required = new Set(requiredFields(parts.form.object).map(({ name }) => name));
	}

	async send({ writes }: WriteCall): Promise<Result<SentCall>> {
		const refused = new Map<string, Failure>();
		const rows = writes
			.filter(changesRecord)
			.map((write) => ({ key: write.key, record: toRecord(write, this.formOf(write), this.parts.people) }));
		const isCreate = writes.some(({ kind }) => kind === 'create');
		const outcomes = await this.rows.write(rows, async (some) =>
			isCreate
				? await this.parts.writer.create(some, 'creating records')
				: await this.parts.writer.update(some, 'updating records'),
		);
		if (outcomes.kind !== 'ok') return outcomes;
		const whole = this.takeOutcomes(writes, outcomes.value, refused);
		if (whole) return whole;
		const stored = writes.filter(({ key }) => !refused.has(key));
		const joined = await this.join(stored.filter(({ joinList }) => joinList));
		const left = await this.leave(stored.filter(leavesCampaign));
		const deleted = await this.remove(stored.filter(({ kind }) => kind === 'delete'));
		for (const failures of [joined, left, deleted]) {
			if ('code' in failures) return failures;
			for (const [key, failure] of failures) {
				if (failure.kind === 'stop') return failure;
				refused.set(key, failure);
			}
		}
		const shown = new Map(
			writes.flatMap((write): Array<[string, HeldContact]> => {
				const id = write.held?.id ?? this.created.get(write.key);
				// Whether a deleted record is gone, a look tells.
				const isOpen = refused.has(write.key) || id === undefined || write.kind === 'delete';
				return isOpen ? [] : [[write.key, afterWrite(write, id)]];
			}),
		);
		const warnings = new Map([...this.holders].filter(([key]) => shown.has(key)));
		for (const key of warnings.keys()) this.holders.delete(key);
		return ok({ pending: false, refused, shown, warnings });
	}

	/** Notes what was created and refused; the failure of the whole call where it is one. */
	private takeOutcomes(
		writes: readonly ContactWrite[],
		outcomes: ReadonlyMap<string, Outcome>,
		refused: Map<string, Failure>,
	): Failure | undefined {
		const faults = [...outcomes.values()].flatMap((one) => (one.kind === 'failed' ? one.faults.slice(0, 1) : []));
		const asOne = faults.length === outcomes.size && failedAsOne(faults);
		for (const write of writes) {
			const outcome = outcomes.get(write.key);
			if (outcome?.kind === 'ok' && write.kind === 'create') this.created.set(write.key, fullId(outcome.id));
			if (outcome?.kind === 'lost') refused.set(write.key, outcome.failure);
			if (outcome?.kind !== 'failed') continue;
			const failure = rowFailure(this.faultsOf(write, outcome.faults), {
				object: this.formOf(write).object,
				attributes: Object.keys(write.attributes),
				required: write.kind === 'create' ? this.required : NONE,
				isNew: write.kind === 'create',
				keyField: this.parts.form.keyField,
			});
			// A deleted record is on no campaign any more.
			if (write.kind === 'leave' && isGone(outcome)) continue;
			// The engine splits a call that is refused as a whole until the bad rows stand alone (S16).
			if (asOne) return { kind: 'refused', code: 'DESTINATION_REFUSED', reason: failure.reason };
			if (failure.kind === 'stop') return failure;
			refused.set(write.key, failure);
			this.noteHolder(write.key, outcome.faults, failure);
		}
		return undefined;
	}

	private noteHolder(key: string, faults: readonly SalesforceFault[], failure: Failure): void {
		if (failure.kind !== 'refused' || !faults.some(({ code }) => code === 'DUPLICATE_VALUE')) return;
		const values = (failure.details as RefusedValues | undefined)?.values ?? [];
		const warnings = values.map((field) => ({ field, code: 'VALUE_REFUSED', message: failure.reason }));
		this.holders.set(key, [...(this.holders.get(key) ?? []), ...warnings]);
	}

	/** Adds records to the campaign. One that is there already needs no adding (S28). */
	private async join(writes: readonly ContactWrite[]): Promise<ReadonlyMap<string, Failure>> {
		const { campaign, writer, finder } = this.parts;
		if (!campaign || writes.length === 0) return new Map();
		const people = new Map(writes.map(({ key, held }) => [key, held?.id ?? this.created.get(key) ?? '']));
		const rows = writes.map(({ key }): Row => {
			const id = people.get(key) ?? '';
			const values = {
				CampaignId: campaign.id,
				[id.startsWith(CONTACT_PREFIX) ? 'ContactId' : 'LeadId']: id,
				...(campaign.status === undefined ? {} : { Status: campaign.status }),
			};
			return { key, record: { type: 'CampaignMember', values } };
		});
		const outcomes = await this.rows.write(rows, async (some) => await writer.create(some, 'adding campaign members'));
		return failuresOf(writes, outcomes, (key, outcome) => {
			if (outcome.kind === 'ok') finder.memberIds.set(people.get(key) ?? '', fullId(outcome.id));
			return hasFault(outcome, ({ message }) => /already a campaign member/i.test(message));
		});
	}

	/** Takes records off the campaign. */
	private async leave(writes: readonly ContactWrite[]): Promise<ReadonlyMap<string, Failure>> {
		const { writer, finder } = this.parts;
		const ids = writes.map(({ held }) => held?.id ?? '');
		const rows = writes.flatMap(({ key, held }): Row[] => {
			const id = finder.memberIds.get(held?.id ?? '');
			return id === undefined ? [] : [{ key, record: { type: 'CampaignMember', id, values: {} } }];
		});
		const outcomes = await this.rows.write(
			rows,
			async (some) =>
				await writer.remove(
					some.map(({ id = '' }) => id),
					'removing campaign members',
				),
		);
		for (const id of ids) finder.memberIds.delete(id);
		return failuresOf(writes, outcomes, (_key, outcome) => isGone(outcome));
	}

	/**
	 * Deletes records, to the recycle bin. One that Salesforce keeps, such as a contact with a case (SB-27), leaves the campaign all
	 * the same. The failure of the whole where one record may have failed all.
	 */
	private async remove(writes: readonly ContactWrite[]): Promise<ReadonlyMap<string, Failure> | Failure> {
		const { form } = this.parts;
		const rows = writes.flatMap(({ key, held }): Row[] =>
			held ? [{ key, record: { type: form.object.name, id: held.id, values: {} } }] : [],
		);
		const outcomes = await this.rows.write(
			rows,
			async (some) =>
				await this.parts.writer.remove(
					some.map(({ id = '' }) => id),
					'deleting records',
				),
		);
		if (outcomes.kind === 'ok') {
			const faults = [...outcomes.value.values()].flatMap((one) =>
				one.kind === 'failed' ? one.faults.slice(0, 1) : [],
			);
			if (faults.length === outcomes.value.size && failedAsOne(faults))
				return { kind: 'refused', code: 'DELETE_REFUSED', reason: rowFailure(faults, rowOf(form.object)).reason };
		}
		const failures = failuresOf(writes, outcomes, (_key, outcome) => isGone(outcome), form.object);
		const kept = writes.filter(({ key, held }) => failures.has(key) && held?.onList === true);
		const left = await this.leave(kept);
		return new Map([...failures, ...left].map(([key, failure]) => [key, failures.get(key) ?? failure]));
	}

	private formOf({ held }: ContactWrite): RecordForm {
		const { form, contactForm } = this.parts;
		const isBehind = form.object.name !== 'Contact' && held?.id.startsWith(CONTACT_PREFIX) === true;
		return (isBehind ? contactForm() : undefined) ?? form;
	}

	/** The errors of a record with the names of the contact's own fields. */
	private faultsOf({ held }: ContactWrite, faults: readonly SalesforceFault[]): readonly SalesforceFault[] {
		if (!held || !this.parts.people.accountOf(held.id)) return faults;
		return faults.map((fault) => ({ ...fault, fields: fault.fields.map(contactName) }));
	}
}

/** The contact as the accepted write leaves it: what was sent over what was held. */
function afterWrite(write: ContactWrite, id: string): HeldContact {
	const { held, email, sourceKey, kind, joinList, block, attributes } = write;
	const isMember = joinList || (held?.onList === true && kind !== 'leave');
	const key = sourceKey ?? held?.sourceKey;
	const address = email ?? held?.email;
	return {
		id,
		...(address === undefined ? {} : { email: address }),
		...(key === undefined ? {} : { sourceKey: key }),
		optedOut: block || held?.optedOut === true,
		onList: isMember,
		attributes: { ...held?.attributes, ...attributes },
	};
}
