import type { IPollFunctions } from 'n8n-workflow';
import type { ContactSourceSettings } from '../../clients/salesforce/source/contactChangeSource';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import { pollParameters } from '../shared/n8n/parameters';
import { readConvertedLeads, readObject, readScope, salesforceFieldsToRead } from '../shared/records/salesforceScope';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { consentGiven, invalid, readCommonSettings } from '../shared/trigger/settings';

/** Late-visible rows: what n8n's own trigger and others look back. */
const LOOKBACK_MINUTES = 15;

/** What a person set, checked. */
export type TriggerSettings = Pick<ContactSourceSettings, 'object' | 'scope' | 'convertedLeads'> &
	CommonSettings &
	FieldsToRead & {
		/** When more than this share of the members, in per cent, is hidden at once, none of them is emitted as having left. */
		readonly largestDropPercent: number;
	};

/** Reads and checks the parameters; the message names the one to change. */
export function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const object = readObject(read);
	const scope = readScope(read('scope', 'all'), read);
	if (scope.kind !== 'ok') return scope;
	const common = readCommonSettings(context, { lookbackMinutes: LOOKBACK_MINUTES });
	if (common.kind !== 'ok') return common;
	const fields = salesforceFieldsToRead(context, read, object);
	if (fields.kind !== 'ok') return fields;
	const largestDropPercent = Number(context.getNodeParameter('options.largestDisappearance', 10));
	if (!(largestDropPercent >= 1 && largestDropPercent <= 100))
		return invalid("'Largest Disappearance' must lie between 1 and 100 %");
	return ok({
		object,
		scope: scope.value,
		convertedLeads: readConvertedLeads(read),
		largestDropPercent,
		...common.value,
		...fields.value,
	});
}
