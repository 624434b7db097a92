import { labelledForm, wordForm } from './headerForm';

export type Vendor =
	| 'mailchimp'
	| 'constantContact'
	| 'hubspot'
	| 'salesforce'
	| 'brevo'
	| 'klaviyo'
	| 'activeCampaign'
	| 'shopify'
	| 'wix'
	| 'generic';

export const VENDOR_NAMES: Readonly<Record<Vendor, string>> = {
	mailchimp: 'Mailchimp',
	constantContact: 'Constant Contact',
	hubspot: 'HubSpot',
	salesforce: 'Salesforce',
	brevo: 'Brevo',
	klaviyo: 'Klaviyo',
	activeCampaign: 'ActiveCampaign',
	shopify: 'Shopify',
	wix: 'Wix',
	generic: 'unknown tool',
};

/** Columns that Mailchimp adds behind those of the audience, in English whatever the language of the account. */
const MAILCHIMP_COLUMNS = ['member rating', 'optin time', 'confirm time', 'leid', 'euid', 'gmtoff', 'dstoff'];

/** Mailchimp's names: the status, then what was exported, then the number of the export. */
const MAILCHIMP_FILE = /(?:^|[^a-z])[a-z_-]*(?:members|segment|audience)_export_[0-9a-z]{4,}/i;
const CONSTANT_CONTACT_FILE = /^contact_export_\d+_\d+/i;

type Headers = ReadonlySet<string>;
const hasAny = (headers: Headers, ...forms: string[]): boolean => forms.some((form) => headers.has(form));
const hasAll = (headers: Headers, ...forms: string[]): boolean => forms.every((form) => headers.has(form));

/** In this order; the last column says what tells the tool. */
const RULES: ReadonlyArray<readonly [vendor: Vendor, is: (headers: Headers) => boolean]> = [
	['mailchimp', (headers) => MAILCHIMP_COLUMNS.filter((form) => headers.has(form)).length >= 3],
	['klaviyo', (headers) => hasAny(headers, 'klaviyo id', 'email marketing consent')],
	['shopify', (headers) => hasAny(headers, 'accepts email marketing') || hasAll(headers, 'customer id', 'total spent')],
	['wix', (headers) => hasAny(headers, 'email subscriber status')],
	[
		'hubspot',
		(headers) =>
			hasAny(
				headers,
				'portal bounce',
				'portal unsubscribe',
				'unsubscribed from all email',
				'marketing contact status',
			) ||
			(headers.has('record id') &&
				hasAny(headers, 'contact owner', 'lifecycle stage', 'create date', 'associated company')),
	],
	[
		'brevo',
		(headers) =>
			hasAny(headers, 'email blacklisted', 'email blocklisted', 'landline number', 'contact timezone') ||
			hasAll(headers, 'added time', 'modified time') ||
			hasAll(headers, 'contact id', 'ext id') ||
			hasAll(headers, 'contact id', 'sms'),
	],
	[
		'constantContact',
		(headers) =>
			headers.has('email address') &&
			hasAny(
				headers,
				'email status',
				'email permission status',
				'confirmed opt out date',
				'email lists',
				'source name',
			),
	],
	[
		'salesforce',
		(headers) =>
			hasAny(headers, 'hasoptedoutofemail', 'mailingstreet', 'isemailbounced', 'email opt out', 'mailing street') ||
			hasAll(headers, 'id', 'firstname', 'lastname', 'email'),
	],
	['activeCampaign', (headers) => headers.has('email') && hasAll(headers, 'date created', 'status')],
];

/** The tool that wrote a file, by its columns, else by its name. */
export function vendorOf(headers: readonly string[], fileName: string): Vendor {
	const forms = new Set(headers.flatMap((header) => [wordForm(header), labelledForm(header).form]));
	const found = RULES.find(([, is]) => is(forms))?.[0];
	if (found) return found;
	if (MAILCHIMP_FILE.test(fileName)) return 'mailchimp';
	return CONSTANT_CONTACT_FILE.test(fileName) ? 'constantContact' : 'generic';
}

/** Whether a table is the report of a campaign: who opened or clicked, not who agreed. */
export function isCampaignReport(headers: readonly string[]): boolean {
	const forms = headers.map(wordForm);
	return ['opened at', 'clicked at', 'clicked link address'].some((form) => forms.includes(form));
}
