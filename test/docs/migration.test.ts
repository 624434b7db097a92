import { read } from './repository';

/** The part of docs/migration.md below a heading. */
const section = (heading: string): string => {
	const [, after = ''] = read('docs/migration.md').split(new RegExp(`^#+ ${heading}$`, 'm'));
	return after.split(/^## /m)[0] ?? '';
};
const template = (name: string): string => read(`workflows/${name}-to-hubspot.json`);

describe('the guide through a migration', () => {
	it.each([
		['MG-03: the old tool can stay connected', 'Afterwards', [/stay|connected/i, /convert on a HubSpot form/]],
		[
			'MG-05: a glossary',
			'Glossary',
			[/marketing email/, /\| files/, /\| list/, /contact record/, /opt-out list/, /email footer/],
		],
		[
			'MG-06, MG-07, MG-12, MG-13: the steps of Mailchimp',
			'From Mailchimp',
			[/Sign in/, /_Audience_/, /View contacts/, /some contacts or all/, /Export audience/, /Export as CSV/],
		],
		[
			'MG-06, MG-07, MG-19: the steps of Constant Contact',
			'From Constant Contact',
			[/Sign in/, /_Contacts_/, /status/, /checkbox in the header/, /banner/],
		],
		[
			'MG-11, MG-16, MG-22, MG-27: what HubSpot offers besides, and what is not done',
			'The rules',
			[/MG-11 .*data sync/, /MG-16 .*Mailchimp app/, /MG-22 .*Constant Contact app/, /MG-27 .*associates objects/],
		],
		['MG-28: what comes after', 'Afterwards', [/E-mail settings, then images/]],
	])('%s', (_rule, heading, patterns) => {
		const text = section(heading);
		expect(patterns.filter((pattern) => !pattern.test(text))).toEqual([]);
	});

	it("MG-04, MG-12, MG-13, MG-19: the notes of the templates mirror the vendors' steps", () => {
		expect(template('mailchimp')).toMatch(/Audience.*View contacts.*Export audience.*Export as CSV/);
		expect(template('constant-contact')).toMatch(/Contacts.*status.*header.*Export.*Email.*CSV or Excel.*each status/);
	});
});
