import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ExportContact } from '../../clients/exports/contacts/toContact';
import type { ExportTaker, RefusedRow } from '../../clients/exports/handOver';
import type { ReadExport } from '../../clients/exports/readExport';
import type { Standing } from '../../clients/exports/recognise/statusWords';
import type { InputFile } from './inputFiles';

/** By output: Opted Out or Bounced, Subscribed, No Consent, Refused, Summary. */
export const OUTPUT_NAMES = ['Opted Out or Bounced', 'Subscribed', 'No Consent', 'Refused', 'Summary'];

const OUTPUTS: Readonly<Record<Standing, 0 | 1 | 2>> = { optedOut: 0, bounced: 0, subscribed: 1, noConsent: 2 };
const REFUSED = 3;
const SUMMARY = 4;

/** Makes items of what is read, each linked to the item that brought its file. */
export class ExportItems implements ExportTaker {
	readonly outputs: INodeExecutionData[][] = OUTPUT_NAMES.map(() => []);
	/** By table. */
	private readonly links = new Map<string, { readonly item: number }>();

	constructor(private readonly files: readonly InputFile[]) {}

	contact(contact: ExportContact, standing: Standing): void {
		// Not a copy, which would read the fields of all contacts.
		this.put(OUTPUTS[standing], contact as unknown as IDataObject, contact.provenance.file);
	}

	refused(row: RefusedRow): void {
		this.put(REFUSED, { ...row }, row.file);
	}

	summary({ summary, fields }: ReadExport): void {
		this.outputs[SUMMARY]?.push({
			json: { ...(summary as unknown as IDataObject), fields: fields },
			pairedItem: [...new Set(this.files.map(({ item }) => item))].map((item) => ({ item })),
		});
	}

	private put(output: number, json: IDataObject, table: string): void {
		this.outputs[output]?.push({ json, pairedItem: this.linkOf(table) });
	}

	private linkOf(table: string): { item: number } {
		const known = this.links.get(table);
		if (known) return known;
		const from = this.files.find(({ file }) =>
			[file.name, `${file.name} › `, `${file.name}, sheet `].some(
				(name) => table === name || (name !== file.name && table.startsWith(name)),
			),
		);
		const link = { item: from?.item ?? 0 };
		this.links.set(table, link);
		return link;
	}
}
