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
	| { readonly kind: 'bars'; readonly bars: readonly MailBar[] };

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
	}
}

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
	}
}

/** Cells with a width and a colour: what every mail client draws, without pictures. */
function htmlBar(share: number, percent: number, height: number): string {
	const filled = Math.round(100 * within(share));
	const cell = (width: number, colour: string): string =>
		width > 0 ? `<td width="${width}%" height="${height}" bgcolor="${colour}" style="${NO_TEXT}">&nbsp;</td>` : '';
	return `${TABLE}<tr>${cell(filled, colourOf(percent))}${cell(100 - filled, '#e4e7eb')}</tr></table>`;
}

function htmlBars(bars: readonly MailBar[]): string {
	const rows = bars.map(
		({ label, share, percent, value }) =>
			`<tr><td style="${SIDE}">${escape(label)}</td><td width="50%">${htmlBar(share, percent, 12)}</td>` +
			`<td align="right" style="${SIDE}">${escape(value)}</td></tr>`,
	);
	return `${TABLE}${rows.join('')}</table>`;
}

const TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">';
const NO_TEXT = 'font-size:0;line-height:0';
const SIDE = 'padding:2px 8px;font-size:13px;white-space:nowrap';

const colourOf = (percent: number): string => (percent >= 100 ? '#b91c1c' : percent >= NEARLY ? '#b45309' : '#15803d');

/** Something used is never drawn as nothing. */
const within = (share: number): number => (share <= 0 ? 0 : Math.min(1, Math.max(0.03, share)));
