import type { SandboxClock } from '../../engine';
import { canonicalId, idOf } from './ids';
import type { Row, Surroundings, Value } from '../schema/fields';
import { Schema, type ObjectName, type SObject } from '../schema/objects';
import type { SalesforceSettings } from '../settings';
import type { Scope } from '../soql/bind';
import { AdminRules } from '../writes/adminRules';
import { Locks } from '../writes/locks';
import { DELETED_AT, Table, type Undo } from './table';

export type Values = Readonly<Record<string, Value>>;

/** How long deleted records can be had back. */
const BIN_MS = 15 * 86_400_000;

interface Late {
	readonly at: number;
	readonly apply: () => void;
}

/** Everything one organisation holds. Rows are never changed in place. */
export class SalesforceStore implements Surroundings {
	readonly schema: Schema;
	readonly tables: ReadonlyMap<string, Table>;
	/** The user that API calls act for, unless a session belongs to another. */
	integrationUserId = '';
	/** The user that the lead assignment rule gives leads to. */
	routingUserId = '';
	organizationId = '';
	/** When records were last purged from the recycle bin, ms since 1970. */
	lastPurge: number;
	readonly rules = new AdminRules();
	readonly locks = new Locks();
	private readonly bin = new Map<string, { readonly table: Table; readonly at: number }>();
	private late: Late[] = [];
	private journal: Undo[] | undefined;

	constructor(
		private readonly clock: SandboxClock,
		readonly settings: SalesforceSettings,
	) {
		const created = Date.UTC(2024, 0, 1);
		this.schema = new Schema(settings, created);
		this.tables = new Map([...this.schema.objects.values()].map((object) => [object.name, new Table(object)]));
		this.lastPurge = created;
	}

	/** Time of the organisation, ms since 1970. */
	now(): number {
		return this.clock.now() + this.settings.clockSkewMs;
	}

	/** Stamps have whole seconds. */
	stamp(at = this.now()): number {
		return Math.floor(at / 1_000) * 1_000;
	}

	table(name: string): Table {
		const table = this.tables.get(this.schema.must(name).name);
		if (table === undefined) throw new Error(`No object ${name}`);
		return table;
	}

	/** A row by id of 15 or 18 characters, deleted or not. */
	find(object: string, id: Value | undefined): Row | undefined {
		const canonical = typeof id === 'string' ? canonicalId(id) : undefined;
		return canonical === undefined ? undefined : this.table(object).rows.get(canonical);
	}

	lookup(object: string, id: Value | undefined): Row | undefined {
		return typeof id === 'string' ? this.tables.get(object)?.rows.get(id) : undefined;
	}

	/** A row that must exist: for operations, whose mistakes are the caller's. */
	must(object: string, id: string): Row {
		const row = this.find(object, id);
		if (row === undefined) throw new Error(`No ${object} ${id}`);
		return row;
	}

	/** Adds a record without checks; returns its row. `at` is when it was made and last changed. */
	insert(object: ObjectName, values: Values, options: { at?: number; by?: string } = {}): Row {
		const table = this.table(object);
		const at = this.stamp(options.at);
		const by = options.by ?? this.integrationUserId;
		const id = idOf(table.object.keyPrefix, table.nextNumber());
		const system = {
			Id: id,
			CreatedDate: at,
			CreatedById: by,
			LastModifiedDate: at,
			LastModifiedById: by,
			SystemModstamp: at,
		};
		const owner: Values = table.object.fields.has('ownerid') ? { OwnerId: by } : {};
		return this.put(table, { ...table.blank, ...owner, ...system, ...values });
	}

	/** Changes a record as `by` would. An automated change moves `SystemModstamp` alone. */
	change(
		object: string,
		id: string,
		values: Values,
		options: { at?: number; by?: string; automated?: boolean } = {},
	): Row {
		const row = this.must(object, id);
		const at = this.stamp(options.at);
		const by = options.by ?? this.integrationUserId;
		const edited: Values = options.automated === true ? {} : { LastModifiedDate: at, LastModifiedById: by };
		return this.put(this.table(object), { ...row, ...values, ...edited, SystemModstamp: at });
	}

