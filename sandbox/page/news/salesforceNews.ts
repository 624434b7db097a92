import type { Row, RunningSalesforce } from '../../salesforce';
import { howGone } from '../sources/salesforceSource';
import { nameOf, type News, type NewsDesk } from './news';

const OBJECTS = ['Contact', 'Lead', 'CampaignMember'] as const;
/** Fields that change by themselves, or are told in other words. */
const UNTOLD = /^(\$|System|LastModified|IsDeleted$|IsConverted$|Converted|MasterRecordId$|Status$)/;

/** What changed in Salesforce. Rows are never changed in place, so that most need no second look. */
export class SalesforceNews implements NewsDesk {
	private known: ReadonlyMap<string, Row> = new Map();

	constructor(private readonly salesforce: RunningSalesforce) {}

	look(): News[] {
		const { store } = this.salesforce;
		const now = new Map<string, Row>();
		const news: News[] = [];
		for (const object of OBJECTS) {
			for (const [id, row] of store.table(object).rows) {
				now.set(id, row);
				const before = this.known.get(id);
				if (before === row) continue;
				const person = object === 'CampaignMember' ? this.personOf(row) : row;
				const what = object === 'CampaignMember' ? movesOf(before, row) : changesOf(before, row);
				const who = nameOf(person?.['FirstName'], person?.['LastName'], person?.['Email'], id);
				if (what.length > 0) news.push({ who: object === 'Lead' ? `Lead ${who}` : who, what: what.join(', ') });
			}
		}
		this.known = now;
		return news;
	}

	private personOf(member: Row): Row | undefined {
		const { store } = this.salesforce;
		return store.lookup('Contact', member['ContactId']) ?? store.lookup('Lead', member['LeadId']);
	}
}

function changesOf(before: Row | undefined, now: Row): string[] {
	if (before === undefined) return ['created'];
	const how = howGone(now);
	if (how !== howGone(before)) return [how ?? 'restored'];
	return Object.keys(now).flatMap((name) => {
		if (before[name] === now[name] || UNTOLD.test(name)) return [];
		if (name === 'HasOptedOutOfEmail') return [now[name] === true ? 'opted out of e-mail' : 'opted in again'];
		return [`${name} changed`];
	});
}

function movesOf(before: Row | undefined, now: Row): string[] {
	const isMember = now['IsDeleted'] === false;
	if (isMember === (before?.['IsDeleted'] === false)) return [];
	return [isMember ? 'added to a campaign' : 'off a campaign'];
}
