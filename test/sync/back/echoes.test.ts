import type { Direction, System } from '../../support/pipeline/triangle/triangle';
import { Triangle, VALUES } from '../../support/pipeline/triangle/triangle';

const [FIRST_NAME] = VALUES;
/** On all three sides. */
const PERSON = 1;

/** Where an edit of a side goes first, and by which way it comes back as an echo. */
const WAYS: ReadonlyArray<readonly [System, Direction, Direction]> = [
	['hubspot', 'hubspotToBrevo', 'brevoToHubSpot'],
	['salesforce', 'salesforceToBrevo', 'brevoToSalesforce'],
	['brevo', 'brevoToHubSpot', 'hubspotToBrevo'],
	['brevo', 'brevoToSalesforce', 'salesforceToBrevo'],
];

let triangle: Triangle;
beforeEach(async () => (triangle = await Triangle.start(1, () => true)));
afterEach(async () => await triangle.close());

/** What the three sides hold of the person. */
function held(): { readonly names: readonly unknown[]; readonly addresses: readonly unknown[] } {
	const { hubspot, salesforce, brevo } = triangle.sides(PERSON);
	return {
		names: [hubspot?.firstname, salesforce?.['FirstName'], brevo?.attributes.FIRSTNAME],
		addresses: [hubspot?.email, salesforce?.['Email'], brevo?.identifiers.email],
	};
}

describe('an edit whose predecessor comes back as an echo before it is delivered itself', () => {
	it.each(WAYS)('reaches all sides: %s, %s, %s', async (side, there, back) => {
		triangle.edit(PERSON, side, FIRST_NAME, 'First edit');
		triangle.move(PERSON, side, 'first@triangle.example');
		await triangle.round([there]);
		triangle.edit(PERSON, side, FIRST_NAME, 'Second edit');
		triangle.move(PERSON, side, 'second@triangle.example');
		await triangle.round([back]);
		await triangle.untilQuiet();
		expect(held()).toEqual({
			names: Array(3).fill('Second edit'),
			addresses: Array(3).fill('second@triangle.example'),
		});
	});
});

describe('an address that was edited on one side, and a name on another one, between two polls', () => {
	it.each(WAYS)('are both kept: %s, %s, %s', async (side, there, back) => {
		const other = side === 'brevo' ? (there === 'brevoToHubSpot' ? 'hubspot' : 'salesforce') : 'brevo';
		triangle.move(PERSON, side, 'moved@triangle.example');
		triangle.edit(PERSON, other, FIRST_NAME, 'Edited');
		await triangle.round([back, there]);
		await triangle.untilQuiet();
		expect(held()).toEqual({ names: Array(3).fill('Edited'), addresses: Array(3).fill('moved@triangle.example') });
	});
});

describe('an edit that is delivered again because its run failed after writing it', () => {
	it.each([
		['hubspot', 'hubspotToBrevo', 'brevo'],
		['hubspot', 'hubspotToBrevo', 'salesforce'],
		['salesforce', 'salesforceToBrevo', 'brevo'],
		['salesforce', 'salesforceToBrevo', 'hubspot'],
		['brevo', 'brevoToHubSpot', 'hubspot'],
		['brevo', 'brevoToSalesforce', 'salesforce'],
	] as const)('does not replace a newer one: %s, %s, then %s', async (side, there, newer) => {
		triangle.edit(PERSON, side, FIRST_NAME, 'First edit');
		triangle.move(PERSON, side, 'first@triangle.example');
		triangle.trouble = (direction) => (direction === there ? 'after' : undefined);
		await triangle.round([there]);
		triangle.trouble = undefined;
		triangle.edit(PERSON, newer, FIRST_NAME, 'Second edit');
		triangle.move(PERSON, newer, 'second@triangle.example');
		await triangle.untilQuiet();
		expect(held()).toEqual({
			names: Array(3).fill('Second edit'),
			addresses: Array(3).fill('second@triangle.example'),
		});
	});
});

describe('an edit that is taken back on the side it was written to, before that is polled again', () => {
	it.each([
		['salesforce', 'brevo', 'brevoToSalesforce', 'salesforceToBrevo'],
		['hubspot', 'brevo', 'brevoToHubSpot', 'hubspotToBrevo'],
		['brevo', 'hubspot', 'hubspotToBrevo', 'brevoToHubSpot'],
		['brevo', 'salesforce', 'salesforceToBrevo', 'brevoToSalesforce'],
	] as const)('is taken back on all sides: in %s, after an edit in %s', async (taker, editor, there, back) => {
		const was = String(held().names[0]);
		triangle.edit(PERSON, editor, FIRST_NAME, 'Edited');
		await triangle.round([there]);
		triangle.edit(PERSON, taker, FIRST_NAME, was);
		await triangle.round([back], 2 * 60_000);
		await triangle.untilQuiet();
		expect(held().names).toEqual(Array(3).fill(was));
	});
});
