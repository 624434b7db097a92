import type { IDataObject, INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { withRequired } from '../../clients/hubspot/checkSetup';
import { recentProperties } from '../../clients/hubspot/definitions';
import { ListChangeSource } from '../../clients/hubspot/listChangeSource';
import type { HubSpotProperty } from '../../clients/hubspot/types';
import type { ContactChange } from '../../core/contact/contact';
import { withAdvice } from '../../core/outcome';
import { poll } from '../../core/polling/poll';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { hubSpotCredentialType } from '../shared/hubSpotAuthentication';
import { n8nClock } from '../shared/n8nClock';
import { openHubSpot } from '../shared/openHubSpot';
import { deliverBatch, nodeStateStore, pollLog, pollSettings, processPolls } from '../shared/pollParts';
import { toNodeError } from '../shared/toNodeError';
import { checkedAtStart } from './checkedAtStart';
import { hubSpotListTriggerProperties } from './description';
import { getContactProperties, searchLists } from './listSearch';
import { isAcknowledged, readSettings } from './readSettings';

/** Contacts shown when somebody tries the trigger out in the editor. */
const SAMPLE_SIZE = 10;
const SAMPLE_TIME_MS = 60_000;

export class HubSpotListTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HubSpot List Trigger',
		name: 'hubSpotListTrigger',
		icon: { light: 'file:hubSpotListTrigger.svg', dark: 'file:hubSpotListTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["list"]["cachedResultName"] || $parameter["list"]["value"] }}',
		description: 'Starts the workflow with the contacts that join a HubSpot list, change in it or leave it',
		defaults: { name: 'HubSpot List Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'contactSyncHubSpotApi', required: true, displayOptions: { show: { authentication: ['accessToken'] } } },
			{ name: 'contactSyncHubSpotOAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
		],
		activationMessage:
			'The members of the list are now passed on in batches, and from then on every change. Each batch shows up as an execution.',
		hints: [
			{
				message:
					"Tick 'Confirm Consent' before you publish the workflow: the contacts of this list must have agreed to be contacted.",
				type: 'warning',
				location: 'ndv',
				whenToDisplay: 'always',
				displayCondition: '={{ $parameter["consentConfirmed"] !== true }}',
			},
		],
		properties: hubSpotListTriggerProperties,
	};

	methods = { listSearch: { searchLists }, loadOptions: { getContactProperties } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		if (this.getMode() === 'manual') return [await sampleContacts(this)];
		const log = pollLog(this);
		const report = await poll(pollSettings(this, isAcknowledged(this)), {
			open: async (deadline) => {
				const opened = await openSource(this, deadline);
				if (opened.kind !== 'ok') return opened;
				return ok(checkedAtStart(opened.value.source, opened.value.definitions));
			},
			store: nodeStateStore(this),
			deliver: async (batch) => await deliverBatch(this, batch.map(toItem)),
			register: processPolls,
			clock: n8nClock(),
			log,
		});
		const { failure } = report;
		if (failure) {
			// A pause that the person asked for is no failed execution.
			if (report.show && failure.code !== 'DAILY_RESERVE_REACHED') {
				// Of a refused activation n8n shows the message only, not the description.
				const reason = report.activating ? withAdvice(failure.reason, failure.code) : failure.reason;
				throw toNodeError(this.getNode(), { ...failure, reason });
			}
			log.warn(`${failure.code}: ${failure.reason}`);
		}
		return null;
	}
}

interface OpenSource {
	readonly source: ListChangeSource;
	/** The properties of the account; a failure when one that was chosen is not among them. */
	readonly definitions: () => Promise<Result<readonly HubSpotProperty[]>>;
}

async function openSource(context: IPollFunctions, deadline: number): Promise<Result<OpenSource>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const opened = await openHubSpot(
		context,
		hubSpotCredentialType(context.getNodeParameter('authentication', 'accessToken')),
		{ deadline },
	);
	if (opened.kind !== 'ok') return opened;
	const { client, account } = opened.value;
	const clock = n8nClock();
	const { required, requiredBy, ...following } = settings.value;
	const definitions = async () => withRequired(await recentProperties(client, account, clock), required, requiredBy);
	return ok({
		source: new ListChangeSource(client, { ...following, credential: account, definitions }, clock),
		definitions,
	});
}

/** A few members for the editor; touches no state. */
async function sampleContacts(context: IPollFunctions): Promise<INodeExecutionData[]> {
	const opened = await openSource(context, Date.now() + SAMPLE_TIME_MS);
	if (opened.kind !== 'ok') throw toNodeError(context.getNode(), opened);
	const { source, definitions } = opened.value;
	// First, because its answer also tells whether the day's calls have come to the reserve.
	const checked = await definitions();
	if (checked.kind !== 'ok') throw toNodeError(context.getNode(), checked);
	const sample = await source.sample(SAMPLE_SIZE);
	if (sample.kind !== 'ok') throw toNodeError(context.getNode(), sample);
	if (sample.value.length === 0) {
		throw new NodeOperationError(context.getNode(), "The list in 'List' has no members yet", {
			description:
				'Add a contact to the list in HubSpot, or pick another list, and fetch again. An active workflow waits for members by itself.',
		});
	}
	return sample.value.map(toItem);
}

const toItem = (change: ContactChange): INodeExecutionData => ({ json: change as unknown as IDataObject });
