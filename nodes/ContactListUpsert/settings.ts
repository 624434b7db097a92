import type { IExecuteFunctions } from 'n8n-workflow';
import { plainNumber } from '../../core/plainNumber';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { UpsertSettings } from '../../core/upsert/upsertContacts';
import type { OptOutRule } from '../../core/upsert/plan/planContact';
import { toWriteMode } from '../../core/upsert/plan/heldBack';
import type { Locator } from '../shared/n8n/locator';
import { isExpression, readSwitch } from '../shared/n8n/parameters';
import { toLocator } from '../shared/n8n/locator';
import type { DestinationSystem, PickedList } from '../shared/vendors/destinationSystem';
import { nameInLabel } from '../shared/records/listLabels';

const DEFAULT_LONGEST_WAIT_S = 120;
const LONGEST_WAIT_S = 3_600;

export interface NodeSettings {
	/** Absent: no list is filled. */
	readonly list?: PickedList;
	readonly upsert: UpsertSettings;
	/** Whether the execution fails when something passing left contacts unsynced. */
	readonly failRun: boolean;
}

export type Operation = 'upsertContacts' | 'checkSetUp';

export const readOperation = (context: IExecuteFunctions): Operation =>
	context.getNodeParameter('operation', 0, 'upsertContacts') === 'checkSetUp' ? 'checkSetUp' : 'upsertContacts';

/** A word that is not known is the rule that blocks. */
const readOptOutRule = (rule: unknown): OptOutRule => (rule === 'ignore' || rule === 'blockOnly' ? rule : 'block');

/** Whether there is a third output, with a summary. */
export const hasSummary = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.summary', 0, false) === true;

/** Whether the keys of the contacts are stored with the execution. */
export const savesKeys = (context: IExecuteFunctions): boolean =>
	context.getNodeParameter('options.saveKeys', 0, true) !== false;

interface Options {
	readonly dryRun?: unknown;
	readonly longestWait?: unknown;
	readonly otherLists?: unknown;
	readonly onTemporaryFailure?: 'fail' | 'notSynced';
}

/** The parameters of a run; none of them depends on the item. */
export function readSettings(
	context: IExecuteFunctions,
	system: Pick<DestinationSystem, 'checkPickedList' | 'needsList'>,
): Result<NodeSettings> {
	const options = context.getNodeParameter('options', 0, {}) as Options;
	const unset = isExpression(context.getNode(), 'options.dryRun') ? undefined : false;
	const isDry = readSwitch(options.dryRun ?? unset, 'Dry Run');
	if (isDry.kind !== 'ok') return isDry;
	const dryRun = isDry.value;
	const picked = readList(context, !dryRun, system);
	const list = picked.kind === 'ok' && picked.value ? system.checkPickedList(picked.value) : picked;
	if (list.kind !== 'ok') return list;
	const longestWait = plainNumber(options.longestWait ?? DEFAULT_LONGEST_WAIT_S) ?? NaN;
	if (!(longestWait > 0 && longestWait <= LONGEST_WAIT_S))
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `'Longest Wait' must be a number of seconds up to ${LONGEST_WAIT_S}`,
		};
	const leavers = context.getNodeParameter('leavers', 0, 'remove');
	const given: readonly unknown[] = Array.isArray(options.otherLists) ? options.otherLists : [options.otherLists ?? ''];
	const otherLists = given.flatMap((ids) => plainText(ids).split(/[\s,;]+/)).filter((id) => id !== '');
	const wrongId = otherLists.find((id) => !isId(id));
	if (wrongId !== undefined)
		return {
			kind: 'stop',
			code: 'SETTING_INVALID',
			reason: `'Other Source Lists' must be the IDs of lists, numbers between commas, and '${wrongId.slice(0, 50)}' is none`,
		};
	return ok({
		...(list.value ? { list: list.value } : {}),
		upsert: {
			mode: toWriteMode(context.getNodeParameter('mode', 0, '')),
			optOuts: readOptOutRule(context.getNodeParameter('optOuts', 0, 'block')),
			leavers: leavers === 'keep' ? 'keep' : 'remove',
			deletes: leavers === 'delete',
			otherLists,
			dryRun,
			longestWaitMs: longestWait * 1_000,
		},
		failRun: options.onTemporaryFailure !== 'notSynced',
	});
}

/** The list as picked; undefined: none, where the destination can do without. `create`: a list named that does not exist is made. */
export function readList(
	context: IExecuteFunctions,
	create: boolean,
	{ needsList }: Pick<DestinationSystem, 'needsList'>,
): Result<PickedList | undefined> {
	const { mode, value } = readLocator(context, 'destinationList');
	if (value === '' && mode !== 'name' && !needsList) return ok(undefined);
	if (value === '') return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is picked in 'List'" };
	if (mode !== 'name') return ok({ id: value });
	const folderId = readLocator(context, 'folder').value;
	return ok({ name: value, create, ...(folderId === '' ? {} : { folderId }) });
}

/** The name of the list as the editor or the setting has it. */
export function listName(context: IExecuteFunctions): { readonly list?: string } {
	const locator = context.getNodeParameter('destinationList', 0, '') as
		{ cachedResultName?: unknown } | null | string | number;
	const { mode, value } = readLocator(context, 'destinationList');
	if (mode === 'name' && value !== '') return { list: value };
	const label = typeof locator === 'object' ? locator?.cachedResultName : undefined;
	if (typeof label !== 'string' || label === '') return {};
	// Campaigns are offered without a size.
	const isCampaign = context.getNodeParameter('destination', 0, '') === 'salesforce';
	return { list: isCampaign ? label : nameInLabel(label) };
}

/** A text or a number as text; of anything else what it is, which no check takes. */
const plainText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : `(${typeof value})`;

const readLocator = (context: IExecuteFunctions, name: string): Locator =>
	toLocator(context.getNodeParameter(name, 0, ''));

const isId = (text: string): boolean => /^\d{1,15}$/.test(text);
