import { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import type {
	IBinaryData,
	IExecuteFunctions,
	IDataObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { inputFiles } from '../../../nodes/ReadContactExport/inputFiles';
import { ReadContactExport } from '../../../nodes/ReadContactExport/ReadContactExport.node';
import { read } from '../../clients/exports/reading';
import { runNodes, testNode } from '../../support/n8n/engine';

const TYPE = 'n8n-nodes-contact-sync.readContactExport';
const FILES = 'test.files';
const HEADER = 'Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID';
const row = (address: string, name = 'Ada'): string =>
	`${address},${name},2,2020-01-02 03:04:05,2020-01-02 03:05:05,1,a1\n`;
const SUBSCRIBED = 'subscribed_email_audience_export_0a1b2c3d4e.csv';
const UNSUBSCRIBED = 'unsubscribed_email_audience_export_0a1b2c3d4e.csv';
const CLEANED = 'cleaned_email_audience_export_0a1b2c3d4e.csv';

/** Hands over items with files, as a form does. */
class FilesNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Files',
		name: 'files',
		group: ['transform'],
		description: 'Hands over items with files',
		version: 1,
		defaults: { name: 'Files' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	execute: INodeType['execute'];

	/** n8n calls `execute` on its own context. */
	constructor(items: INodeExecutionData[]) {
		this.execute = async () => [items];
	}
}

const inMemory = (fileName: string, content: string | Uint8Array): IBinaryData => ({
	fileName,
	mimeType: 'application/octet-stream',
	data: Buffer.from(content).toString('base64'),
});

const item = (...files: IBinaryData[]): INodeExecutionData => ({
	json: {},
	binary: Object.fromEntries(files.map((file, index) => [`file_${index}`, file])),
});

async function run(items: INodeExecutionData[], parameters: IDataObject = {}, settings: IDataObject = {}) {
	const node = { ...testNode('Read', TYPE, parameters as never), ...settings };
	const result = await runNodes([testNode('Files', FILES, {}), node], {
		types: { [TYPE]: new ReadContactExport(), [FILES]: new FilesNode(items) },
	});
	const emails = [0, 1, 2].map((output) => result.json('Read', output).map(({ email }) => email));
	return { result, emails, refused: result.json('Read', 3), summary: result.json('Read', 4) };
}

describe('Read Contact Export', () => {
	it('MG-10, MG-23, MG-24: parts the contacts of all files of all items by their consent', async () => {
		const zip = zipSync({
			[SUBSCRIBED]: Buffer.from(`${HEADER}\n${row('a@example.com')}${row('b@example.com')}`),
			[CLEANED]: Buffer.from(`${HEADER}\n${row('c@example.com')}`),
		});
		const { emails, refused, summary, result } = await run([
			item(inMemory('audience.zip', zip), inMemory('notes.csv', 'Email,Status\nd@example.com,pending\nnone,\n')),
			item(inMemory(UNSUBSCRIBED, `${HEADER}\n${row('B@example.com')}`)),
		]);
		expect(result.error).toBeUndefined();
		expect(emails).toEqual([['b@example.com', 'c@example.com'], ['a@example.com'], ['d@example.com']]);
		expect(refused).toEqual([
			{ file: 'notes.csv', line: 3, code: 'MALFORMED_ADDRESS', reason: 'The e-mail address has no @' },
		]);
		expect(summary).toEqual([
			expect.objectContaining({ contacts: 4, rows: 6, refused: 1, repeated: 1, fields: expect.any(Array) }),
		]);
		expect(result.hints[0]).toMatch(
			/^4 contacts: 2 opted out or bounced, 1 subscribed, 1 without consent\. Read from 6 rows of audience\.zip › subscribed_email/,
		);
		expect(result.hints).toContainEqual(expect.stringContaining('1 row was refused'));
	});

	it('MG-08: links each contact to the item that brought its file', async () => {
		const { result } = await run([
			item(inMemory(SUBSCRIBED, `${HEADER}\n${row('a@example.com')}`)),
			item(inMemory(UNSUBSCRIBED, `${HEADER}\n${row('b@example.com')}`)),
		]);
		expect(result.items('Read', 0).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(result.items('Read', 1).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
	});

	it('MG-09: reads a file that n8n keeps on a disk as a stream', async () => {
		const bytes = Buffer.from(`${HEADER}\n${row('a@example.com')}`);
		const getBinaryStream = jest.fn(async () => Readable.from([bytes.subarray(0, 40), bytes.subarray(40)]));
		const context = {
			getNodeParameter: () => '',
			getInputData: () => [
				item({ fileName: SUBSCRIBED, mimeType: 'text/csv', id: 'filesystem-v2:abc', data: 'filesystem-v2' }),
			],
			helpers: { getBinaryStream },
		};
		const files = inputFiles(context as unknown as IExecuteFunctions);
		if (typeof files === 'string') throw new Error(files);
		expect((await read(files.map(({ file }) => file))).standings).toEqual({ 'a@example.com': 'subscribed' });
		expect(getBinaryStream).toHaveBeenCalledWith('filesystem-v2:abc', expect.any(Number));
	});

	it('MG-09: finds files inside the JSON of an item, where newer workflows have them', async () => {
		const { emails } = await run([
			{
				json: {
					upload: [
						inMemory(SUBSCRIBED, `${HEADER}\n${row('a@example.com')}`),
						inMemory(UNSUBSCRIBED, `${HEADER}\n${row('b@example.com')}`),
					] as never,
				},
			},
		]);
		expect(emails).toEqual([['b@example.com'], ['a@example.com'], []]);
	});

	it('MG-08: reads the fields that are named, and both of two files with one name', async () => {
		const files = item(
			inMemory('a.csv', 'Email\na@example.com\n'),
			inMemory('a.csv', 'Email\nb@example.com\n'),
			inMemory('a.csv', 'Email\nc@example.com\n'),
		);
		const { result } = await run([files], { binaryFields: 'file_0, file_2' });
		expect(result.json('Read', 2).map(({ email, provenance }) => [email, (provenance as IDataObject).file])).toEqual([
			['a@example.com', 'a.csv'],
			['c@example.com', 'a.csv (2)'],
		]);
	});

	it('MG-08: reads all files of a field of a form by the name of the field', async () => {
		const files = item(inMemory('a.csv', 'Email\na@example.com\n'), inMemory('b.csv', 'Email\nb@example.com\n'));
		const { emails } = await run(
			[{ ...files, binary: { ...files.binary, other: inMemory('c.csv', 'Email\nc@example.com\n') } }],
			{ binaryFields: 'file' },
		);
		expect(emails[2]).toEqual(['a@example.com', 'b@example.com']);
	});

	it.each<[string, IDataObject, readonly (readonly string[])[]]>([
		['withoutStatus', { withoutStatus: 'subscribed' }, [['u@example.com', 'b@example.com'], ['n@example.com'], []]],
		['bounces', { bounces: 'leaveOut' }, [['u@example.com'], [], ['n@example.com']]],
		['oneColumn', { oneColumn: 'suppress' }, [['u@example.com', 'b@example.com', 'n@example.com'], [], []]],
		[
			'suppressionFiles',
			{ suppressionFiles: 'x.csv, list' },
			[['u@example.com', 'b@example.com', 'n@example.com'], [], []],
		],
	])('follows the option %s', async (_name, options, expected) => {
		const files = item(
			inMemory('u.csv', 'Email,Status\nu@example.com,unsubscribed\nb@example.com,bounced\n'),
			inMemory('list.txt', 'n@example.com\n'),
		);
		const { emails } = await run([files], { options: { oneColumn: 'contacts', ...options } });
		expect(emails).toEqual(expected);
	});

	it('MG-23: an error names the file and what to do, and no contact goes on', async () => {
		const files = item(
			inMemory(SUBSCRIBED, `${HEADER}\n${row('a@example.com')}`),
			inMemory('unsubscribed.pdf', '%PDF-1.7 x'),
		);
		const stopped = await run([files]);
		expect(stopped.result.error).toMatchObject({
			message: 'unsubscribed.pdf: The file is a PDF, which is no table of contacts',
			description: expect.stringContaining('CSV'),
		});
		const goesOn = await run([files], {}, { onError: 'continueRegularOutput' });
		expect(goesOn.emails).toEqual([[], [], []]);
		expect(goesOn.refused).toEqual([{ error: 'unsubscribed.pdf: The file is a PDF, which is no table of contacts' }]);
	});

	it.each<[IDataObject, string]>([
		[{}, 'No item has a file'],
		[{ binaryFields: 'data' }, "No item has a file in 'data'"],
	])('MG-09: says when there is no file (%j)', async (parameters, message) => {
		const { result } = await run([{ json: {} }], parameters);
		expect(result.error).toMatchObject({ message, description: expect.stringContaining('On form submission') });
	});
});

describe('an expression in an option', () => {
	const TEXT = 'Email,Email status,Newsletter permission\na@example.com,Subscribed,no\nb@example.com,Subscribed,yes\n';
	const withOptions = async (options: IDataObject) => await run([item(inMemory('a.csv', TEXT))], { options });

	it.each([
		['permissionColumn', 'undefined', "'Required Permission' gives nothing"],
		['permissionColumn', "' '", "'Required Permission' gives nothing"],
		['permissionColumn', '({})', "'Required Permission' must give a text"],
		['suppressionFiles', 'null', "'Suppression Files' gives nothing"],
		['suppressionFiles', 'true', "'Suppression Files' must give names between commas"],
		['leastGrade', "'Confirmed Opt-In'", "'Evidence of Consent' must give one of none, imported, single, confirmed"],
		['leastGrade', '$json.nothing', "'Evidence of Consent' gives nothing"],
		['withoutStatus', '12', "'Contacts Without a Status' must give one of noConsent, subscribed"],
		['oneColumn', "'suppression'", "'Files with One Column' must give one of auto, suppress, contacts"],
	])('MG-10: %s: {{ %s }} is named, and no contact goes on', async (name, expression, message) => {
		const { result, emails } = await withOptions({ [name]: `={{ ${expression} }}` });
		expect(result.error?.message).toContain(message);
		expect(emails.flat()).toEqual([]);
	});

	it.each(["['a.csv', 'b.csv']", "'a.csv,b.csv'", "['a.csv']"])(
		'MG-23: Suppression Files: {{ %s }} are names',
		async (expression) => {
			const { emails } = await withOptions({ suppressionFiles: `={{ ${expression} }}` });
			expect(emails[0]).toEqual(['a@example.com', 'b@example.com']);
		},
	);

	it('MG-08: Input Binary Fields that are no names are told', async () => {
		const { result } = await run([item(inMemory('a.csv', TEXT))], { binaryFields: '={{ true }}' });
		expect(result.error?.message).toContain("'Input Binary Fields' must give names between commas");
	});
});
