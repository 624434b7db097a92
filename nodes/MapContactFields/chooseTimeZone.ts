import type { IExecuteFunctions } from 'n8n-workflow';
import { isTimeZone } from '../../core/mapping/timeZone';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { SourceSystem } from '../shared/vendors/sourceSystems';
import { pickedTimeZone } from '../shared/n8n/timeZoneField';

export interface ChosenTimeZone {
	readonly timeZone: string;
	/** Said under the node's output. */
	readonly warning?: string;
}

/**
 * The zone of the option, else that of the source account. A zone of the account that this machine does not know, or none,
 * makes it UTC, with a warning; a typed one stops the run.
 */
export async function chooseTimeZone(
	context: IExecuteFunctions,
	source: SourceSystem,
): Promise<Result<ChosenTimeZone>> {
	const picked = pickedTimeZone(context.getNodeParameter('options.timeZone', 0, '', { extractValue: true }));
	if (picked.kind !== 'ok') return picked;
	if (picked.value !== undefined) return ok({ timeZone: picked.value });
	const account = await source.timeZone();
	if (account.kind !== 'ok') return account;
	const timeZone = account.value ?? '';
	if (isTimeZone(timeZone)) return ok({ timeZone });
	const what =
		timeZone === ''
			? `${source.label} names no time zone`
			: `The time zone of the ${source.label} account, '${timeZone}', is not known here`;
	return ok({ timeZone: 'UTC', warning: `${what}: days are those of UTC. Pick one under 'Time Zone' in the options.` });
}
