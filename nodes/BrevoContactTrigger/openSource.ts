import type { IPollFunctions } from 'n8n-workflow';
import { recentAttributes } from '../../clients/brevo/api/cachedDefinitions';
import { checkLists } from '../../clients/brevo/source/checkLists';
import { ContactChangeSource } from '../../clients/brevo/source/contactChangeSource';
import type { ContactCursor } from '../../clients/brevo/source/contactCursor';
import { withRequired } from '../../clients/brevo/source/toSourceFields';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { OpenSource } from '../shared/trigger/pollContacts';
import { openBrevo } from '../shared/vendors/openBrevo';
import type { ContactSourceSettings } from '../../clients/brevo/source/contactChangeSource';
import { pollParameters } from '../shared/n8n/parameters';
import { brevoFieldsToRead, readBrevoLists } from '../shared/records/brevoLists';
import type { FieldsToRead } from '../shared/trigger/fieldsToRead';
import type { CommonSettings } from '../shared/trigger/settings';
import { systemsThatDelete } from '../shared/trigger/upsertsAfter';
import { writtenBySyncs } from '../shared/trigger/writtenBySyncs';
import { consentGiven, readCommonSettings } from '../shared/trigger/settings';

/** The source for what a person set, with the chosen credential; a failure where a setting is wrong. */
export async function openSource(
	context: IPollFunctions,
	deadline: number,
): Promise<Result<OpenSource<ContactCursor>>> {
	const settings = readSettings(context);
	if (settings.kind !== 'ok') return settings;
	const opened = await openBrevo(context, { deadline });
	if (opened.kind !== 'ok') return opened;
	const { client, account, clock } = opened.value;
	const { required, requiredBy, ...following } = settings.value;
	const isTakenBack: ContactSourceSettings['isTakenBack'] = (id, values) =>
		writtenBySyncs.isTakenBack(id, values, clock.now());
	// The attributes of the account; a failure when one that was chosen is not among them.
	const definitions = async () =>
		withRequired(await recentAttributes(client, account, clock, required), required, requiredBy);
	return ok({
		source: new ContactChangeSource(client, { ...following, credential: account, isTakenBack, definitions }, clock),
		check: async () => {
			const lists = await checkLists(client, following.listIds);
			return lists.kind === 'ok' ? await definitions() : lists;
		},
	});
}

/** What is not documented about how late Brevo shows a change is made up for by this. */
const LOOKBACK_MINUTES = 10;

/** What a person set, checked. */
type TriggerSettings = Pick<ContactSourceSettings, 'listIds' | 'changes' | 'listUnsubscribes' | 'deletesIn'> &
	Omit<CommonSettings, 'dailyReservePercent'> &
	FieldsToRead;

/** Reads and checks the parameters; the message names the one to change. */
function readSettings(context: IPollFunctions): Result<TriggerSettings> {
	const consent = consentGiven(context);
	if (consent.kind !== 'ok') return consent;
	const read = pollParameters(context);
	const lists = read('scope', 'all') === 'lists' ? readBrevoLists(read('lists', [])) : ok([]);
	if (lists.kind !== 'ok') return lists;
	const common = readCommonSettings(context, { lookbackMinutes: LOOKBACK_MINUTES });
	if (common.kind !== 'ok') return common;
	const fields = brevoFieldsToRead(context, read);
	if (fields.kind !== 'ok') return fields;
	const { firstSync, batchSize, lookbackMs } = common.value;
	return ok({
		listIds: lists.value,
		changes: read('changes', 'all') === 'optOuts' ? 'optOuts' : 'all',
		listUnsubscribes: read('listUnsubscribes', 'leave') === 'optOut' ? 'optOut' : 'leave',
		deletesIn: systemsThatDelete(context),
		firstSync,
		batchSize,
		lookbackMs,
		...fields.value,
	});
}
