import { escape as text } from 'lodash';
import type { ReportFile } from './files';

export const number = (value: number): string => value.toLocaleString('en-US');

export const plural = (count: number, one: string, many = `${one}s`): string =>
	`${number(count)} ${count === 1 ? one : many}`;

export const paragraph = (words: string): string => `<p>${text(words)}</p>`;

export const heading = (words: string): string => `<h3>${text(words)}</h3>`;

export const list = (lines: readonly string[]): string =>
	lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('')}</ul>`;

/** A table; nothing where it has no rows. Only tags that n8n's forms let through. */
export function table(headers: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
	if (rows.length === 0) return '';
	const cells = (values: ReadonlyArray<string | number>, tag: 'th' | 'td'): string =>
		values.map((value) => `<${tag}>${text(typeof value === 'number' ? number(value) : value)}</${tag}>`).join('');
	const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
	return `<table><thead><tr>${cells(headers, 'th')}</tr></thead><tbody>${body}</tbody></table>`;
}

const STYLE =
	'body{font:15px/1.5 sans-serif;color:#222;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left}th{background:#f3f3f7}';
/** A page with larger files would not be shown. */
const LARGEST_LINK = 1_500_000;

/** A page of its own, for mails and the last page of a form, with the files to download. */
export function page(title: string, html: string, files: readonly ReportFile[]): string {
	const links = files.map(({ fileName, text: csv, what }) => {
		const data = Buffer.from(csv, 'utf8').toString('base64');
		const named =
			data.length > LARGEST_LINK
				? `${text(fileName)} (too large for this page)`
				: `<a download="${text(fileName)}" href="data:text/csv;base64,${data}">${text(fileName)}</a>`;
		return `<li>${named}: ${text(what)}</li>`;
	});
	const downloads = links.length === 0 ? '' : `<h3>Files</h3><ul>${links.join('')}</ul>`;
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title><style>${STYLE}</style></head><body><h2>${text(title)}</h2>${html}${downloads}</body></html>`;
}
