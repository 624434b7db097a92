import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { readExport } from '../../clients/exports/readExport';
import { readContactExportHints, readContactExportProperties } from './description';
import { hintsOf } from './hints';
import { inputFiles } from './inputFiles';
import { readSettings } from './settings';
import { ExportItems, OUTPUT_NAMES } from './toItems';

export class ReadContactExport implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Read Contact Export',
		name: 'readContactExport',
		icon: { light: 'file:readContactExport.svg', dark: 'file:readContactExport.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["binaryFields"] || "All files" }}',
		description:
			'Read contacts from export files of Mailchimp, Constant Contact, HubSpot, Klaviyo and others, and part them by consent: who opted out, who subscribed, who never agreed',
		defaults: { name: 'Read Contact Export' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUT_NAMES.map(() => NodeConnectionTypes.Main),
		outputNames: OUTPUT_NAMES,
		usableAsTool: undefined,
		hints: readContactExportHints,
		properties: readContactExportProperties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const files = inputFiles(this);
		if (typeof files === 'string') {
			if (this.continueOnFail()) return failed(files);
			throw new NodeOperationError(this.getNode(), files, { description: NO_FILES });
		}
		const settings = readSettings(this);
		if (typeof settings === 'string') {
			if (this.continueOnFail()) return failed(settings);
			throw new NodeOperationError(this.getNode(), settings, { description: WRONG_SETTING });
		}
		const items = new ExportItems(files);
		const read = await readExport(
			files.map(({ file }) => file),
			settings,
			items,
		);
		if (read.kind === 'unreadable') {
			const message = `${read.file}: ${read.reason}`;
			if (this.continueOnFail()) return failed(message);
			throw new NodeOperationError(this.getNode(), message, { description: read.advice });
		}
		items.summary(read);
		this.addExecutionHints(...hintsOf(read.summary));
		return items.outputs;
	}
}

const WRONG_SETTING = 'Look at its expression, and at the item that it takes its value from. No contact was handed on.';
const NO_FILES =
	"Connect a node that hands over files, such as 'On form submission' with a field for files, or 'Read/Write Files from Disk'.";

/** No contact goes on where a file cannot be read: it may be the one with the opt-outs. */
function failed(error: string): INodeExecutionData[][] {
	return OUTPUT_NAMES.map((name) => (name === 'Refused' ? [{ json: { error }, pairedItem: { item: 0 } }] : []));
}
