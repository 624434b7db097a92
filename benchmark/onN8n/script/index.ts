import { setTimeout as pause } from 'node:timers/promises';
import { Client as HubSpot } from '@hubspot/api-client';
import { FilterOperatorEnum, type SimplePublicObject } from '@hubspot/api-client/lib/codegen/crm/contacts';
import { BrevoClient, type Brevo } from '@getbrevo/brevo';
import { MAPPING } from '../../mapping';
import type { ScriptDone, ScriptJob } from './job';

/**
 * The job as a plain script on the vendors' SDKs: members, batch reads of 100, imports of 5,000 rows, one after the other. It checks nothing
 * of what was stored, retries what the SDKs retry, and remembers nothing.
 */

const MEMBERS_PAGE = 250;
const SEARCH_PAGE = 200;
const BATCH_READ = 100;
const ROWS_PER_IMPORT = 5_000;
/** 18 calls a second of the 19 that are allowed, five searches. */
const HUBSPOT_PACE = { minTime: 56, maxConcurrent: 8 };
const SEARCH_PAUSE_MS = 220;
const MB = 1_048_576;

const INTERESTS: Readonly<Record<string, string>> = {
	coffee: 'Coffee',
	tea: 'Tea',
	books: 'Books',
	garden: 'Garden & “green” things',
	travel: 'Travel',
};
const STAGES: Readonly<Record<string, string>> = {
	subscriber: 'Subscriber',
	lead: 'Lead',
	marketingqualifiedlead: 'Marketing Qualified Lead',
	salesqualifiedlead: 'Sales Qualified Lead',
	opportunity: 'Opportunity',
	customer: 'Customer',
	evangelist: 'Evangelist',
	other: 'Other',
};

class Script {
	private readonly hubspot: HubSpot;
	private readonly brevo: BrevoClient;

	constructor(private readonly job: ScriptJob) {
		const { hubspot, brevo, isLimited } = job;
		this.hubspot = new HubSpot({
			accessToken: hubspot.key,
			basePath: hubspot.url,
			limiterOptions: isLimited ? HUBSPOT_PACE : { maxConcurrent: HUBSPOT_PACE.maxConcurrent },
		});
		this.brevo = new BrevoClient({ apiKey: brevo.key, baseUrl: brevo.url });
	}

	async run(): Promise<void> {
		const contacts = await this.contacts(await this.idsToSync());
		const isOut = ({ properties }: SimplePublicObject): boolean => properties.hs_email_optout === 'true';
		await this.store(
			contacts.filter((contact) => !isOut(contact)),
			false,
		);
		await this.store(contacts.filter(isOut), true);
	}

	private async idsToSync(): Promise<string[]> {
		const { since } = this.job;
		const members = await this.members();
		if (since === undefined) return members.map(({ recordId }) => recordId);
		const changed = await this.changedSince(since);
		return members
			.filter(({ recordId, joinedAt }) => joinedAt >= new Date(since) || changed.has(recordId))
			.map(({ recordId }) => recordId);
	}

	private async members(): Promise<Array<{ recordId: string; joinedAt: Date }>> {
		const found: Array<{ recordId: string; joinedAt: Date }> = [];
		let after: string | undefined;
		do {
			const page = await this.hubspot.crm.lists.membershipsApi.getPage(
				this.job.sourceListId,
				after,
				undefined,
				MEMBERS_PAGE,
			);
			for (const { recordId, membershipTimestamp } of page.results)
				found.push({ recordId, joinedAt: membershipTimestamp });
			after = page.paging?.next?.after;
		} while (after !== undefined);
		return found;
	}

	private async changedSince(since: string): Promise<Set<string>> {
		const ids = new Set<string>();
		let after: string | undefined;
		do {
			const { results, paging } = await this.hubspot.crm.contacts.searchApi.doSearch({
				filterGroups: [
					{
						filters: [
							{
								propertyName: 'lastmodifieddate',
								operator: FilterOperatorEnum.Gte,
								value: String(Date.parse(since)),
							},
						],
					},
				],
				sorts: ['lastmodifieddate'],
				properties: ['email'],
				limit: SEARCH_PAGE,
				after,
			});
			for (const { id } of results) ids.add(id);
			after = paging?.next?.after;
			if (after !== undefined && this.job.isLimited) await pause(SEARCH_PAUSE_MS);
		} while (after !== undefined);
		return ids;
	}

	private async contacts(ids: readonly string[]): Promise<SimplePublicObject[]> {
		const properties = [...Object.values(MAPPING), 'hs_email_optout'];
		const batches = await Promise.all(
			inParts(ids, BATCH_READ).map(
				async (part) =>
					await this.hubspot.crm.contacts.batchApi.read({
						inputs: part.map((id) => ({ id })),
						properties,
						propertiesWithHistory: [],
					}),
			),
		);
		return batches.flatMap(({ results }) => results);
	}

	private async store(contacts: readonly SimplePublicObject[], emailBlacklist: boolean): Promise<void> {
		for (const part of inParts(contacts, ROWS_PER_IMPORT)) {
			const { processId } = await this.brevo.contacts.importContacts({
				listIds: [this.job.destinationListId],
				updateExistingContacts: true,
				emptyContactsAttributes: false,
				emailBlacklist,
				jsonBody: part.map(rowOf),
			});
			await this.finished(processId);
		}
	}

	/** Asks for the process after one second, two more, four more: Brevo answers a hundred such calls an hour. */
	private async finished(processId: number): Promise<void> {
		for (let waitMs = this.job.isLimited ? 1_000 : 50; ; waitMs = Math.min(waitMs * 2, 8_000)) {
			await pause(waitMs);
			const { status } = await this.brevo.process.getProcess({ processId });
			if (status === 'completed') return;
			if (status === 'failed') throw new Error(`Import ${processId} failed`);
		}
	}
}

function rowOf({ properties }: SimplePublicObject): Brevo.ImportContactsRequest.JsonBody.Item {
	const attributes: Record<string, unknown> = {};
	for (const [name, property] of Object.entries(MAPPING)) {
		const value = properties[property];
		if (name === 'EMAIL' || !value) continue;
		attributes[name] = value;
	}
	const { lifecyclestage, interests } = properties;
	if (lifecyclestage) attributes.LIFECYCLE = STAGES[lifecyclestage];
	if (interests) attributes.INTERESTS = interests.split(';').flatMap((one) => INTERESTS[one] ?? []);
	return { email: properties.email ?? undefined, attributes };
}

const inParts = <T>(items: readonly T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2] ?? '') as ScriptJob;
	const script = new Script(job);
	const cpuBefore = process.cpuUsage();
	const startedAt = performance.now();
	await script.run();
	const { user, system } = process.cpuUsage(cpuBefore);
	const done: ScriptDone = {
		seconds: (performance.now() - startedAt) / 1_000,
		// The kernel says kilobytes.
		peakMb: Math.round((process.resourceUsage().maxRSS * 1_024) / MB),
		cpuSeconds: (user + system) / 1_000_000,
	};
	console.log(JSON.stringify(done));
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
