import { z } from 'zod';
import { bodyAs, type Account, type Api } from '../api';
import { notFound, validationError } from '../errors';
import { LEGAL_BASES } from '../preferences/preferenceStore';
import { SUBSCRIPTION_TYPES, typeToJson, type SubscriptionType } from '../preferences/subscriptionTypes';
import { at, PREFERENCES_V3 } from './paths';
import {
	addressOf,
	alreadyUnsubscribed,
	checkLegalBasis,
	READ_PREFERENCES,
	typeOf,
	WRITE_PREFERENCES,
} from './preferences';

const changeBody = z.object({
	emailAddress: z.string(),
	subscriptionId: z.string().regex(/^\d{1,15}$/),
	legalBasis: z.enum(LEGAL_BASES).nullish(),
	legalBasisExplanation: z.string().nullish(),
});

/** The older communication preferences: one type of one address a call, never all e-mail. */
export function mountPreferencesV3(api: Api, account: Account): void {
	api.on('get', at(PREFERENCES_V3, '/definitions'), READ_PREFERENCES, () => [
		200,
		{ subscriptionDefinitions: SUBSCRIPTION_TYPES.map(typeToJson) },
	]);
	api.on('get', at(PREFERENCES_V3, '/status/email/:email'), READ_PREFERENCES, ({ params }) => {
		const recipient = addressOf(params['email']);
		const types = SUBSCRIPTION_TYPES.filter(({ isActive }) => isActive);
		return [200, { recipient, subscriptionStatuses: types.map((type) => statusToJson(account, recipient, type)) }];
	});
	for (const [tail, status] of [
		['/subscribe', 'SUBSCRIBED'],
		['/unsubscribe', 'UNSUBSCRIBED'],
	] as const) {
		api.on('post', at(PREFERENCES_V3, tail), WRITE_PREFERENCES, ({ body }) => {
			const { preferences, contacts } = account.store;
			const { emailAddress, subscriptionId, legalBasis, legalBasisExplanation } = bodyAs(changeBody, body);
			const address = addressOf(emailAddress);
			const type = typeOf(Number(subscriptionId));
			checkLegalBasis(account, legalBasis, legalBasisExplanation);
			if (contacts.holderOf(address) === undefined) {
				throw notFound(`${address} either has no subscriptions associated with this portal or does not exist`);
			}
			if (preferences.statusOf(address, type.id).status === 'UNSUBSCRIBED') {
				if (status === 'SUBSCRIBED') alreadyUnsubscribed(address, type.id);
				throw validationError(`${address} is already unsubscribed to subscription ${type.id}`);
			}
			preferences.set(address, type.id, {
				status,
				...(legalBasis && { legalBasis }),
				...(legalBasisExplanation && { legalBasisExplanation }),
			});
			return [200, statusToJson(account, address, type)];
		});
	}
}

function statusToJson({ store }: Account, address: string, type: SubscriptionType): Record<string, unknown> {
	const { status, isWide, legalBasis, legalBasisExplanation } = store.preferences.statusOf(address, type.id);
	return {
		id: String(type.id),
		name: type.name,
		description: type.description,
		status: status === 'SUBSCRIBED' ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
		sourceOfStatus: isWide === true ? 'PORTAL_WIDE_STATUS' : 'SUBSCRIPTION_STATUS',
		preferenceGroupName: 'Initial Group',
		...(legalBasis !== undefined && { legalBasis, legalBasisExplanation }),
	};
}
