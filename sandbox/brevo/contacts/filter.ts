import { invalidParameter } from '../brevoError';
import type { Contact } from '../entities';
import { isPhoneKind, normalPhone } from './identifiers';
import type { BrevoStore } from '../store';

/**
 * `equals(ATTR,"value")`, the only operator of `GET /contacts?filter=`. A category is named by its value or its label;
 * several options of a multiple-choice attribute, split by commas, must all be there.
 */
export function parseFilter(text: string, store: BrevoStore): (contact: Contact) => boolean {
	const match = /^equals\(\s*([^,()\s]+)\s*,\s*(?:"((?:[^"\\]|\\.)*)"|([^"()]*?))\s*\)$/.exec(text.trim());
	if (match === null) throw invalidParameter('filter is not valid');
	const name = match[1] as string;
	const wanted = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';

	if (name === 'EMAIL') return ({ identifiers }) => identifiers.email === wanted.toLowerCase();
	if (name === 'EXT_ID') return ({ identifiers }) => identifiers.ext_id === wanted;
	if (isPhoneKind(name)) return ({ identifiers }) => identifiers[name] === normalPhone(wanted);

	const attribute = store.attribute(name);
	if (attribute === undefined) throw invalidParameter(`Attribute ${name} not found`);
	if (attribute.category === 'category') {
		const item = attribute.enumeration?.find(({ value, label }) => value === wanted || label === wanted);
		return ({ attributes }) => item !== undefined && attributes[name] === item.value;
	}
	if (attribute.type === 'multiple-choice') {
		const options = wanted.split(',').map((option) => option.trim());
		return ({ attributes }) => {
			const held = attributes[name];
			return Array.isArray(held) && options.every((option) => held.includes(option));
		};
	}
	return ({ attributes }) => attributes[name] !== undefined && String(attributes[name]) === wanted;
}
