import type { Result } from '../../../../core/result';
import type { SetUpFinding } from '../../../../core/setUpFinding';
import { passed, problem, warned } from '../../../../core/setUpFinding';
import type { SalesforceClient } from '../../api/salesforceClient';
import type { CampaignChoice } from '../campaign';
import { findCampaign, statusesOf } from '../campaign';
import { faultInMembers } from '../openDestination';

const CHECK = 'Campaign';

/** Whether the campaign is there, and whether the user may fill it. Creates none. */
export async function checkCampaign(
	client: SalesforceClient,
	choice: Result<CampaignChoice>,
	memberStatus?: string,
): Promise<readonly SetUpFinding[]> {
	if (choice.kind !== 'ok') return [problem(CHECK, choice)];
	const members = await client.describe('CampaignMember');
	const fault = members.kind === 'ok' ? faultInMembers(members.value) : members;
	if (fault) {
		const fix = "Tick 'Marketing User' at the user of the credential and give edit access to campaigns.";
		return [problem(CHECK, fault, fix)];
	}
	const campaign = await findCampaign(client, choice.value);
	if (campaign.kind !== 'ok') return [problem(CHECK, campaign)];
	if (!campaign.value) {
		return [
			passed(
				CHECK,
				`'${'name' in choice.value ? choice.value.name : ''}' does not exist yet and is created with the first run`,
			),
		];
	}
	const { id, name, active } = campaign.value;
	const found = active
		? passed(CHECK, `'${name}' exists, and its members can be edited`)
		: warned(CHECK, `'${name}' is not active`, "Tick 'Active' at the campaign if mailings are to use it.");
	return [found, ...(memberStatus?.trim() ? await checkStatus(client, id, memberStatus.trim()) : [])];
}

async function checkStatus(client: SalesforceClient, id: string, status: string): Promise<SetUpFinding[]> {
	const check = 'Member Status';
	const statuses = await statusesOf(client, id);
	if (statuses.kind !== 'ok') return [problem(check, statuses)];
	if (statuses.value.some((one) => one.toLowerCase() === status.toLowerCase()))
		return [passed(check, `'${status}' is one of the campaign`)];
	const reason = `The campaign has no member status '${status}'`;
	const fix = `Choose one of ${statuses.value.map((one) => `'${one}'`).join(', ')}, or add it at the campaign.`;
	return [problem(check, { kind: 'stop', code: 'SETTING_INVALID', reason }, fix)];
}
