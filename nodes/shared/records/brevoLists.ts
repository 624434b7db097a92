import type { ILoadOptionsFunctions, INodePropertyOptions, IPollFunctions } from 'n8n-workflow';
import { recentAttributes } from '../../../clients/brevo/api/cachedDefinitions';
import { readAllLists } from '../../../clients/brevo/destination/listByName';
import { commonAttributes } from '../../../clients/brevo/source/toContactChange';
import { toSourceFields } from '../../../clients/brevo/source/toSourceFields';
import { offeredFields } from '../../../core/mapping/fields';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { ParameterReader } from '../n8n/parameters';
import { toNodeError } from '../n8n/toNodeError';
import type { FieldsToRead } from '../trigger/fieldsToRead';
import { fieldsToRead } from '../trigger/fieldsToRead';
import { invalid } from '../trigger/settings';
import type { OpenBrevo } from '../vendors/openBrevo';
import { openBrevo } from '../vendors/openBrevo';
import { listLabel } from './listLabels';

/** Each list costs a call when the workflow is published. */
const MOST_LISTS = 50;

/** The lists of the account by name, with their number of contacts. */
export async function getBrevoLists(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { client } = await open(this);
	const lists = await readAllLists(client);
	if (lists.kind !== 'ok') throw toNodeError(this.getNode(), lists);
	return lists.value
		.map(({ id, name, uniqueSubscribers: size }) => ({
			name: listLabel(name, size?.toLocaleString('en-US')),
			value: String(id),
		}))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The attributes worth reading, by name. */
export async function getBrevoAttributes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { client, account, clock } = await open(this);
	const read = await recentAttributes(client, account, clock, 'newest');
	if (read.kind !== 'ok') throw toNodeError(this.getNode(), read);
	return offeredFields(toSourceFields(read.value))
		.map(({ name, label }) => ({ name: label, value: name }))
		.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** What an expression gives in place of an id is named, and not passed over: the contacts of its list would count as having left. */
const textsOf = (one: unknown): readonly string[] =>
	typeof one === 'number' || typeof one === 'string'
		? String(one).split(',')
		: [one === null || one === undefined ? '' : JSON.stringify(one)];

/** Ids of the lists that are picked, each once. */
export function readBrevoLists(picked: unknown): Result<readonly number[]> {
	const texts = (Array.isArray(picked) ? picked : [picked])
		.flatMap((one: unknown) => textsOf(one))
		.map((text) => text.trim())
		.filter((text) => text !== '');
	if (texts.length === 0)
		return { kind: 'stop', code: 'NO_LIST_SELECTED', reason: "No list is picked in 'List Names or IDs'" };
	const wrong = texts.find((text) => !/^\d{1,15}$/.test(text));
	if (wrong !== undefined)
		return invalid(
			`'List Names or IDs' must name lists by their IDs, whole numbers, and '${wrong.slice(0, 50)}' is none`,
		);
	const ids = [...new Set(texts.map(Number))];
	return ids.length > MOST_LISTS
		? invalid(`'List Names or IDs' names more than ${MOST_LISTS} lists: use several triggers`)
		: ok(ids);
}

/** The attributes to read, by the parameters `attributeSelection` and `attributes`. */
export const brevoFieldsToRead = (context: IPollFunctions, read: ParameterReader): Result<FieldsToRead> =>
	fieldsToRead(context, read, {
		source: 'brevo',
		selection: 'attributeSelection',
		picked: 'attributes',
		pickedLabel: 'Attribute Names or IDs',
		common: commonAttributes,
		isName: (text) => /^[\p{L}\p{N}_-]+$/u.test(text),
	});

async function open(context: ILoadOptionsFunctions): Promise<OpenBrevo> {
	const opened = await openBrevo(context);
	if (opened.kind !== 'ok') throw toNodeError(context.getNode(), opened);
	return opened.value;
}
