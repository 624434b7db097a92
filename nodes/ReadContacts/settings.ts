import type { IExecuteFunctions } from 'n8n-workflow';
import type { SalesforceObjectName } from '../../clients/salesforce/api/types';
import { isSalesforceId } from '../../clients/salesforce/api/types';
import { fullId } from '../../clients/salesforce/api/fields/recordIds';
import type { Scope } from '../../clients/salesforce/scope/scope';
import type { ReadRange } from '../../core/contact/readOnDemand';
import { idTextOf } from '../../core/json';
import { convertToInstant } from '../../core/mapping/convert/toDate';
import { isEmpty, toPlain } from '../../core/mapping/convert/plainValue';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { ParameterReader } from '../shared/n8n/parameters';
import { executeParameters, readLimit } from '../shared/n8n/parameters';
import { hubSpotFieldsToRead, readListId } from '../shared/records/hubSpotList';
import { readConvertedLeads, readObject, readScope, salesforceFieldsToRead } from '../shared/records/salesforceScope';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import { invalid, readDailyReserve } from '../shared/trigger/settings';

interface CommonSettings extends FieldsToRead {
	/** The incoming items name the contacts. */
	readonly named: boolean;
	readonly range: ReadRange;
	/** HB-28: share of the day's calls left to others, in per cent. */
	readonly dailyReservePercent: number;
}

export interface HubSpotSettings extends CommonSettings {
	readonly source: 'hubSpot';
	/** Absent where contacts are named. */
	readonly listId?: string;
}

export interface SalesforceSettings extends CommonSettings {
	readonly source: 'salesforce';
	readonly object: SalesforceObjectName;
	readonly scope: Scope;
	readonly convertedLeads: 'remove' | 'keep';
}

/** What a person set, checked. */
export type NodeSettings = HubSpotSettings | SalesforceSettings;

/** Reads and checks the parameters, expressions as of the first item; the message names the one to change. */
export function readSettings(context: IExecuteFunctions): Result<NodeSettings> {
	const read = executeParameters(context);
	const source = read('source', 'hubSpot') === 'salesforce' ? 'salesforce' : 'hubSpot';
	const named = (source === 'salesforce' ? read('scope', 'all') : read('contacts', 'list')) === 'named';
	const dailyReserve = readDailyReserve(read);
	if (dailyReserve.kind !== 'ok') return dailyReserve;
	const range = readRange(read, { source, named, timeZone: context.getTimezone() });
	if (range.kind !== 'ok') return range;
	const common = { named, range: range.value, dailyReservePercent: dailyReserve.value };
	return source === 'salesforce' ? salesforceSettings(context, read, common) : hubSpotSettings(context, read, common);
}

type Common = Omit<CommonSettings, keyof FieldsToRead>;

function hubSpotSettings(context: IExecuteFunctions, read: ParameterReader, common: Common): Result<HubSpotSettings> {
	const list = common.named ? ok(undefined) : readListId(read);
	if (list.kind !== 'ok') return list;
	const fields = hubSpotFieldsToRead(context, read);
	if (fields.kind !== 'ok') return fields;
	const listId = list.value;
	return ok({ source: 'hubSpot', ...common, ...(listId === undefined ? {} : { listId }), ...fields.value });
}

function salesforceSettings(
	context: IExecuteFunctions,
	read: ParameterReader,
	common: Common,
): Result<SalesforceSettings> {
	const object = readObject(read);
	const scope = readScope(read('scope', 'all'), read);
	if (scope.kind !== 'ok') return scope;
	const fields = salesforceFieldsToRead(context, read, object);
	if (fields.kind !== 'ok') return fields;
	const convertedLeads = readConvertedLeads(read);
	return ok({ source: 'salesforce', ...common, object, scope: scope.value, convertedLeads, ...fields.value });
}

interface RangeChoice {
	readonly source: NodeSettings['source'];
	readonly named: boolean;
	/** Of the workflow. */
	readonly timeZone: string;
}

function readRange(read: ParameterReader, { source, named, timeZone }: RangeChoice): Result<ReadRange> {
	const since = readSince(read('options.changedSince', ''), timeZone);
	if (since.kind !== 'ok') return since;
	if (named) return ok({ limit: Infinity, since: since.value });
	const limit = readLimit(read);
	if (limit.kind !== 'ok') return limit;
	const after = readAfter(idTextOf(read('options.continueAfter', '')).trim(), source);
	if (after.kind !== 'ok') return after;
	return ok({ limit: limit.value, since: since.value, after: after.value });
}

function readSince(value: unknown, timeZone: string): Result<number | undefined> {
	if (value === undefined || isEmpty(value)) return ok(undefined);
	const plain = toPlain(value);
	const instant = plain === undefined ? undefined : convertToInstant(plain, timeZone);
	return instant?.kind === 'value'
		? ok(Date.parse(instant.value))
		: invalid("'Only Changed Since' must be a date and time, such as 2026-01-31T08:00:00");
}

function readAfter(id: string, source: NodeSettings['source']): Result<string | undefined> {
	if (id === '') return ok(undefined);
	const isId = source === 'hubSpot' ? /^\d{1,19}$/.test(id) : isSalesforceId(id);
	if (!isId) return invalid("'Continue After' must be the record ID of a contact, as in 'source.id' of its item");
	return ok(source === 'hubSpot' ? id : fullId(id));
}
