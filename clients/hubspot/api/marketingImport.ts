import { z } from 'zod';
import type { HttpRequest } from '../../../core/ports';
import { CONTACT_TYPE } from './hubSpotClient';

const FILE_NAME = 'contacts.csv';
const COLUMN = 'Record ID';
/** Does not come up in record ids and in names of imports, so that it needs not be chosen anew for each body. */
const BOUNDARY = 'contact-sync-import-7f3a9c51';

/**
 * The form of an import that sets contacts as marketing contacts and changes nothing else of them
 * (https://developers.hubspot.com/docs/api-reference/legacy/crm/imports/guide): no other call can (H20). By record id, so that no row
 * creates a contact.
 */
export function marketingImport(ids: readonly string[], name: string): Pick<HttpRequest, 'headers' | 'body'> {
	const request = {
		name,
		importOperations: { [CONTACT_TYPE]: 'UPDATE' },
		dateFormat: 'YEAR_MONTH_DAY',
		marketableContactImport: true,
		createContactListFromImport: false,
		files: [
			{
				fileName: FILE_NAME,
				fileFormat: 'CSV',
				fileImportPage: {
					hasHeader: true,
					columnMappings: [
						{
							columnObjectTypeId: CONTACT_TYPE,
							columnName: COLUMN,
							propertyName: 'hs_object_id',
							columnType: 'HUBSPOT_OBJECT_ID',
						},
					],
				},
			},
		],
	};
	const parts = [
		`Content-Disposition: form-data; name="importRequest"\r\n\r\n${JSON.stringify(request)}`,
		`Content-Disposition: form-data; name="files"; filename="${FILE_NAME}"\r\nContent-Type: text/csv\r\n\r\n${[COLUMN, ...ids].join('\n')}`,
	];
	const body = `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
	return { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, body };
}

/** Where an import stands: `STARTED PROCESSING DEFERRED`, or over as `DONE FAILED CANCELED REVERTED`. */
export const importAnswer = z.object({
	id: z.union([z.string().max(40), z.number()]).transform(String),
	state: z.string().max(40),
});

/** Why rows were not taken; the kinds are an open set. */
export const importErrors = z.object({
	results: z.array(z.object({ errorType: z.string().max(100).nullish() })).max(1_000),
});
