import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { ExportFile } from '../../clients/exports/files/table';
import { setOwnValue } from '../../core/contact/ownValues';
import { isRecord } from '../../core/json';
import { namesIn } from './settings';

/** Bytes that are handed on at once. */
const PART = 262_144;

/** A file and the item it came with. */
export interface InputFile {
	readonly file: ExportFile;
	readonly item: number;
}

/**
 * The files of all items, in their order. Text: why there are none. n8n keeps a file beside the JSON of an item or, in its newer way, inside it.
 */
export function inputFiles(context: IExecuteFunctions): InputFile[] | string {
	const wanted = namesIn(context.getNodeParameter('binaryFields', 0, '') ?? '');
	if (wanted === undefined) return "'Input Binary Fields' must give names between commas";
	const items = context.getInputData();
	const taken = new Map<string, number>();
	const files = items.flatMap((item, index) => {
		const fields = Object.entries({ ...filesInJson(item.json), ...item.binary });
		return fields
			.filter(([field]) => wanted.length === 0 || wanted.some((name) => isFieldOf(name, field)))
			.map(([field, data]) => ({
				file: toFile(
					context,
					index,
					item.binary?.[field] ? field : data,
					data,
					freeName(data.fileName ?? field, taken),
				),
				item: index,
			}));
	});
	if (files.length > 0) return files;
	return wanted.length > 0
		? `No item has a file in ${wanted.map((name) => `'${name}'`).join(' or ')}`
		: 'No item has a file';
}

/** A field of a form that takes several files is `Label` with one of them, and `Label_0`, `Label_1` with more. */
const isFieldOf = (name: string, field: string): boolean =>
	field === name || (field.startsWith(`${name}_`) && /^\d+$/.test(field.slice(name.length + 1)));

/** Two files may have one name, as when two audiences are exported. */
function freeName(name: string, taken: Map<string, number>): string {
	const count = (taken.get(name) ?? 0) + 1;
	taken.set(name, count);
	return count === 1 ? name : `${name} (${count})`;
}

function filesInJson(json: Readonly<Record<string, unknown>>): Record<string, IBinaryData> {
	const found: Record<string, IBinaryData> = {};
	for (const [field, value] of Object.entries(json)) {
		const values = Array.isArray(value) ? (value as unknown[]) : [value];
		for (const [index, one] of values.entries())
			if (isFile(one)) setOwnValue(found, index === 0 ? field : `${field}_${index}`, one);
	}
	return found;
}

const isFile = (value: unknown): value is IBinaryData =>
	isRecord(value) &&
	typeof value.mimeType === 'string' &&
	(typeof value.id === 'string' || typeof value.data === 'string');

/** As a stream where n8n keeps files on a disk, so that a large one is never in memory as a whole. */
function toFile(
	context: IExecuteFunctions,
	item: number,
	place: string | IBinaryData,
	{ id }: IBinaryData,
	name: string,
): ExportFile {
	if (id !== undefined) return { name, open: async () => await context.helpers.getBinaryStream(id, PART) };
	let bytes: Uint8Array | undefined;
	return {
		name,
		open: async () => parts((bytes ??= await context.helpers.getBinaryDataBuffer(item, place))),
	};
}

async function* parts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += PART) yield await Promise.resolve(bytes.subarray(at, at + PART));
}
