import { z } from 'zod';

/** n8n's public API, part *Data tables* (https://docs.n8n.io/api/api-reference/), as n8n 2.41 answers. */

const column = z.object({ name: z.string(), type: z.string() });

export const dataTable = z.object({
	id: z.string().regex(/^[a-zA-Z0-9]{1,64}$/),
	name: z.string(),
	createdAt: z.string().optional(),
	columns: z.array(column),
});
export type DataTable = z.output<typeof dataTable>;

export const dataTablePage = z.object({ data: z.array(dataTable), nextCursor: z.string().nullish() });

/** A row with its cells by column name, besides `id`, `createdAt` and `updatedAt`. */
export const dataRow = z.object({ id: z.number() }).passthrough();
export type DataRow = z.output<typeof dataRow>;

export const rowPage = z.object({ data: z.array(dataRow), nextCursor: z.string().nullish() });
export const changedRows = z.array(dataRow);
/** The ids of new rows, or how many there are; what rows were removed, or that they were. Nothing else says that it was done. */
export const doneRows = z.union([
	z.literal(true),
	z.array(z.object({ id: z.number() })),
	z.object({ success: z.literal(true) }),
]);

export type CellValue = string | number | boolean | null;

export interface RowFilter {
	readonly type: 'and' | 'or';
	readonly filters: ReadonlyArray<{
		readonly columnName: string;
		readonly condition: 'eq' | 'gt' | 'gte';
		readonly value: CellValue;
	}>;
}

/** What an API key may do, as n8n calls it where a key is made. */
export type ApiKeyScope =
	| 'dataTable:list'
	| 'dataTable:create'
	| 'dataTableRow:read'
	| 'dataTableRow:create'
	| 'dataTableRow:update'
	| 'dataTableRow:delete';
