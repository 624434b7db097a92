import { escape } from 'lodash';

/** A mail as n8n's Send Email node takes it: the text and the HTML say the same. */
export interface MailText {
	readonly subject: string;
	readonly text: string;
	readonly html: string;
}

/** A part of a mail. */
export type MailBlock =
	| { readonly kind: 'heading' | 'text' | 'small'; readonly text: string }
	/** How much of a limit is used; drawn to at most 100. */
	| { readonly kind: 'meter'; readonly percent: number }
	| { readonly kind: 'bars'; readonly bars: readonly MailBar[] }
	/** Bars of several parts one above the other, with what each part is. */
	| { readonly kind: 'stacks'; readonly legend: readonly StackPart[]; readonly stacks: readonly MailStack[] }
	/** Rows of texts, the first of which is the number in front. */
	| { readonly kind: 'rows'; readonly rows: readonly MailRow[] };

/** A part that a stack may have. */
export interface StackPart {
	readonly name: string;
	/** `#15803d`. */
	readonly colour: string;
	/** The sign that stands for it in the text. */
	readonly sign: string;
}

/** A bar of parts in the order of the legend; each a share of the longest bar, 0 to 1. */
export interface MailStack {
	readonly label: string;
	readonly shares: readonly number[];
	readonly value: string;
}

export interface MailRow {
	readonly number: string;
	readonly title: string;
	readonly text: string;
}

/** A bar of a chart. */
export interface MailBar {
	readonly label: string;
	/** Of the longest that the chart could show, 0 to 1. */
	readonly share: number;
	/** Of the bar's own limit; gives the colour. */
	readonly percent: number;
	readonly value: string;
}

/** Signs of a bar in the text. */
const TEXT_BAR = 20;
const NEARLY = 80;

/** A mail of its blocks. Texts may hold anything: in HTML they are escaped, and the subject is one line. */
export function mailOf(subject: string, blocks: readonly MailBlock[]): MailText {
	return {
		subject: subject.replace(/\s+/g, ' ').trim(),
		text: `${blocks.map(asText).join('\n\n')}\n`,
		html: `<div style="max-width:600px;font-family:Arial,sans-serif;font-size:15px;line-height:1.5;color:#1f2933">${blocks
			.map(asHtml)
			.join('')}</div>`,
	};
}

function asText(block: MailBlock): string {
	switch (block.kind) {
		case 'heading':
			return `${block.text}\n${'='.repeat(Math.min(70, block.text.length))}`;
		case 'text':
		case 'small':
			return block.text;
		case 'meter':
			return `[${textBar(block.percent / 100).padEnd(TEXT_BAR, '.')}] ${block.percent} %`;
		case 'bars':
			return block.bars
				.map(({ label, share, value }) => [`${label}:`, textBar(share), value].filter((part) => part !== '').join(' '))
				.join('\n');
		case 'stacks':
			return [
				block.legend.map(({ name, sign }) => `${sign} ${name}`).join('   '),
				...block.stacks.map((stack) => `${stack.label}: ${textStack(stack, block.legend)} ${stack.value}`),
			].join('\n');
		case 'rows':
			return block.rows.map(({ number, title, text }) => `${number} ${title}\n  ${text}`).join('\n');
	}
}

const textStack = ({ shares }: MailStack, legend: readonly StackPart[]): string =>
	legend
		.map(({ sign }, part) => sign.repeat(Math.ceil(TEXT_BAR * Math.min(1, Math.max(0, shares[part] ?? 0)))))
		.join('');

const textBar = (share: number): string => '#'.repeat(Math.round(TEXT_BAR * within(share)));

function asHtml(block: MailBlock): string {
	switch (block.kind) {
		case 'heading':
			return `<h2 style="margin:20px 0 8px;font-size:20px">${escape(block.text)}</h2>`;
		case 'text':
			return `<p style="margin:8px 0">${escape(block.text)}</p>`;
		case 'small':
			return `<p style="margin:8px 0;font-size:13px;color:#52606d">${escape(block.text)}</p>`;
		case 'meter':
			return htmlBar(block.percent / 100, block.percent, 18);
		case 'bars':
			return htmlBars(block.bars);
		case 'stacks':
			return htmlStacks(block.stacks, block.legend);
		case 'rows':
			return htmlRows(block.rows);
	}
}

