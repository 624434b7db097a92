import type { ContactStore, Source } from '../contacts/contactStore';
import type { Contact } from '../entities';
import type { Schedule } from '../schedule';
import type { HubSpotSettings } from '../settings';

export type ImportState = 'STARTED' | 'PROCESSING' | 'DONE' | 'FAILED' | 'CANCELED' | 'DEFERRED';

/** A row of the file, with the record id it names. `values` are by property name. */
export interface ImportRow {
	readonly line: number;
	readonly cells: readonly string[];
	readonly id: string;
}

export interface ImportError {
	readonly id: string;
	readonly at: number;
	readonly errorType: string;
	readonly row: ImportRow;
}

/** An import; instants are ms since 1970. */
export interface Import {
	readonly id: number;
	readonly name: string;
	readonly createdAt: number;
	readonly isMarketable: boolean | undefined;
	readonly rows: readonly ImportRow[];
	readonly errors: ImportError[];
	state: ImportState;
	updatedAt: number;
	updated: number;
}

const STATUS = 'hs_marketable_status';

/**
 * Imports that update contacts by their record ids. They are taken at once and carried out later: `STARTED`, then `PROCESSING` after half of
 * `settings.importTakesMs`, and over after the whole.
 */
export class ImportStore {
	readonly imports = new Map<number, Import>();
	private lastId = 5_100;

	constructor(
		private readonly now: () => number,
		private readonly settings: HubSpotSettings,
		private readonly contacts: ContactStore,
		private readonly schedule: Schedule,
	) {}

	start(name: string, rows: readonly ImportRow[], isMarketable: boolean | undefined): Import {
		const id = (this.lastId += 7);
		const at = this.now();
		const one: Import = {
			id,
			name,
			createdAt: at,
			isMarketable,
			rows,
			errors: [],
			state: 'STARTED',
			updatedAt: at,
			updated: 0,
		};
		this.imports.set(id, one);
		const { importTakesMs, importEnds } = this.settings;
		this.schedule.at(at + importTakesMs / 2, (then) => this.move(one, 'PROCESSING', then));
		this.schedule.at(at + importTakesMs, (then) => {
			if (importEnds === 'DONE') this.carryOut(one, then);
			else this.move(one, importEnds, then);
		});
		return one;
	}

	/** Ends an import that is not over; its rows are not carried out. */
	cancel(one: Import): void {
		this.move(one, 'CANCELED', this.now());
	}

	/** Marketing contacts of the account. */
	get marketingContacts(): number {
		return [...this.contacts.contacts.values()].filter(
			({ properties, archivedAt }) => archivedAt === undefined && properties[STATUS] === 'true',
		).length;
	}

	private move(one: Import, state: ImportState, at: number): void {
		if (!isOpen(one)) return;
		Object.assign(one, { state, updatedAt: at });
	}

	private carryOut(one: Import, at: number): void {
		if (!isOpen(one)) return;
		const { marketingLimit, overMarketingLimit } = this.settings;
		const room = marketingLimit === null ? Infinity : marketingLimit - this.marketingContacts;
		const wanted = one.rows.filter(({ id }) => this.contacts.live(Number(id))?.properties[STATUS] !== 'true').length;
		if (this.marks(one) && wanted > room && overMarketingLimit === 'failed') return this.move(one, 'FAILED', at);
		const seen = new Set<string>();
		for (const row of one.rows) {
			const contact = /^\d{1,15}$/.test(row.id) ? this.contacts.live(Number(row.id)) : undefined;
			if (seen.has(row.id)) this.refuse(one, row, 'DUPLICATE_RECORD_ID', at);
			else if (contact === undefined) this.refuse(one, row, 'INVALID_RECORD_ID', at);
			else this.update(one, row, contact, at);
			seen.add(row.id);
		}
		this.move(one, 'DONE', at);
	}

	private update(one: Import, row: ImportRow, contact: Contact, at: number): void {
		const { marketingLimit, overMarketingLimit } = this.settings;
		const isFull = marketingLimit !== null && this.marketingContacts >= marketingLimit;
		const isNew = contact.properties[STATUS] !== 'true';
		if (this.marks(one) && isNew && isFull) {
			if (overMarketingLimit === 'rowErrors') this.refuse(one, row, 'LIMIT_EXCEEDED', at);
			return;
		}
		one.updated += 1;
		if (!this.marks(one) || !isNew) return;
		const source: Source = { sourceType: 'IMPORT', sourceId: String(one.id) };
		this.contacts.change(contact.id, { [STATUS]: 'true' }, source, at);
	}

	/** Whether the import sets marketing contacts: one that says `false` leaves those that are. */
	private marks({ isMarketable }: Import): boolean {
		return isMarketable === true && this.settings.marketingContacts === 'has';
	}

	private refuse(one: Import, row: ImportRow, errorType: string, at: number): void {
		one.errors.push({ id: `${one.id}-${row.line}`, at, errorType, row });
	}
}

const isOpen = ({ state }: Import): boolean => state === 'STARTED' || state === 'PROCESSING' || state === 'DEFERRED';
