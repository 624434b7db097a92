import { refusal } from './errors';
import type { Row } from './schema/fields';
import type { SObject } from './schema/objects';
import type { SalesforceSettings } from './settings';
import type { BoundField } from './soql/bind';
import type { SalesforceStore } from './records/store';

/** The rest of a query, read page by page. */
export interface Cursor {
	readonly id: string;
	readonly userId: string;
	readonly object: SObject;
	readonly fields: readonly BoundField[];
	/** As they were when the query ran. */
	readonly rows: readonly Row[];
	readonly pageSize: number;
	readonly startedAt: number;
	usedAt: number;
}

const TWO_DAYS_MS = 2 * 86_400_000;
const IDLE_MS = 15 * 60_000;
export const MIN_PAGE = 200;
/** Two long texts and more in one select bring pages down to this. */
const WIDE_PAGE = 200;

/** Open query locators. */
export class Cursors {
	private readonly open = new Map<string, Cursor>();
	private lastNumber = 0;

	constructor(
		private readonly store: SalesforceStore,
		private readonly settings: SalesforceSettings,
	) {}

	/** Keeps a query for further pages; the user's oldest locator may have to go for it. */
	keep(found: Pick<Cursor, 'object' | 'fields' | 'rows' | 'pageSize' | 'userId'>): Cursor {
		this.lastNumber += 1;
		const id = `0r8xx${String(this.lastNumber).padStart(10, '0')}AAA`;
		const now = this.store.now();
		const cursor: Cursor = { ...found, id, startedAt: now, usedAt: now };
		const most = this.settings.locatorLife === 'idle15Minutes' && this.settings.openLocators === 0 ? 10 : this.settings.openLocators; // prettier-ignore
		const own = [...this.open.values()].filter(({ userId }) => userId === found.userId);
		if (most > 0 && own.length >= most) {
			const oldest = own.reduce((a, b) => (b.usedAt < a.usedAt ? b : a));
			this.open.delete(oldest.id);
		}
		this.open.set(id, cursor);
		return cursor;
	}

	/** The cursor of a locator such as `0r8…-2000`, and where its next page begins. */
	at(locator: string, userId: string): { cursor: Cursor; from: number } {
		const match = /^([0-9A-Za-z]+)-(\d+)$/.exec(locator);
		const cursor = this.open.get(match?.[1] ?? '');
		const from = Number(match?.[2]);
		const now = this.store.now();
		const isLive =
			cursor !== undefined &&
			cursor.userId === userId &&
			from <= cursor.rows.length &&
			(this.settings.locatorLife === 'twoDays' ? now < cursor.startedAt + TWO_DAYS_MS : now < cursor.usedAt + IDLE_MS);
		if (!isLive) throw refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
		cursor.usedAt = now;
		return { cursor, from };
	}

	expireAll(): void {
		this.open.clear();
	}
}

/** Rows of a page: what was asked for (200 to 2,000), less where rows are wide or the organisation gives less. */
export function pageSize(
	asked: number | undefined,
	fields: readonly BoundField[],
	settings: SalesforceSettings,
): number {
	const wanted = Math.min(Math.max(asked ?? 2_000, MIN_PAGE), 2_000);
	const longTexts = fields.filter(
		({ field }) => field.name.endsWith('__c') && field.type === 'textarea' && field.length > 255,
	);
	return Math.min(wanted, settings.maxPageSize, longTexts.length >= 2 ? WIDE_PAGE : Infinity);
}

/** How many rows the page that begins at `from` has: all of `size`, or some part of it that follows from `from`. */
export function rowsOfPage(from: number, size: number, settings: SalesforceSettings): number {
	if (settings.pages === 'full') return size;
	return Math.max(1, size - ((from * 31 + 97) % Math.ceil(size / 2)));
}
