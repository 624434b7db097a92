import type { Clock } from '../../../core/ports';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Destination } from '../../../core/upsert/destination';
import { recentAccount, recentProperties } from '../api/cachedDefinitions';
import type { HubSpotClient } from '../api/hubSpotClient';
import type { HubSpotWriter, LegalBasis } from '../api/hubSpotWriter';
import { KEY_PROPERTY, OPT_OUT_PROPERTY } from '../api/propertyNames';
import type { HubSpotProperty } from '../api/types';
import { accountMemory } from './accountMemory';
import { HubSpotDestination } from './hubSpotDestination';
import { OPT_OUTS_HIDDEN } from './lookUpContacts';
import type { ListChoice } from './lists';
import { checkSegment, staticListId } from './lists';
import { writableProperties } from './toDestinationFields';

export interface HubSpotSettings {
	/** Absent: contacts are put on no list. */
	readonly list?: ListChoice;
	/** Names of the properties that the batch writes. */
	readonly fieldNames: readonly string[];
	/** A unique text property that carries our key; absent: the one of the default name, if the account has it. */
	readonly keyProperty?: string;
	/** The active list whose members alone are updated, and what becomes of new contacts (IS-08). */
	readonly segment?: { readonly id: string; readonly newContacts: NonNullable<Destination['newOutsideSegment']> };
	readonly legalBasis?: LegalBasis;
	/** See `HubSpotDestinationOptions`, as the next one. */
	readonly optOutsImported?: boolean;
	readonly callsPerSecond?: number;
	/** True: contacts that may be mailed are set as marketing contacts, which HubSpot bills (H20). Never by itself. */
	readonly setsMarketing?: boolean;
	/** As the run has it: where opt-outs are carried, HubSpot has to show them. Default `block`. */
	readonly optOuts?: 'block' | 'ignore';
}

/** Why a legal basis may be recorded (https://developers.hubspot.com/docs/api-reference/legacy/communication-preferences/guide). */
export const LEGAL_BASES: readonly string[] = [
	'LEGITIMATE_INTEREST_PQL',
	'LEGITIMATE_INTEREST_CLIENT',
	'LEGITIMATE_INTEREST_OTHER',
	'PERFORMANCE_OF_CONTRACT',
	'CONSENT_WITH_NOTICE',
	'NON_GDPR',
	'PROCESS_AND_STORE',
];

/** Calls that find and create a list. */
const CALLS_TO_CREATE = 1;

/**
 * Checks the settings before anything is written: every property in use exists and can be written, the key is unique, the list is
 * static and the segment active. `account` names the credential (see `accountKey`). Use it only within `exclusively(account)`.
 */
export async function openHubSpotDestination(
	client: HubSpotClient,
	writer: HubSpotWriter,
	account: string,
	clock: Clock,
	settings: HubSpotSettings,
): Promise<Result<HubSpotDestination>> {
	const { list, segment, legalBasis, optOutsImported, callsPerSecond } = settings;
	const { fieldNames, keyProperty: chosenKey } = settings;
	const wanted = [...fieldNames, ...(chosenKey === undefined ? [] : [chosenKey]), OPT_OUT_PROPERTY];
	const all = await recentProperties(client, account, clock, wanted);
	if (all.kind !== 'ok') return all;
	const hidden = faultInOptOuts(all.value, settings);
	if (hidden) return hidden;
	const key = keyPropertyOf(all.value, settings.keyProperty);
	if (key.kind !== 'ok') return key;
	const properties = propertiesInUse(all.value, settings.fieldNames);
	if (properties.kind !== 'ok') return properties;
	const listId = list ? await staticListId(client, writer, account, clock, list) : ok(undefined);
	if (listId.kind !== 'ok') return listId;
	const hubSpot = await recentAccount(client, account, clock);
	if (hubSpot.kind !== 'ok') return hubSpot;
	const checked = segment ? await checkSegment(client, account, clock, segment.id) : ok(undefined);
	if (checked.kind !== 'ok') return checked;
	return ok(
		new HubSpotDestination({
			client,
			writer,
			memory: accountMemory(account, clock),
			portalId: hubSpot.value.portalId,
			properties: properties.value,
			withoutList: list === undefined,
			ignoresOptOuts: needsNoOptOuts(settings),
			...(listId.value === undefined ? {} : { listId: listId.value }),
			...(key.value === undefined ? {} : { keyProperty: key.value }),
			...(segment ? { segmentId: segment.id, newOutsideSegment: segment.newContacts } : {}),
			...(legalBasis ? { legalBasis } : {}),
			...(optOutsImported ? { optOutsImported } : {}),
			...(settings.setsMarketing === true ? { marketingClock: clock } : {}),
			...(callsPerSecond === undefined ? {} : { callsPerSecond }),
			...(list && listId.value === undefined ? { callsLeftOut: CALLS_TO_CREATE } : {}),
		}),
	);
}

/**
 * Without the property nothing tells who opted out in HubSpot: each opt-out would be carried again and again, none could be looked at
 * afterwards, and contacts that opted out would be set as marketing contacts.
 */
export function faultInOptOuts(
	properties: readonly HubSpotProperty[],
	{ optOuts = 'block', setsMarketing = false }: Pick<HubSpotSettings, 'optOuts' | 'setsMarketing'>,
): Failure | undefined {
	if (needsNoOptOuts({ optOuts, setsMarketing })) return undefined;
	return properties.some(({ name }) => name === OPT_OUT_PROPERTY) ? undefined : OPT_OUTS_HIDDEN;
}

const needsNoOptOuts = ({ optOuts, setsMarketing }: Pick<HubSpotSettings, 'optOuts' | 'setsMarketing'>): boolean =>
	optOuts === 'ignore' && setsMarketing !== true;

/** The property that carries our key, checked; undefined where the account has none. */
export function keyPropertyOf(
	properties: readonly HubSpotProperty[],
	chosen: string | undefined,
): Result<string | undefined> {
	const name = chosen ?? KEY_PROPERTY;
	const property = properties.find((one) => one.name === name);
	if (!property) {
		if (chosen === undefined) return ok(undefined);
		return stop('DESTINATION_FIELD_MISSING', `HubSpot has no contact property '${name}', which 'Key Property' names`);
	}
	if (property.unique && property.type === 'string' && !property.readOnly && !property.calculated) return ok(name);
	if (chosen === undefined) return ok(undefined);
	return stop(
		'SETTING_INVALID',
		`'Key Property' must name a single-line text property that requires unique values; '${name}' is none`,
	);
}

function propertiesInUse(
	all: readonly HubSpotProperty[],
	names: readonly string[],
): Result<ReadonlyMap<string, HubSpotProperty>> {
	const writable = new Map(writableProperties(all).map((property) => [property.name, property]));
	const missing = names.filter((name) => !writable.has(name));
	if (missing.length > 0) {
		const what = missing.map((name) => `'${name}'`).join(', ');
		return stop('DESTINATION_FIELD_MISSING', `HubSpot has no contact property ${what} that can be written`);
	}
	return ok(new Map(names.map((name) => [name, writable.get(name) as HubSpotProperty])));
}

const stop = (code: Failure['code'], reason: string): Failure => ({ kind: 'stop', code, reason });
