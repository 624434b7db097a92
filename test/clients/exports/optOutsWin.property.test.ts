import fc from 'fast-check';
import { propertyRuns } from '../../support/propertyRuns';
import { readTexts } from './reading';

/**
 * Random sets of files, in random orders of files and rows, of many tools and spellings: what one row forbids is forbidden, and no contact
 * without a row that says so is subscribed.
 */

type Said = 'optedOut' | 'bounced' | 'noConsent' | 'subscribed';
const ORDER: readonly Said[] = ['optedOut', 'bounced', 'noConsent', 'subscribed'];

interface Entry {
	readonly address: string;
	readonly said: Said;
	readonly spelling: (address: string) => string;
}

/** How each tool writes what a row says. */
const TOOLS: Readonly<Record<string, (entries: readonly Entry[]) => Readonly<Record<string, string>>>> = {
	mailchimp: (entries) => {
		const names: Readonly<Record<Said, string>> = {
			optedOut: 'unsubscribed',
			bounced: 'cleaned',
			noConsent: 'nonsubscribed',
			subscribed: 'subscribed',
		};
		const header = 'Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID';
		return Object.fromEntries(
			ORDER.map((said) => {
				const lines = entries
					.filter((entry) => entry.said === said)
					.map(({ address, spelling }) => `"${spelling(address)}",2,,2020-01-02 03:05:05,1,a`);
				return [`${names[said]}_email_audience_export_0a1b2c3d4e.csv`, [header, ...lines].join('\r\n')];
			}),
		);
	},
	constantContact: (entries) => {
		const words: Readonly<Record<Said, string>> = {
			optedOut: 'Unsubscribed',
			bounced: 'Bounced',
			noConsent: '',
			subscribed: 'Active',
		};
		const lines = entries.map(({ address, said, spelling }) => `Ada;"${spelling(address)}";${words[said]}`);
		return {
			'contact_export_1100000000000_070224_101010.csv': ['First name;Email address;Email status', ...lines].join('\n'),
		};
	},
	klaviyo: (entries) => {
		const words: Readonly<Record<Said, string>> = {
			optedOut: 'SUBSCRIBED,UNSUBSCRIBED',
			bounced: 'SUBSCRIBED,HARD_BOUNCE',
			noConsent: 'NEVER_SUBSCRIBED,',
			subscribed: 'SUBSCRIBED,',
		};
		const lines = entries.map(({ address, said, spelling }) => `"${spelling(address)}",k,${words[said]}`);
		return { 'list.csv': ['Email,Klaviyo ID,Email Marketing Consent,Email Suppressions', ...lines].join('\n') };
	},
	french: (entries) => {
		const words: Readonly<Record<Said, string>> = {
			optedOut: 'Désabonné',
			bounced: 'Adresse invalide',
			noConsent: 'Non abonné',
			subscribed: 'Abonné',
		};
		const lines = entries.map(({ address, said, spelling }) => `"${spelling(address)}"\t${words[said]}`);
		return { 'contacts.txt': ['Adresse e-mail\tStatut', ...lines].join('\r') };
	},
};

const spelling = fc.constantFrom<Entry['spelling']>(
	(address) => address,
	(address) => address.toUpperCase(),
	(address) => ` ${address} `,
	(address) => `Ada <${address}>`,
	(address) => address.replace('müller', 'MÜLLER'),
	(address) => address.replace('müller.example', 'xn--mller-kva.example'),
);
const entry: fc.Arbitrary<Entry> = fc.record({
	address: fc.constantFrom(
		'ada@example.com',
		'bob@müller.example',
		'c.d+e@example.org',
		"o'neil@example.com",
		'zoë@example.com',
	),
	said: fc.constantFrom(...ORDER),
	spelling,
});
const upload = fc.array(fc.tuple(fc.constantFrom(...Object.keys(TOOLS)), fc.array(entry, { maxLength: 6 })), {
	minLength: 1,
	maxLength: 5,
});

describe('opt-outs', () => {
	it('MG-23: win over every other row of the same contact, in any file, order and spelling', async () => {
		const runs = propertyRuns('opt-outs of exports', 300);
		await fc.assert(
			fc.asyncProperty(upload, fc.infiniteStream(fc.nat()), async (exports, order) => {
				const texts = exports.flatMap(([tool, entries], index) =>
					Object.entries(TOOLS[tool]?.(entries) ?? {}).map(([name, text]): [string, string] => [
						`${index}/${name}`,
						text,
					]),
				);
				const mixed = texts
					.map((text) => ({ text, at: order.next().value ?? 0 }))
					.sort((one, other) => one.at - other.at);
				const taken = await readTexts(Object.fromEntries(mixed.map(({ text }) => text)));
				const expected: Record<string, Said> = {};
				for (const { address, said } of exports.flatMap(([, entries]) => entries)) {
					const plain = address.replace('müller.example', 'xn--mller-kva.example');
					const known = expected[plain];
					if (known === undefined || ORDER.indexOf(said) < ORDER.indexOf(known)) expected[plain] = said;
				}
				expect(taken.standings).toEqual(expected);
				expect(taken.refused).toEqual([]);
				if (taken.result.kind !== 'read') throw new Error(taken.result.reason);
				const { summary } = taken.result;
				expect(summary.rows).toBe(exports.reduce((sum, [, entries]) => sum + entries.length, 0));
				expect(summary.contacts + summary.repeated).toBe(summary.rows);
				runs.count();
			}),
			runs.parameters,
		);
	});
});
