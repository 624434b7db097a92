import type { DestinationFieldType, SourceFieldType } from '../../../core/mapping/fields';
import { TYPE_NAMES, typeDistance } from '../../../core/mapping/fields';
import { readTypes, recordTypes, retyping } from '../../../core/mapping/typeDrift';
import { needsTimeZone } from '../../../core/mapping/timeZone';
import { destination, EMAIL, planOf, source } from './mappingFixtures';

const SYSTEMS = { sourceSystem: 'HubSpot', destinationSystem: 'Brevo' };
const told = (
	[before, now]: readonly [SourceFieldType, SourceFieldType],
	[beforeThere, nowThere]: readonly [DestinationFieldType, DestinationFieldType],
) => retyping({ source: before, destination: beforeThere }, source('f', now), destination('A', nowThere), SYSTEMS);

const SOURCE_TYPES: SourceFieldType[] = [
	'text',
	'number',
	'date',
	'datetime',
	'boolean',
	'category',
	'multipleChoice',
	'phone',
	'email',
];
const DESTINATION_TYPES = SOURCE_TYPES.filter((type) => type !== 'datetime');

describe('FIELD_RETYPED', () => {
	it('is told exactly where a type changed and the values can no longer be converted', () => {
		for (const before of SOURCE_TYPES) {
			for (const now of SOURCE_TYPES) {
				for (const there of DESTINATION_TYPES) {
					const fits = typeDistance(now, there) !== undefined;
					const expected = fits || before === now ? 'undefined' : 'string';
					expect([before, now, there, typeof told([before, now], [there, there])]).toEqual([
						before,
						now,
						there,
						expected,
					]);
				}
			}
		}
	});

	it('names what changed, from what to what', () => {
		expect(told(['date', 'boolean'], ['date', 'date'])).toBe(
			"'f' of HubSpot was date and is now yes/no, which no longer fits the date attribute A of Brevo",
		);
		expect(told(['datetime', 'datetime'], ['date', 'boolean'])).toBe(
			"A of Brevo was date and is now yes/no, which no longer fits the date and time field 'f' of HubSpot",
		);
		expect(told(['text', 'date'], ['text', 'number'])).toBe(
			"'f' of HubSpot was text and is now date, which no longer fits A of Brevo, which was text and is now number",
		);
	});
});

describe('the stored types', () => {
	it('come back as they were; text is not stored', () => {
		const fields = Object.keys(TYPE_NAMES).map((type) => source(`a_${type}`, type as SourceFieldType));
		const record = recordTypes(fields);
		expect(JSON.stringify(record)).not.toContain('a_text');
		const types = readTypes(record);
		for (const { name, type } of fields) expect(types.get(name) ?? 'text').toBe(type);
	});
});

describe('the time zone is needed', () => {
	const needed = (type: SourceFieldType, there: DestinationFieldType): boolean =>
		needsTimeZone(
			planOf([
				[EMAIL, source('email', 'email')],
				[destination('A', there), source('f', type)],
			]),
		);

	it.each<[boolean, SourceFieldType, DestinationFieldType]>([
		[true, 'datetime', 'date'],
		[true, 'datetime', 'text'],
		[true, 'text', 'date'],
		[false, 'date', 'date'],
		[false, 'date', 'text'],
		[false, 'text', 'text'],
		[false, 'number', 'number'],
	])('%s: %s to %s', (expected, type, there) => expect(needed(type, there)).toBe(expected));
});
