/**
 * The least a person would map after importing a template, by source and destination: the templates carry no mapping, because the
 * editor fills its suggestions into an empty one only.
 */
const ROWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'hubSpot to brevo': { EMAIL: 'email', FIRSTNAME: 'firstname', LASTNAME: 'lastname', SMS: 'phone' },
	'salesforce to brevo': { EMAIL: 'Email', FIRSTNAME: 'FirstName', LASTNAME: 'LastName', SMS: 'MobilePhone' },
	'hubSpot to salesforce': {
		Email: 'email',
		FirstName: 'firstname',
		LastName: 'lastname',
		Title: 'jobtitle',
		Phone: 'phone',
	},
	'salesforce to hubSpot': {
		email: 'Email',
		firstname: 'FirstName',
		lastname: 'LastName',
		jobtitle: 'Title',
		phone: 'Phone',
	},
};

/** The parameter `mapping` of a Map Contact Fields node with `more` rows, as n8n stores it; the editor adds the schema when it is opened. */
export function mappingWith(
	{ mapping, source = 'hubSpot', destination = 'brevo' }: Readonly<Record<string, unknown>>,
	more: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
	const table = (mapping ?? {}) as { value?: Readonly<Record<string, unknown>> | null };
	const rows = table.value ?? ROWS[`${String(source)} to ${String(destination)}`];
	return { mappingMode: 'defineBelow', ...table, value: { ...rows, ...more } };
}
