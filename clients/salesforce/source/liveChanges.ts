import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ContactCursor } from './contactCursor';
import type { BatchResult, PollContext } from './pollContext';
import { nothing } from './pollContext';
import { classifyRecords } from './records/classifyRecords';
import { classifyIds } from './records/classifyIds';
import { fullId } from '../api/fields/recordIds';
import { withHandover } from './advanceCursor';
import { allOf, soqlText } from '../soql/buildSoql';
import { ModstampReader } from './readers/modstampReader';
import { STAMP_FIELD } from '../api/fields/recordFields';
import { fieldsToRead } from './records/toContactChange';

/**
 * One poll's reading of what changed: records, and in a campaign memberships. The fields of a query are those of the last
 * one, so that an idle poll need not read definitions; they are read again before a record is emitted.
 */
export class LiveChanges {
	private records: ModstampReader | undefined;
	private memberships: ModstampReader | undefined;

	constructor(private readonly context: PollContext) {}

	/** At `most` so many records in the batch; absent: as set. */
	async next(
		at: ContactCursor,
		wanted: readonly string[],
		most: number = this.context.batchSize,
	): Promise<BatchResult> {
		const ready = at.select?.wanted === wanted.join(',') ? ok(at) : await this.withFields(at, wanted);
		if (ready.kind !== 'ok') return ready;
		const batch = await this.read(ready.value, wanted, most);
		if (batch.kind !== 'stop' || batch.code !== 'PERMISSION_MISSING') return batch;
		// A field of the query may be gone, or hidden from the user since.
		const renewed = await this.withFields(ready.value, wanted);
		if (renewed.kind !== 'ok') return renewed;
		if (isSameSelect(ready.value, renewed.value)) return batch;
		this.beginAnew();
		return nothing(renewed.value);
	}

	private async read(at: ContactCursor, wanted: readonly string[], most: number): Promise<BatchResult> {
		const opened = this.records ? ok(undefined) : await this.open(at);
		if (opened.kind !== 'ok') return opened;
		if (this.records && !this.records.isDone) return await this.readRecords(at, this.records, wanted, most);
		if (this.memberships && !this.memberships.isDone) return await this.readMemberships(at, this.memberships, most);
		return nothing(at, false);
	}

	private async readRecords(
		at: ContactCursor,
		reading: ModstampReader,
		wanted: readonly string[],
		most: number,
	): Promise<BatchResult> {
		const { time } = this.context;
		const read = await reading.next(at.records, most);
		if (read.kind !== 'ok') return read;
		const { rows, position } = read.value;
		if (rows.length === 0) return nothing({ ...at, records: position });
		const renewed = await this.withFields(at, wanted);
		if (renewed.kind !== 'ok') return renewed;
		if (!isSameSelect(at, renewed.value)) {
			this.beginAnew();
			return nothing(renewed.value);
		}
		const readAt = time.now();
		const classified = await classifyRecords(this.context, at.memory, rows, { membershipOnly: false });
		if (classified.kind !== 'ok') return classified;
		const next = withHandover({ ...at, records: position }, classified.value, readAt);
		return ok({ changes: classified.value.changes, phase: 'live', next, more: true });
	}

	/** Records that joined or left a campaign: those of memberships that changed. */
	private async readMemberships(at: ContactCursor, reading: ModstampReader, most: number): Promise<BatchResult> {
		const { object, time } = this.context;
		if (!at.memberships) return nothing(at);
		const read = await reading.next(at.memberships, most);
		if (read.kind !== 'ok') return read;
		const { rows, position } = read.value;
		const ids = rows.flatMap(({ record }) => {
			const id = record[`${object}Id`];
			return typeof id === 'string' ? [fullId(id)] : [];
		});
		const readAt = time.now();
		const classified = await classifyIds(this.context, at.memory, [...new Set(ids)]);
		if (classified.kind !== 'ok') return classified;
		const next = withHandover({ ...at, memberships: position }, classified.value, readAt);
		return ok({ changes: classified.value.changes, phase: 'live', next, more: true });
	}

	/** Opens the readers, those of a campaign with one counted call for both. */
	private async open(at: ContactCursor): Promise<Result<unknown>> {
		const { client, object, scope } = this.context;
		const fields = at.select?.fields ?? [];
		const doing = 'looking for changes';
		this.records = new ModstampReader(this.context, { fields, from: object, where: '', doing });
		const { campaign } = scope;
		if (campaign === undefined || !at.memberships) return ok(undefined);
		const person = `${object}Id`;
		this.memberships = new ModstampReader(this.context, {
			fields: ['Id', person, 'IsDeleted', STAMP_FIELD],
			from: 'CampaignMember',
			where: allOf(`CampaignId = ${soqlText(campaign)}`, `${person} != null`),
			doing,
		});
		const begun = [this.records.firstQuery(at.records), this.memberships.firstQuery(at.memberships)];
		const pages = await client.queries(begun, doing);
		if (pages.kind !== 'ok') return this.alone(pages);
		const [records, memberships] = pages.value;
		if (records) this.records.takeFirstPage(records);
		if (memberships) this.memberships.takeFirstPage(memberships);
		return pages;
	}

	/** After a query that took too long each is sent by itself, for fewer rows. */
	private alone(failure: Failure): Result<unknown> {
		const narrowed = [this.records, this.memberships].map((reading) => reading?.mayRepeat(failure) === true);
		if (narrowed.some(Boolean)) return ok(undefined);
		this.beginAnew();
		return failure;
	}

	private beginAnew(): void {
		this.records = undefined;
		this.memberships = undefined;
	}

	private async withFields(at: ContactCursor, wanted: readonly string[]): Promise<Result<ContactCursor>> {
		const settings = await this.context.settings();
		if (settings.kind !== 'ok') return settings;
		const fields = fieldsToRead(wanted, settings.value.described);
		return ok({ ...at, select: { wanted: wanted.join(','), fields } });
	}
}

const isSameSelect = (a: ContactCursor, b: ContactCursor): boolean =>
	a.select?.fields.join(',') === b.select?.fields.join(',');
