import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';
import { howLeft } from './former';

/** Something that changed on one side. */
export interface LogEntry {
	/** Counts up; a page shows what is above the last one it knows. */
	readonly n: number;
	/** ms since 1970, by the clock of the stand-ins. */
	readonly at: number;
	readonly side: 'HubSpot' | 'Brevo';
	readonly who: string;
	readonly what: string;
}

type HubSpotContact = ReturnType<RunningHubSpot['store']['contact']>;
type News = Omit<LogEntry, 'n' | 'at' | 'side'>;

const KEPT = 200;
/** A look that finds more than this on one side tells their number only: a first sync would fill the log. */
const TOLD_ONE_BY_ONE = 25;

/**
 * What changed on both sides, from the first look on. Looking costs a walk through all contacts, so it is done only when
 * somebody asks.
 */
export class ChangeLog {
	private readonly entries: LogEntry[] = [];
	private known: Map<number, HubSpotContact> | undefined;
	private members: ReadonlySet<number> = new Set();
	private list: number | undefined;
	private writesRead = 0;
	private count = 0;

	constructor(
		private readonly hubspot: RunningHubSpot,
		private readonly brevo: RunningBrevo,
	) {}

	/** Looks at both sides and returns what is known by now, the newest first. `list`: whose members' comings and goings count. */
	look(list: number | undefined): readonly LogEntry[] {
		const first = this.known === undefined;
		const fromHubSpot = this.newsOfHubSpot(list);
		const fromBrevo = this.newsOfBrevo();
		if (!first) {
			this.tell('HubSpot', fromHubSpot);
			this.tell('Brevo', fromBrevo);
		}
		return this.entries;
	}

	private newsOfHubSpot(list: number | undefined): News[] {
		const { contacts } = this.hubspot.store.contacts;
		const members = new Set(list === undefined ? [] : this.hubspot.store.list(list).members.ids());
		const sameList = list === this.list;
		const news: News[] = [];
		for (const contact of contacts.values()) {
			const before = this.known?.get(contact.id);
			const what = [...changesOf(before, contact), ...(sameList ? movesOf(contact.id, this.members, members) : [])];
			if (what.length > 0) news.push({ who: nameOf(contact.properties, contact.id), what: what.join(', ') });
		}
		this.known = new Map([...contacts].map(([id, contact]) => [id, { ...contact }]));
		this.members = members;
		this.list = list;
		return news;
	}

	private newsOfBrevo(): News[] {
		const { writes, contacts, lists } = this.brevo.store;
		if (writes.length < this.writesRead) this.writesRead = 0;
		const unread = writes.slice(this.writesRead);
		this.writesRead = writes.length;
		return unread.map(({ contactId, kind, changedFields, via }) => {
			const contact = contacts.get(contactId);
			const { FIRSTNAME: firstname, LASTNAME: lastname } = contact?.attributes ?? {};
			const fields = changedFields.map((field) => {
				if (field === 'emailBlacklisted') return contact?.emailBlocked ? 'blocked' : 'un-blocked';
				const [, sign, id] = /^([+-])list:(\d+)$/.exec(field) ?? [];
				if (sign === undefined) return field;
				const name = lists.get(Number(id))?.name ?? `list ${id ?? ''}`;
				return sign === '+' ? `put on “${name}”` : `taken off “${name}”`;
			});
			return {
				who: nameOf({ firstname, lastname, email: contact?.identifiers.email }, contactId),
				what: `${via === 'control' ? `${kind} by hand` : kind}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`,
			};
		});
	}

	private tell(side: LogEntry['side'], news: readonly News[]): void {
		const told =
			news.length > TOLD_ONE_BY_ONE ? [{ who: `${news.length} contacts`, what: 'created or changed at once' }] : news;
		for (const one of told) {
			this.count += 1;
			this.entries.unshift({ n: this.count, at: this.hubspot.clock.now(), side, ...one });
		}
		this.entries.splice(KEPT);
	}
}

function changesOf(before: HubSpotContact | undefined, now: HubSpotContact): string[] {
	if (before === undefined) return ['created'];
	const what: string[] = [];
	if (before.archivedAt !== now.archivedAt)
		what.push(now.archivedAt === undefined ? 'restored' : howLeft(now) === 'merged' ? 'merged' : 'deleted');
	if (before.properties === now.properties) return what;
	for (const name of new Set([...Object.keys(before.properties), ...Object.keys(now.properties)])) {
		if (before.properties[name] === now.properties[name]) continue;
		if (name === 'hs_email_optout') what.push(now.properties[name] === 'true' ? 'unsubscribed' : 'subscribed again');
		else if (name === 'hs_analytics_num_page_views') what.push('page view');
		else if (!name.startsWith('hs_')) what.push(`${name} changed`);
	}
	return what;
}

function movesOf(id: number, before: ReadonlySet<number>, now: ReadonlySet<number>): string[] {
	if (before.has(id) === now.has(id)) return [];
	return [now.has(id) ? 'joined the list' : 'off the list'];
}

function nameOf({ firstname, lastname, email }: Readonly<Record<string, unknown>>, id: number): string {
	return [firstname, lastname].filter(Boolean).join(' ') || (typeof email === 'string' ? email : `Contact ${id}`);
}
