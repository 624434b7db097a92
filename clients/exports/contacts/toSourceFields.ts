import type { SourceField, SourceFieldType } from '../../../core/mapping/fields';
import { namesOf } from '../files/names';
import { phrasesIn, wordForm } from '../recognise/headerForm';
import type { Layout } from '../recognise/layout';
import { recognise } from '../recognise/layout';

/** Columns that the tool fills in for itself: no property of a contact. */
const TECHNICAL: ReadonlySet<string> = new Set(
	phrasesIn(`
	member rating, leid, euid, gmtoff, dstoff, latitude, longitude, timezone, cc, region, email type, unsub campaign title,
	unsub campaign id, clean campaign title, clean campaign id, klaviyo id, contact id, record id
`),
);
const DATES =
	/(?:^| )(?:birthday|anniversary|birthdate|date of birth|geburtsdatum|geburtstag|date de naissance|anniversaire|data di nascita|compleanno)(?: |$)/;
const INSTANTS = /(?:^| )(?:time|timestamp|created at|updated at|last changed|created on|date added)$/;

/** The same of headers alone, as a mapping sees them before a file is read; none where no column holds addresses. */
export function sourceFieldsOf(headers: readonly string[], fileName = ''): SourceField[] {
	const recognised = recognise(namesOf(fileName), [{ kind: 'cells', line: 1, cells: headers }]);
	return recognised.kind === 'layout' ? toSourceFields(recognised.layout) : [];
}

/** The columns of a table as fields that can be mapped. */
export function toSourceFields({ fieldNames, columns, headers }: Layout): SourceField[] {
	return fieldNames.map((name, index): SourceField => {
		const form = wordForm(headers[index] ?? '');
		return { name, label: name, type: typeOf(index, form, columns), readOnly: false, hidden: TECHNICAL.has(form) };
	});
}

function typeOf(index: number, form: string, columns: Layout['columns']): SourceFieldType {
	if (columns.emails.some((email) => email.index === index)) return 'email';
	if (columns.lists.includes(index)) return 'multipleChoice';
	if (columns.phones.includes(index)) return 'phone';
	// A birthday may be a day and a month without a year, which no date can hold.
	if (DATES.test(form)) return 'text';
	return INSTANTS.test(form) ? 'datetime' : 'text';
}
