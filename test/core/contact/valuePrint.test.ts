import { sameBrevoValue } from '../../../clients/brevo/destination/sameValue';
import { sameHubSpotValue } from '../../../clients/hubspot/destination/propertyValues';
import type { HubSpotProperty } from '../../../clients/hubspot/api/types';
import { sameSalesforceValue } from '../../../clients/salesforce/destination/values/sameValue';
import { printOfValue } from '../../../core/contact/valuePrint';
import { isEcho, isUntouched, WrittenValues } from '../../../core/upsert/plan/whoWins/writtenValues';

const HERE = 'First line\nSecond line';
const IN_SALESFORCE = 'First line\r\nSecond line';

describe('a text of several lines, which Salesforce stores with other line breaks than it gets', () => {
	const textarea = { name: 'note', type: 'string', fieldType: 'textarea', options: [] } as unknown as HubSpotProperty;

	it('is the same value in every destination, so that a pair of syncs goes quiet', () => {
		for (const [held, wanted] of [[HERE, IN_SALESFORCE] as const, [IN_SALESFORCE, HERE] as const]) {
			expect(sameHubSpotValue(textarea, held, wanted)).toBe(true);
			expect(sameBrevoValue({ name: 'NOTE', category: 'normal', type: 'text' }, held, wanted)).toBe(true);
			expect(sameSalesforceValue(undefined, held, wanted)).toBe(true);
		}
		expect(sameHubSpotValue(textarea, HERE, 'First line Second line')).toBe(false);
	});

	it('is told from an edit where it comes back', () => {
		const written = new WrittenValues({ now: () => 1 });
		written.stored('003', '7', [['Description', HERE]], true);
		const known = written.of('003').get('Description');
		expect(isEcho(known, '7', printOfValue(IN_SALESFORCE), 2)).toBe(true);
		expect(isEcho(known, '7', printOfValue(`${IN_SALESFORCE}.`), 2)).toBe(false);
	});
});

describe('an instant, which each system tells in a form of its own', () => {
	const SENT = '2026-01-31T08:00:00Z';
	const written = new WrittenValues({ now: () => 1 });
	written.stored('003', '7', [['Called__c', SENT]], true);
	const known = written.of('003').get('Called__c');

	it.each(['2026-01-31T08:00:00.000Z', '2026-01-31T08:00:00.000+0000', '2026-01-31T09:00:00+01:00'])(
		'is told from an edit where it comes back: %s',
		(told) => expect([isEcho(known, '7', printOfValue(told), 2), isUntouched(known, '7', told)]).toEqual([true, true]),
	);

	it.each(['2026-01-31T08:00:01Z', '2026-01-31', '2026-02-31T08:00:00Z'])('is another one: %s', (told) => {
		expect(isEcho(known, '7', printOfValue(told), 2)).toBe(false);
	});
});

describe('a phone number, which Brevo shows without its plus sign', () => {
	it.each(['4915110000001', '+49 151 10000001', '+49-151-10000001'])('has one fingerprint: %s', (told) => {
		expect(printOfValue(told)).toBe(printOfValue('+4915110000001'));
	});

	it.each(['+4915110000002', '015110000001', '4915110000001 (draft)', ''])('has another one: %s', (told) => {
		expect(printOfValue(told)).not.toBe(printOfValue('+4915110000001'));
	});
});
