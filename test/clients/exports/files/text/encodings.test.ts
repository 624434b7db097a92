import { file, read } from '../../reading';

const HEADER = 'E-Mail;Vorname;Ort';
const TEXT = `${HEADER}\r\nada@example.com;Zoë;Zürich – €5 ’s\r\n`;

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
	const marked = mark ? `\ufeff${text}` : text;
	const bytes = new Uint8Array(marked.length * 2);
	const view = new DataView(bytes.buffer);
	for (let index = 0; index < marked.length; index++) view.setUint16(index * 2, marked.charCodeAt(index), littleEndian);
	return bytes;
}

/** The few characters of the test beyond Latin-1. */
const WINDOWS: Readonly<Record<string, number>> = { '–': 0x96, '€': 0x80, '’': 0x92 };
const windows1252 = (text: string): Uint8Array =>
	Uint8Array.from(Array.from(text, (character) => WINDOWS[character] ?? character.charCodeAt(0)));

describe('encodings', () => {
	it.each<[string, Uint8Array]>([
		['UTF-8', new TextEncoder().encode(TEXT)],
		['UTF-8 with a mark', new TextEncoder().encode(`\ufeff${TEXT}`)],
		['UTF-16 LE with a mark', utf16(TEXT, true, true)],
		['UTF-16 BE with a mark', utf16(TEXT, false, true)],
		['UTF-16 LE', utf16(TEXT, true, false)],
		['UTF-16 BE', utf16(TEXT, false, false)],
		['Windows-1252', windows1252(TEXT)],
	])('MG-25: %s is found, whatever the file is called and in whatever parts it comes', async (_name, bytes) => {
		for (const part of [1, 5, 10_000]) {
			const taken = await read([file('kontakte.xlsx', bytes, part)]);
			expect(taken.contactOf('ada@example.com').fields).toEqual({
				'E-Mail': 'ada@example.com',
				Vorname: 'Zoë',
				Ort: 'Zürich – €5 ’s',
			});
		}
	});

	it.each([true, false])(
		'MG-25: UTF-16 without a mark is found in Cyrillic too (little endian: %s)',
		async (little) => {
			const lines = Array.from({ length: 20 }, (_, index) => `p${index}@example.com;Екатерина;Новосибирск\n`).join('');
			const taken = await read([file('контакты.csv', utf16(`Email;Имя;Город\n${lines}`, little, false))]);
			expect(taken.contactOf('p7@example.com').fields).toEqual({
				Email: 'p7@example.com',
				Имя: 'Екатерина',
				Город: 'Новосибирск',
			});
		},
	);

	it('MG-25: a file in UTF-8 with one broken character among many stays UTF-8', async () => {
		const lines = Array.from({ length: 30 }, (_, index) => `p${index}@example.com;Zoë;Zürich\n`).join('');
		const bytes = [
			...new TextEncoder().encode(`${HEADER}\n${lines}x@example.com;Ren`),
			0xe9,
			...new TextEncoder().encode(';Genf\n'),
		];
		const taken = await read([file('contacts.csv', Uint8Array.from(bytes))]);
		expect(taken.contactOf('p3@example.com').fields.Vorname).toBe('Zoë');
		expect(taken.contactOf('x@example.com').fields.Vorname).toBe('Ren\ufffd');
	});
});
