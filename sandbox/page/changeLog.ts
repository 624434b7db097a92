import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';
import type { RunningSalesforce } from '../salesforce';
import { BrevoNews } from './news/brevoNews';
import { HubSpotNews } from './news/hubspotNews';
import type { News, NewsDesk } from './news/news';
import { SalesforceNews } from './news/salesforceNews';

/** Something that changed on one side. */
export interface LogEntry extends News {
	/** Counts up; a page shows what is above the last one it knows. */
	readonly n: number;
	/** ms since 1970, by the clock of the stand-ins. */
	readonly at: number;
	readonly side: 'HubSpot' | 'Salesforce' | 'Brevo';
}

const KEPT = 200;
/** A look that finds more than this on one side tells their number only: a first sync would fill the log. */
const TOLD_ONE_BY_ONE = 25;

/**
 * What changed on all sides, from the first look on. Looking costs a walk through all contacts, so it is done only on
 * request.
 */
export class ChangeLog {
	private readonly entries: LogEntry[] = [];
	private readonly desks: ReadonlyArray<readonly [LogEntry['side'], NewsDesk]>;
	private isFirstLook = true;
	private count = 0;

	constructor(
		private readonly hubspot: RunningHubSpot,
		salesforce: RunningSalesforce,
		brevo: RunningBrevo,
	) {
		this.desks = [
			['HubSpot', new HubSpotNews(hubspot)],
			['Salesforce', new SalesforceNews(salesforce)],
			['Brevo', new BrevoNews(brevo)],
		];
	}

	/** Looks at all sides and returns what is known by now, the newest first. `list`: the HubSpot list that is shown. */
	look(list: string | undefined): readonly LogEntry[] {
		for (const [side, desk] of this.desks) {
			const news = desk.look(list);
			if (!this.isFirstLook) this.tell(side, news);
		}
		this.isFirstLook = false;
		return this.entries;
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
