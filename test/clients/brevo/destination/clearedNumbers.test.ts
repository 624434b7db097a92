import { statusCounts } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { told } from '../support/brevoSandbox';
import { useSteppedBrevo } from '../support/steppedBrevo';

const stepped = useSteppedBrevo();

const KEY = 'hubspot:1:contact:1';
const NUMBER = '493012345678';

describe.each([
	['alone', 0],
	['beside 60 others', 60],
] as const)('finding C: an empty number comes to rest, %s', (_name, others) => {
	const clearing = (name: string) =>
		mapped(1, { email: 'a@x.example', attributes: { CITY: 'Rom', NOTES: null, [name]: null } });
	const hold = (name: string): void =>
		void stepped.hold('a@x.example', {
			extId: KEY,
			attributes: { CITY: 'Bonn', NOTES: 'Old' },
			identifiers: { [name]: NUMBER },
			addTo: [stepped.list],
		});

	it.each([
		['LANDLINE_NUMBER', 'kept', 'updated LANDLINE_NUMBER:VALUE_DROPPED', NUMBER],
		['WHATSAPP', 'kept', 'updated WHATSAPP:VALUE_DROPPED', NUMBER],
		['LANDLINE_NUMBER', 'refused', 'updated LANDLINE_NUMBER:VALUE_REFUSED', NUMBER],
		['WHATSAPP', 'refused', 'updated WHATSAPP:VALUE_REFUSED', NUMBER],
		['LANDLINE_NUMBER', 'cleared', 'updated', undefined],
		['WHATSAPP', 'cleared', 'updated', undefined],
	] as const)('%s, where Brevo says: %s', async (name, emptyNumbers, expected, left) => {
		Object.assign(stepped.brevo.settings, { emptyNumbers, importDelayMs: 3_000 });
		hold(name);
		const report = await stepped.run([clearing(name), ...mappedCrowd(others, 1_000)]);
		expect(report.failure).toBeUndefined();
		expect(told(report)[0]).toBe(expected);
		expect(stepped.contact('a@x.example').attributes).toEqual({ CITY: 'Rom' });
		expect(stepped.contact('a@x.example').identifiers[name]).toBe(left);
	});

	it('no import is waited for that could not clear it', async () => {
		stepped.brevo.settings.importDelayMs = 45_000;
		hold('LANDLINE_NUMBER');
		const only = mapped(1, { email: 'a@x.example', attributes: { LANDLINE_NUMBER: null } });
		const report = await stepped.run([only]);
		expect({ failure: report.failure, counts: statusCounts(report) }).toEqual({ counts: { unchanged: 1 } });
		expect(stepped.counts()['POST /contacts/import']).toBeUndefined();
	});
});
