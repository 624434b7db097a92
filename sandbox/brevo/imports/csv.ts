/** Reads semicolon-separated text with a header row; cells may be quoted. Empty lines are left out. */
export function readCsv(text: string): Record<string, string>[] {
	const [header, ...lines] = rows(text.replace(/^\uFEFF/, ''));
	if (header === undefined) return [];
	const names = header.map((name) => name.trim().toUpperCase());
	return lines
		.filter((cells) => cells.length > 1 || cells[0] !== '')
		.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])));
}

export function writeCsv(header: readonly string[], lines: readonly (readonly string[])[]): string {
	return [header, ...lines].map((cells) => cells.map(quoted).join(';')).join('\n') + '\n';
}

function rows(text: string): string[][] {
	const all: string[][] = [];
	let row: string[] = [];
	let cell = '';
	let inQuotes = false;
	for (let at = 0; at < text.length; at += 1) {
		const char = text[at] as string;
		if (inQuotes) {
			if (char !== '"') cell += char;
			else if (text[at + 1] === '"') {
				cell += '"';
				at += 1;
			} else inQuotes = false;
		} else if (char === '"' && cell === '') inQuotes = true;
		else if (char === ';') {
			row.push(cell);
			cell = '';
		} else if (char === '\n') {
			row.push(cell);
			all.push(row);
			row = [];
			cell = '';
		} else if (char !== '\r') cell += char;
	}
	if (cell !== '' || row.length > 0) all.push([...row, cell]);
	return all;
}

function quoted(cell: string): string {
	return /[";\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
