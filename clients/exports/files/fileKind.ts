import { markedEncoding } from './text/encoding';

/** `what` completes the sentence "The file is …". `mayHoldContacts`: it may well be a table of them, or hold one. */
export type FileKind =
	'text' | 'zip' | 'workbook' | 'empty' | { readonly what: string; readonly mayHoldContacts?: boolean };

/** How files begin that are no tables. */
const FOREIGN: ReadonlyArray<readonly [bytes: readonly number[], what: string]> = [
	[[0x25, 0x50, 0x44, 0x46], 'a PDF'],
	[[0x89, 0x50, 0x4e, 0x47], 'an image'],
	[[0xff, 0xd8, 0xff], 'an image'],
	[[0x47, 0x49, 0x46, 0x38], 'an image'],
];
/** How files begin that may hold tables, and are not read. */
const CONTAINERS: ReadonlyArray<readonly [bytes: readonly number[], what: string]> = [
	[[0x1f, 0x8b], 'packed with gzip'],
	[[0x52, 0x61, 0x72, 0x21], 'a RAR archive'],
	[[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive'],
	[[0x42, 0x5a, 0x68], 'packed with bzip2'],
	[[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'packed with xz'],
	[[0x28, 0xb5, 0x2f, 0xfd], 'packed with Zstandard'],
	[[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], 'a database of SQLite'],
];
const TAR = [0x75, 0x73, 0x74, 0x61, 0x72];
const TAR_AT = 257;

/** Both kinds of workbook that are no archive: the container of Office 97, and the records of older ones. */
const WORKBOOKS: readonly (readonly number[])[] = [
	[0xd0, 0xcf, 0x11, 0xe0],
	[0x09, 0x08, 0x10, 0x00],
	[0x09, 0x04, 0x06, 0x00],
	[0x09, 0x02, 0x06, 0x00],
	[0x09, 0x00, 0x04, 0x00],
];

/** What a file is, by its first bytes. */
export function kindOf(beginning: Uint8Array): FileKind {
	if (beginning.length === 0) return 'empty';
	const begins = (bytes: readonly number[]): boolean => bytes.every((byte, index) => beginning[index] === byte);
	if (begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6])) return 'zip';
	if (WORKBOOKS.some(begins)) return 'workbook';
	const foreign = FOREIGN.find(([bytes]) => begins(bytes));
	if (foreign) return { what: foreign[1] };
	const container = CONTAINERS.find(([bytes]) => begins(bytes));
	if (container) return { what: container[1], mayHoldContacts: true };
	if (TAR.every((byte, index) => beginning[TAR_AT + index] === byte))
		return { what: 'a tar archive', mayHoldContacts: true };
	return kindOfText(beginning);
}

function kindOfText(beginning: Uint8Array): FileKind {
	const isWide = markedEncoding(beginning)?.startsWith('utf-16') === true;
	const zeros = beginning.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
	// UTF-16 has them beside other characters, a text of ours may have a stray one.
	if (!isWide && zeros > 2) return { what: 'of a kind that is not known' };
	const text = new TextDecoder('latin1')
		.decode(beginning)
		.replaceAll('\0', '')
		.replace(/^(?:ï»¿|ÿþ|þÿ)?\s*(?:<!--[^>]*-->\s*)*/, '');
	if (/^(?:<!doctype html|<html|<table|<meta|<div|<head|<body|<style)/i.test(text))
		return /<table/i.test(text) ? 'workbook' : { what: 'a web page' };
	if (text.startsWith('<?xml') || /^<(?:ss:)?Workbook/.test(text))
		return /<(?:ss:)?Workbook/i.test(text) ? 'workbook' : { what: 'an XML document' };
	if (text.startsWith('{\\rtf')) return { what: 'a text document (RTF)' };
	if (/^(?:ID;P|TABLE\s+0,1\s)/.test(text)) return { what: 'an old spreadsheet (SYLK or DIF)', mayHoldContacts: true };
	if (/^(?:\{|\[)\s*(?:["{[\]}]|$)/.test(text)) return { what: 'a JSON document' };
	return 'text';
}
