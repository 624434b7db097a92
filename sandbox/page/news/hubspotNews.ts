import type { RunningHubSpot } from '../../hubspot';
import { type HubSpotContact, howLeft } from '../sources/hubspotSource';
import { nameOf, type News, type NewsDesk } from './news';

/** What changed in HubSpot, and which contacts joined and left the list that is shown. */
export class HubSpotNews implements NewsDesk {
	private known: ReadonlyMap<number, HubSpotContact> | undefined;
	private members: ReadonlySet<number> = new Set();
	private list: string | undefined;

	constructor(private readonly hubspot: RunningHubSpot) {}

	look(list: string | undefined): News[] {
		const { contacts } = this.hubspot.store.contacts;
		const members = new Set(list === undefined ? [] : this.hubspot.store.list(list).members.ids());
		const sameList = list === this.list;
		const news: News[] = [];
		for (const contact of contacts.values()) {
			const before = this.known?.get(contact.id);
			const what = [...changesOf(before, contact), ...(sameList ? movesOf(contact.id, this.members, members) : [])];
			const { firstname, lastname, email } = contact.properties;
			if (what.length > 0) news.push({ who: nameOf(firstname, lastname, email, contact.id), what: what.join(', ') });
		}
		this.known = new Map([...contacts].map(([id, contact]) => [id, { ...contact }]));
		this.members = members;
		this.list = list;
		return news;
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
