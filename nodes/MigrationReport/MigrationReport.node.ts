import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { migrationReportProperties } from './description';
import { filesOf } from './files';
import { gather } from './gather';
import { page } from './html';
import { previewPage } from './previewPage';
import { reportPage } from './reportPage';

export class MigrationReport implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Migration Report',
		name: 'migrationReport',
		icon: { light: 'file:migrationReport.svg', dark: 'file:migrationReport.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "report" ? "What Arrived" : "What Would Be Done" }}',
		description:
			'Say what an import of contact exports would do, before it is approved, and what arrived, with a file of the rows that were left out and one of all changes',
		defaults: { name: 'Migration Report' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: undefined,
		properties: migrationReportProperties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (items.length === 0) return [[]];
		const operation = this.getNodeParameter('operation', 0, 'preview') === 'report' ? 'report' : 'preview';
		const migration = gather(this, operation);
		if (typeof migration === 'string') {
			if (this.continueOnFail()) return [[{ json: { error: migration }, pairedItem: { item: 0 } }]];
			throw new NodeOperationError(this.getNode(), migration);
		}
		const told = operation === 'report' ? reportPage(migration) : previewPage(migration);
		const files = filesOf(migration, operation);
		const binary: NonNullable<INodeExecutionData['binary']> = {};
		for (const { name, fileName, text } of files)
			binary[name] = await this.helpers.prepareBinaryData(Buffer.from(text, 'utf8'), fileName, 'text/csv');
		const { html, ...json } = told;
		return [
			[
				{
					json: { ...json, html, page: page(json.subject, html, files) },
					binary,
					pairedItem: items.map((_item, item) => ({ item })),
				},
			],
		];
	}
}
