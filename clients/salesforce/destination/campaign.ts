import { RecentAnswers } from '../../../core/calls/cache/answerCache';
import { DefinitionCache } from '../../../core/calls/cache/definitionCache';
import { textOf } from '../../../core/json';
import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { SalesforceClient } from '../api/salesforceClient';
import type { Campaign } from '../api/types';
import { select, soqlText } from '../soql/buildSoql';

/** The campaign to fill: one that exists, or one found by its name and created if need be. */
export type CampaignChoice =
	| { readonly id: string }
	| {
			readonly name: string;
			/** False: a missing campaign is not created (dry run, Check Set-Up). */
			readonly create: boolean;
	  };

/** Long enough for the batches of a first sync, short enough to notice soon that a campaign was deleted. */
const KEEP_MS = 60_000;
/** Describe of Campaign: Name has 80 characters. */
const NAME_LENGTH = 80;

const campaigns = new RecentAnswers<string | undefined>(KEEP_MS);
const statuses = new DefinitionCache<readonly string[]>((labels) => labels);

/**
 * The id of the campaign; undefined while it does not exist and is not to be created. One of that name is found again in later
 * runs, the oldest of several. Use it only within `exclusively(account)`.
 */
export async function campaignIdOf(
	client: SalesforceClient,
	account: string,
	choice: CampaignChoice,
	clock: Clock,
): Promise<Result<string | undefined>> {
	const named = 'id' in choice ? `id ${choice.id}` : `name ${choice.name.trim().toLowerCase()}`;
	const key = `${account} ${named}`;
	const found = await campaigns.get(key, clock, async () => await findOrCreate(client, choice));
	if (found.kind === 'ok' && found.value === undefined) campaigns.forget(key);
	return found;
}

/** What creating a campaign costs: the call that does it. */
export const CALLS_TO_CREATE = 1;

async function findOrCreate(client: SalesforceClient, choice: CampaignChoice): Promise<Result<string | undefined>> {
	const found = await findCampaign(client, choice);
	if (found.kind !== 'ok') return found;
	if (found.value || 'id' in choice || !choice.create) return ok(found.value?.id);
	const record = { type: 'Campaign', values: { Name: choice.name.trim(), IsActive: true } };
	const created = await client.writer().create([record], 'creating the campaign');
	if (created.kind === 'ok') {
		const [row] = created.value;
		if (row?.kind === 'ok') return ok(row.id);
		return {
			kind: 'stop',
			code: 'PERMISSION_MISSING',
			reason: `Salesforce does not let the user of the credential create the campaign (${row?.faults[0]?.code ?? 'no reason'}): the user needs 'Marketing User' and the right to create campaigns`,
		};
	}
	// Also after a fault: the call may have been carried out all the same.
	const now = await findCampaign(client, choice);
	if (now.kind !== 'ok') return now;
	return now.value ? ok(now.value.id) : created;
}

/** The campaign of that id or name; undefined where none has the name. */
export async function findCampaign(
	client: SalesforceClient,
	choice: CampaignChoice,
): Promise<Result<Campaign | undefined>> {
	if ('id' in choice) return await client.campaign(choice.id);
	const name = choice.name.trim();
	if (name === '' || [...name].length > NAME_LENGTH)
		return invalid(`The name of the campaign must have 1 to ${NAME_LENGTH} characters`);
	return await client.campaignNamed(name);
}

/** The statuses that members of a campaign can have. */
export async function statusesOf(client: SalesforceClient, campaignId: string): Promise<Result<readonly string[]>> {
	const where = `CampaignId = ${soqlText(campaignId)}`;
	const soql = select({ fields: ['Id', 'Label'], from: 'CampaignMemberStatus', where });
	const page = await client.query(soql, { doing: 'reading the member statuses of the campaign' });
	return page.kind === 'ok' ? ok(page.value.records.map(({ Label: label }) => textOf(label))) : page;
}

/** A status that the campaign has, in its own spelling: Salesforce would take another one in its place without a word. */
export async function memberStatusOf(
	client: SalesforceClient,
	account: string,
	campaignId: string,
	status: string,
	clock: Clock,
): Promise<Result<string>> {
	const ask = async () => await statusesOf(client, campaignId);
	const known = await statuses.get(`${account} ${campaignId}`, clock, ask, [status]);
	if (known.kind !== 'ok') return known;
	const own = known.value.find((one) => one.toLowerCase() === status.toLowerCase());
	if (own !== undefined) return ok(own);
	return invalid(
		`The campaign has no member status '${status}'; it has ${known.value.map((one) => `'${one}'`).join(', ')}`,
	);
}

const invalid = (reason: string): Failure => ({ kind: 'stop', code: 'SETTING_INVALID', reason });
