import { Triangle } from '../../support/pipeline/triangle/triangle';

const PEOPLE = 4;
const HOUR = 60 * 60_000;
/** 1 is in HubSpot and Brevo, 2 in Salesforce and Brevo, 3 and 4 in all three. */
const has = (person: number, side: 'hubspot' | 'salesforce'): boolean =>
	person > 2 || (person === 1) === (side === 'hubspot');

let triangle: Triangle;
afterEach(async () => await triangle.close());

const idOf = (person: number): string => String(triangle.sides(person).salesforce?.['Id']);
const outcomes = (): string[] =>
	triangle.reports.flatMap(({ results }) => results.map(({ outcome: { status, code } }) => `${status} ${code ?? ''}`));

/** Polls of the flow back to Salesforce, far enough apart that all contacts of Brevo are looked at. */
async function pollBack(): Promise<void> {
	triangle.reports.length = 0;
	for (let poll = 0; poll < 3; poll++) await triangle.round(['brevoToSalesforce']);
}

describe('SB-27: a contact that is deleted in Brevo', () => {
	it('takes its record to the recycle bin of Salesforce where that is wanted, and goes no further', async () => {
		triangle = await Triangle.start(PEOPLE, has, true);
		const record = idOf(2);
		triangle.erase(2);
		await triangle.untilQuiet();
		expect(triangle.salesforce.store.must('Contact', record)).toMatchObject({ IsDeleted: true });
		for (const person of [3, 4]) expect(triangle.sides(person).salesforce).toBeDefined();
		expect(triangle.brevo.store.owner('email', 'person2@triangle.example')).toBeUndefined();
	});

	it('keeps its record elsewhere: in HubSpot always, in Salesforce unless it is wanted', async () => {
		triangle = await Triangle.start(PEOPLE, has);
		for (const person of [1, 2]) triangle.erase(person);
		await triangle.untilQuiet();
		expect(triangle.sides(1).hubspot).toBeDefined();
		expect(triangle.sides(2).salesforce).toBeDefined();
	});

	it('keeps a record with a case, and the outcome says why', async () => {
		triangle = await Triangle.start(PEOPLE, has, true);
		triangle.salesforce.store.insert('Case', { ContactId: idOf(2), Subject: 'Open' });
		triangle.erase(2);
		await pollBack();
		expect(outcomes()).toContain('failed DELETE_REFUSED');
		expect(triangle.sides(2).salesforce).toBeDefined();
	});

	it('is not brought back by the record that stays, nor mailable when it comes back with a change', async () => {
		triangle = await Triangle.start(PEOPLE, has, true);
		triangle.optOut(3, 'brevo');
		await triangle.untilQuiet();
		triangle.erase(3);
		await triangle.untilQuiet();
		expect(triangle.brevo.store.owner('email', 'person3@triangle.example')).toBeUndefined();
		triangle.edit(3, 'hubspot', { hubspot: 'firstname', salesforce: 'FirstName', brevo: 'FIRSTNAME' }, 'Back');
		await triangle.untilQuiet();
		expect(triangle.brevo.store.owner('email', 'person3@triangle.example')?.emailBlocked).toBe(true);
	});

	it('keeps the record of a contact that was made anew before the deletion was noticed', async () => {
		triangle = await Triangle.start(PEOPLE, has, true);
		const { store } = triangle.brevo;
		// More than a page: a deletion is noticed long after what is new.
		for (let n = 0; n < 1_100; n++)
			store.createContact({ identifiers: { email: `crowd${n}@triangle.example` } }, 'seed');
		await triangle.untilQuiet();
		for (let poll = 0; poll < 3; poll++) await triangle.round(['brevoToSalesforce'], HOUR);
		triangle.erase(2);
		store.createContact({ identifiers: { email: 'person2@triangle.example' } }, 'control');
		triangle.reports.length = 0;
		for (let poll = 0; poll < 3; poll++) await triangle.round(['brevoToSalesforce'], HOUR);
		const told = triangle.reports.flatMap(({ results }) => results.flatMap(({ warnings }) => warnings));
		expect(told.map(({ message }) => message).join()).toContain('Another contact of the source has the e-mail address');
		expect(triangle.sides(2).salesforce).toBeDefined();
	});
});