	/** Puts a record into the recycle bin, its campaign memberships too. */
	remove(object: string, id: string, more: Values = {}): void {
		const row = this.must(object, id);
		if (row['IsDeleted'] !== false) throw new Error(`${object} ${id} cannot be deleted`);
		const at = this.now();
		const members = object === 'Contact' || object === 'Lead' ? this.table('CampaignMember').having(`${object}Id`, row['Id'] as string) : []; // prettier-ignore
		for (const member of members) if (member['IsDeleted'] === false) this.bury('CampaignMember', member, at, {});
		this.bury(object, row, at, more);
	}

	private bury(object: string, row: Row, at: number, more: Values): void {
		const moved: Values = this.settings.deleteMovesStamp
			? { SystemModstamp: this.stamp(at), LastModifiedDate: this.stamp(at) }
			: {};
		this.put(this.table(object), { ...row, ...moved, ...more, IsDeleted: true, [DELETED_AT]: at });
	}

	/** Brings a record back from the recycle bin, with the memberships that went with it. */
	undelete(object: string, id: string): void {
		const row = this.must(object, id);
		const at = row[DELETED_AT];
		if (row['IsDeleted'] !== true) throw new Error(`${object} ${id} is not deleted`);
		const revive = (name: string, one: Row): void => {
			const moved: Values = this.settings.deleteMovesStamp
				? { SystemModstamp: this.stamp(), LastModifiedDate: this.stamp() }
				: {};
			this.put(this.table(name), { ...one, ...moved, IsDeleted: false, MasterRecordId: null, [DELETED_AT]: null });
		};
		revive(object, row);
		if (object !== 'Contact' && object !== 'Lead') return;
		const members = this.table('CampaignMember').having(`${object}Id`, row['Id'] as string);
		for (const member of members) if (member[DELETED_AT] === at) revive('CampaignMember', member);
	}

	/** Empties the recycle bin, or takes one record out of it. */
	purge(id?: string): void {
		const ids = id === undefined ? [...this.bin.keys()] : [canonicalId(id) ?? id];
		for (const one of ids) {
			const entry = this.bin.get(one);
			if (entry === undefined) throw new Error(`${one} is not in the recycle bin`);
			entry.table.drop(one);
			this.bin.delete(one);
		}
		if (ids.length > 0) this.lastPurge = this.now();
	}

	/** Lets a change with today's stamp become visible `afterMs` later, as a long transaction does. */
	commitLate(afterMs: number, work: (at: number) => void): void {
		const at = this.now();
		this.late.push({ at: at + afterMs, apply: () => work(at) });
	}

	/** Lets what is due happen: late commits, the end of the recycle bin's 15 days. */
	settle(): void {
		const now = this.now();
		const due = this.late.filter(({ at }) => at <= now);
		this.late = this.late.filter(({ at }) => at > now);
		for (const { apply } of due) apply();
		for (const [id, { at }] of this.bin) if (at + BIN_MS <= now) this.purge(id);
	}

	/** Takes everything back that `work` changed when it says so. */
	transaction<T>(work: (rollBack: () => void) => T): T {
		const outer = this.journal;
		const journal: Undo[] = [];
		this.journal = journal;
		try {
			return work(() => {
				for (const undo of journal.splice(0).reverse()) undo();
			});
		} finally {
			this.journal = outer;
			outer?.push(...journal);
		}
	}

	/** The view of a query: what the user may see. */
	scope(userId: string, withDeleted: boolean): Scope {
		const { schema, settings } = this;
		const isShared = (object: SObject, row: Row) =>
			settings.userViewsAll || !object.fields.has('ownerid') || row['OwnerId'] === userId;
		const tables = this.tables;
		return {
			schema,
			userId,
			withDeleted,
			subqueriesSeeDeleted: settings.subqueriesSeeDeleted,
			lookup: (object, id) => this.lookup(object, id),
			now: () => this.now(),
			*rows(object, deletedToo) {
				for (const row of (tables.get(object.name) as Table).all()) {
					if ((deletedToo || row['IsDeleted'] !== true) && isShared(object, row)) yield row;
				}
			},
		};
	}

	private put(table: Table, row: Row): Row {
		const id = row['Id'] as string;
		const wasBinned = this.bin.get(id);
		const undo = table.put(row);
		if (row['IsDeleted'] === true) this.bin.set(id, { table, at: Number(row[DELETED_AT]) });
		else this.bin.delete(id);
		this.journal?.push(() => {
			undo();
			if (wasBinned === undefined) this.bin.delete(id);
			else this.bin.set(id, wasBinned);
		});
		return row;
	}
}