/** Cells with a width and a colour: what every mail client draws, without pictures. */
function htmlBar(share: number, percent: number, height: number): string {
	const filled = Math.round(100 * within(share));
	const cells = [cellOf(filled, colourOf(percent), height), cellOf(100 - filled, EMPTY, height)];
	return `${TABLE}<tr>${cells.join('')}</tr></table>`;
}

function htmlBars(bars: readonly MailBar[]): string {
	const rows = bars.map(
		({ label, share, percent, value }) =>
			`<tr><td style="${SIDE}">${escape(label)}</td><td width="50%" style="width:50%">${htmlBar(share, percent, 12)}</td>` +
			`<td align="right" style="text-align:right;${SIDE}">${escape(value)}</td></tr>`,
	);
	return `${TABLE}${rows.join('')}</table>`;
}

function htmlStacks(stacks: readonly MailStack[], legend: readonly StackPart[]): string {
	const key = legend
		.map(({ name, colour }) => `<span style="color:${colour}">&#9632;</span>&nbsp;${escape(name)}`)
		.join(' &nbsp; ');
	const rows = stacks.map(
		({ label, shares, value }) =>
			`<tr><td style="${SIDE}">${escape(label)}</td><td width="60%" style="width:60%">${htmlStack(shares, legend)}</td>` +
			`<td align="right" style="text-align:right;${SIDE}">${escape(value)}</td></tr>`,
	);
	return `<p style="margin:8px 0;font-size:13px">${key}</p>${TABLE}${rows.join('')}</table>`;
}

/** Whole per cents that are a hundred together at most; a part that is there is seen. */
function htmlStack(shares: readonly number[], legend: readonly StackPart[]): string {
	const widths = legend.map((_part, at) => {
		const share = shares[at] ?? 0;
		return share > 0 ? Math.max(SEEN_PERCENT, Math.round(100 * Math.min(1, share))) : 0;
	});
	const longest = widths.indexOf(Math.max(...widths));
	const tooWide = widths.reduce((sum, width) => sum + width, 0) - 100;
	if (tooWide > 0) widths[longest] = Math.max(SEEN_PERCENT, (widths[longest] ?? 0) - tooWide);
	const left = Math.max(0, 100 - widths.reduce((sum, width) => sum + width, 0));
	const cells = [...widths.map((width, at) => cellOf(width, legend[at]?.colour ?? '', 12)), cellOf(left, EMPTY, 12)];
	return `${TABLE}<tr>${cells.join('')}</tr></table>`;
}

function htmlRows(rows: readonly MailRow[]): string {
	const cells = rows.map(
		({ number, title, text }) =>
			`<tr><td align="right" valign="top" style="text-align:right;vertical-align:top;${SIDE};font-weight:bold">${escape(number)}</td>` +
			`<td style="padding:2px 8px;font-size:14px"><b>${escape(title)}</b><br>${escape(text)}</td></tr>`,
	);
	return `${TABLE}${cells.join('')}</table>`;
}

/** Of a hundred: the least that shows. */
const SEEN_PERCENT = 2;
const EMPTY = '#e4e7eb';

/** As attributes for mail clients, and as style for n8n's own view of HTML, which drops attributes. */
const cellOf = (width: number, colour: string, height: number): string =>
	width > 0
		? `<td width="${width}%" height="${height}" bgcolor="${colour}" style="width:${width}%;height:${height}px;padding:0;background-color:${colour};${NO_TEXT}">&nbsp;</td>`
		: '';

const TABLE =
	'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse">';
const NO_TEXT = 'font-size:0;line-height:0';
const SIDE = 'padding:2px 8px;font-size:13px;white-space:nowrap';

const colourOf = (percent: number): string => (percent >= 100 ? '#b91c1c' : percent >= NEARLY ? '#b45309' : '#15803d');

/** What is there is never drawn as nothing. */
const within = (share: number): number => (share <= 0 ? 0 : Math.min(1, Math.max(0.03, share)));
