import { z } from 'zod';
import { bodyAs, type Account, type Answer, type Api, type Call } from '../api';
import { isAddress } from '../contacts/emailAddress';
import { iso } from '../contacts/contactValues';
import { notFound, validationError } from '../errors';
import { LEGAL_BASES, STATUSES, type SetOutcome } from '../preferences/preferenceStore';
import { SUBSCRIPTION_TYPES, typeToJson, type SubscriptionType } from '../preferences/subscriptionTypes';
import { at, PREFERENCES } from './paths';

/** https://developers.hubspot.com/docs/api-reference/legacy/communication-preferences/guide */
export const READ_PREFERENCES = {
	scopes: [['communication_preferences.read'], ['communication_preferences.read_write']],
};
export const WRITE_PREFERENCES = {
	scopes: [['communication_preferences.write'], ['communication_preferences.read_write']],
};
const READ_BATCH = { scopes: [['communication_preferences.statuses.batch.read']], isForEnterprise: true };
const WRITE_BATCH = { scopes: [['communication_preferences.statuses.batch.write']], isForEnterprise: true };

const statusBody = z.object({
	subscriptionId: z.number().int(),
	statusState: z.enum(STATUSES),
	channel: z.literal('EMAIL'),
	legalBasis: z.enum(LEGAL_BASES).nullish(),
	legalBasisExplanation: z.string().nullish(),
});
const legalBody = statusBody.pick({ legalBasis: true, legalBasisExplanation: true });
const statusBatch = z.object({ inputs: z.array(statusBody.extend({ subscriberIdString: z.string() })) });
const addressBatch = z.object({ inputs: z.array(z.string()) });
type StatusChange = z.output<typeof statusBody>;

/** Communication preferences of e-mail addresses: one address a call; many with Marketing Hub Enterprise. */
export function mountPreferences(api: Api, account: Account): void {
	const { now } = account;
	const complete = (results: readonly unknown[]): Answer => [
		200,
		{ status: 'COMPLETE', results, startedAt: iso(now()), completedAt: iso(now()) },
	];
	api.on('get', at(PREFERENCES, '/definitions'), READ_PREFERENCES, () => complete(SUBSCRIPTION_TYPES.map(typeToJson)));
	api.on('post', at(PREFERENCES, '/statuses/batch/read'), READ_BATCH, (call) =>
		complete(
			addressesOf(account, call).map((address) => ({
				subscriberIdString: address,
				statuses: statusesOf(account, address),
			})),
		),
	);
	api.on('post', at(PREFERENCES, '/statuses/batch/write'), WRITE_BATCH, ({ body }) => {
		const { inputs } = bodyAs(statusBatch, body);
		checkBatch(account, inputs.length);
		const changes = inputs.map((change) => ({ change, address: addressOf(change.subscriberIdString) }));
		for (const { address, change } of changes) checkChange(account, address, change);
		return complete(changes.map(({ address, change }) => setStatus(account, address, change)));
	});
	api.on('post', at(PREFERENCES, '/statuses/batch/unsubscribe-all'), WRITE_BATCH, (call) => {
		const isVerbose = call.query.get('verbose') === 'true';
		if (account.settings.unsubscribeAllNeedsBasis) checkLegalBasis(account, undefined, undefined);
		return complete(
			addressesOf(account, call).map((address) => {
				const statuses = unsubscribeAll(account, address);
				return { subscriberIdString: address, ...(isVerbose && { statuses }) };
			}),
		);
	});
	api.on('post', at(PREFERENCES, '/statuses/batch/unsubscribe-all/read'), READ_BATCH, (call) =>
		complete(
			addressesOf(account, call).map((address) => ({
				subscriberIdString: address,
				wideStatuses: wideStatuses(account, address),
			})),
		),
	);
	api.on('get', at(PREFERENCES, '/statuses/:email/unsubscribe-all'), READ_PREFERENCES, ({ params, query }) => {
		checkChannel(query);
		return complete(wideStatuses(account, addressOf(params['email'])));
	});
	api.on('post', at(PREFERENCES, '/statuses/:email/unsubscribe-all'), WRITE_PREFERENCES, ({ params, query, body }) => {
		checkChannel(query);
		if (account.settings.unsubscribeAllNeedsBasis) {
			const { legalBasis, legalBasisExplanation } = bodyAs(legalBody, body ?? {});
			checkLegalBasis(account, legalBasis, legalBasisExplanation);
		}
		const statuses = unsubscribeAll(account, addressOf(params['email']));
		return complete(query.get('verbose') === 'true' ? statuses : []);
	});
	api.on('get', at(PREFERENCES, '/statuses/:email'), READ_PREFERENCES, ({ params, query }) => {
		checkChannel(query);
		return complete(statusesOf(account, addressOf(params['email'])));
	});
	api.on('post', at(PREFERENCES, '/statuses/:email'), WRITE_PREFERENCES, ({ params, body }) => {
		const address = addressOf(params['email']);
		const change = bodyAs(statusBody, body);
		checkChange(account, address, change);
		return complete([setStatus(account, address, change)]);
	});
}

