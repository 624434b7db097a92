import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../../core/json';
import { readMappedContact } from '../../core/contact/readMappedContact';
import type { Failure } from '../../core/result';

/** Tests, and executions of before that are started once more: no trigger waits for what becomes of them. */
const UNCOUNTED: ReadonlySet<string> = new Set(['manual', 'evaluation', 'retry']);

/**
 * Why a run that was started by a trigger must not end well although nothing is written: the trigger would take its contacts for
 * delivered. Undefined where none is lost.
 *
 * | the published node                | the trigger              | the run                                    |
 * | --------------------------------- | ------------------------ | ------------------------------------------ |
 * | checks the set-up                 | any                      | fails                                      |
 * | is in a dry run                   | saw it in the workflow   | ends well: the trigger does not count it    |
 * | is in a dry run                   | could not see it         | fails                                      |
 */
export function publishedWithoutWriting(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	how: 'checkSetUp' | 'dryRun',
): Failure | undefined {
	if (UNCOUNTED.has(context.getMode())) return undefined;
	const { name } = context.getNode();
	if (how === 'checkSetUp') {
		if (!items.some(isContact)) return undefined;
		return stop(
			`The workflow is published with the operation 'Check Set-Up' in '${name}', which writes nothing. Set 'Operation' to 'Upsert Contacts' and publish again. The contacts of this batch are kept and delivered then`,
		);
	}
	if (!items.some(isUnseenDelivery)) return undefined;
	return stop(
		`'Dry Run' is on in '${name}' where the trigger cannot see it: it is an expression, or '${name}' stands in a sub-workflow. Switch it off, or on with the switch in the workflow of the trigger, and publish again. The contacts of this batch are kept and delivered then`,
	);
}

const stop = (reason: string): Failure => ({ kind: 'stop', code: 'SETTING_INVALID', reason });

const isContact = ({ json }: INodeExecutionData): boolean =>
	readMappedContact(json) !== undefined || isRecord(json.delivery);

/** A contact of one of our triggers, without the mark that the trigger knows of the dry run. */
const isUnseenDelivery = ({ json: { delivery } }: INodeExecutionData): boolean =>
	isRecord(delivery) && typeof delivery.sequence === 'number' && delivery.dryRun !== true;
