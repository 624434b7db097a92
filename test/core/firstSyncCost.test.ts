import { brevoReading, brevoWriting } from '../../clients/brevo/api/firstSyncCost';
import { hubSpotReading, hubSpotWriting } from '../../clients/hubspot/api/firstSyncCost';
import { salesforceReading, salesforceWriting } from '../../clients/salesforce/api/firstSyncCost';
import { estimateFirstSync } from '../../core/firstSyncCost';

const said = (...args: [Parameters<typeof estimateFirstSync>[0]]) => estimateFirstSync(...args)?.message;

describe('what a first sync takes', () => {
	it.each([
		[200, 'The first sync takes about 10 s, with about 6 HubSpot calls and 7 Brevo calls'],
		[10_000, 'The first sync takes about 50 s, with about 143 HubSpot calls and 61 Brevo calls'],
		[100_000, 'The first sync takes about 8 minutes, with about 1,403 HubSpot calls and 601 Brevo calls'],
	])('of %i members of a HubSpot list', (contacts, message) => {
		expect(said({ sources: [hubSpotReading], destination: brevoWriting(false), contacts })).toBe(message);
	});

	it('goes by the slower side, such as contacts that Brevo takes one by one', () => {
		const sync = { sources: [hubSpotReading], destination: brevoWriting(true), contacts: 100_000 };
		expect(said(sync)).toBe(
			'The first sync takes about 4 hours, with about 1,403 HubSpot calls and 100,601 Brevo calls',
		);
	});

	it.each([
		['Salesforce → Brevo', salesforceReading, brevoWriting(false), '9 Salesforce calls and 61 Brevo calls'],
		['HubSpot → Salesforce', hubSpotReading, salesforceWriting(true), '143 HubSpot calls and 114 Salesforce calls'],
		['Salesforce → HubSpot', salesforceReading, hubSpotWriting(true), '9 Salesforce calls and 213 HubSpot calls'],
		['Brevo → HubSpot', brevoReading, hubSpotWriting(false), '11 Brevo calls and 203 HubSpot calls'],
		['Brevo → Salesforce', brevoReading, salesforceWriting(false), '11 Brevo calls and 64 Salesforce calls'],
	])('is told for 10,000 contacts where their number is not known: %s', (_pair, source, destination, calls) => {
		const estimate = estimateFirstSync({ sources: [source], destination, contacts: undefined });
		expect(estimate?.message).toMatch(/^A first sync of 10,000 contacts takes about (\d+ s|\d minutes), with about /);
		expect(estimate?.message).toContain(calls);
		expect(estimate?.dependsOn).toMatch(/depends on how fast .* and .* answer, on other tools/);
	});

	it('H20: counts the imports that set marketing contacts, and says that their time is not known', () => {
		const sync = { sources: [salesforceReading], destination: hubSpotWriting(true, true), contacts: 10_000 };
		expect(said(sync)).toContain('9 Salesforce calls and 453 HubSpot calls');
		expect(estimateFirstSync(sync)?.dependsOn).toContain('Not counted: the time HubSpot takes for the imports');
	});

	it('is not told where no trigger begins one, or nothing is there', () => {
		expect(estimateFirstSync({ sources: [], destination: brevoWriting(false), contacts: 5 })).toBeUndefined();
		expect(
			estimateFirstSync({ sources: [hubSpotReading], destination: hubSpotWriting(true), contacts: 0 }),
		).toBeUndefined();
	});
});