/** `channel` has to be given, and only e-mail can be set. */
function checkChannel(query: URLSearchParams): void {
	if (query.get('channel') !== 'EMAIL')
		throw validationError("Query parameter 'channel' is required and must be EMAIL");
}

/** An address in the form in which preferences are kept, or HubSpot's 400. */
export function addressOf(text: string | undefined): string {
	const address = (text ?? '').trim().toLowerCase();
	if (!isAddress(address)) throw validationError(`Email address ${address} is invalid`);
	return address;
}

function addressesOf(account: Account, { body, query }: Call): string[] {
	checkChannel(query);
	const { inputs } = bodyAs(addressBatch, body);
	checkBatch(account, inputs.length);
	return inputs.map(addressOf);
}

function checkBatch({ settings }: Account, size: number): void {
	const max = settings.preferencesBatchLimit;
	if (size === 0 || size > max) throw validationError(`The number of inputs must be between 1 and ${max}, was ${size}`);
}

/** The subscription type of a write, or HubSpot's error. */
export function typeOf(id: number): SubscriptionType {
	const type = SUBSCRIPTION_TYPES.find((one) => one.id === id);
	if (type === undefined) throw notFound(`Subscription ${id} does not exist`);
	if (!type.isActive) throw validationError(`Subscription ${id} is not active`);
	return type;
}

/** Both legal fields are demanded while the account's data-privacy setting is on (H23). */
export function checkLegalBasis(
	{ settings }: Account,
	legalBasis: string | null | undefined,
	explanation: string | null | undefined,
): void {
	const missing = [...(legalBasis ? [] : ['legalBasis']), ...(explanation ? [] : ['legalBasisExplanation'])];
	if (!settings.dataPrivacy || missing.length === 0) return;
	const message = `Some required fields were not set: [${missing.join(', ')}]. They are required for GDPR enabled portals.`;
	throw validationError(
		message,
		missing.map((name) => ({ message, in: name })),
	);
}

export function alreadyUnsubscribed(address: string, typeId: number): never {
	throw validationError(`Subscription ${typeId} for ${address} cannot be updated because they have unsubscribed`);
}

function checkChange(account: Account, address: string, change: StatusChange): void {
	const { id } = typeOf(change.subscriptionId);
	checkLegalBasis(account, change.legalBasis, change.legalBasisExplanation);
	const { status } = account.store.preferences.statusOf(address, id);
	const lifts = status === 'UNSUBSCRIBED' && change.statusState !== 'UNSUBSCRIBED';
	if (lifts && account.settings.resubscribing === 'refused') alreadyUnsubscribed(address, id);
}

function setStatus(account: Account, address: string, change: StatusChange): Record<string, unknown> {
	const { legalBasis, legalBasisExplanation } = change;
	const outcome = account.store.preferences.set(address, change.subscriptionId, {
		status: change.statusState,
		...(legalBasis && { legalBasis }),
		...(legalBasisExplanation && { legalBasisExplanation }),
	});
	return statusToJson(account, address, typeOf(change.subscriptionId), outcome);
}

function unsubscribeAll(account: Account, address: string): Array<Record<string, unknown>> {
	const isNew = account.store.preferences.unsubscribeAll(address);
	return statusesOf(account, address, isNew ? 'UNSUBSCRIBE_FROM_ALL_OCCURRED' : 'NO_STATUS_CHANGE');
}

type Reason = SetOutcome | 'UNSUBSCRIBE_FROM_ALL_OCCURRED';

function statusesOf(account: Account, address: string, reason?: Reason): Array<Record<string, unknown>> {
	return SUBSCRIPTION_TYPES.filter(({ isActive }) => isActive).map((type) =>
		statusToJson(account, address, type, reason),
	);
}

function statusToJson(
	{ store }: Account,
	address: string,
	{ id, name }: SubscriptionType,
	reason?: Reason,
): Record<string, unknown> {
	const preference = store.preferences.statusOf(address, id);
	return {
		subscriberIdString: address,
		channel: 'EMAIL',
		subscriptionId: id,
		subscriptionName: name,
		status: preference.status,
		source: preference.isWide === true ? 'PORTAL_WIDE_STATUS' : 'SUBSCRIPTION_STATUS',
		timestamp: iso(preference.at),
		legalBasis: preference.legalBasis ?? null,
		legalBasisExplanation: preference.legalBasisExplanation ?? null,
		setStatusSuccessReason: reason ?? null,
	};
}

/** Empty unless the address is opted out of all e-mail. */
function wideStatuses({ store }: Account, address: string): Array<Record<string, unknown>> {
	const optedOutAt = store.preferences.optedOutAt(address);
	if (optedOutAt === undefined) return [];
	return [
		{
			wideStatusType: 'PORTAL_WIDE',
			subscriberIdString: address,
			channel: 'EMAIL',
			status: 'UNSUBSCRIBED',
			timestamp: iso(optedOutAt),
		},
	];
}
