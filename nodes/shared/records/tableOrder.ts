import type { IDataObject } from 'n8n-workflow';
import { setOwnValue } from '../../../core/contact/ownValues';

/** n8n's table shows two or three columns before one has to scroll. */
const FIRST = ['outcome', 'contact', 'fields', 'warnings', 'change', 'optedOut'];
const LAST = ['key', 'changedAt', 'source', 'delivery'];

/** The item with what people look for first: what became of which contact; where it came from stands last. */
export function inTableOrder(json: IDataObject): IDataObject {
	const ordered: IDataObject = {};
	for (const name of FIRST) if (json[name] !== undefined) ordered[name] = json[name];
	for (const [name, value] of Object.entries(json))
		if (!FIRST.includes(name) && !LAST.includes(name)) setOwnValue(ordered, name, value);
	for (const name of LAST) if (json[name] !== undefined) ordered[name] = json[name];
	return ordered;
}
