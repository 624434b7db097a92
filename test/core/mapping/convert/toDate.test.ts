import { convertToDate, convertToInstant } from '../../../../core/mapping/convert/toDate';

describe('digits that may be a day and a time without marks', () => {
	it.each(['202401051200', '20240105120000', 20240105120000])('%p is no count of milliseconds', (value) => {
		expect(convertToDate(value, 'UTC')).toMatchObject({
			kind: 'unusable',
			reason: expect.stringMatching(/milliseconds.*YYYY-MM-DD/) as string,
		});
		expect(convertToInstant(value, 'UTC')).toMatchObject({ kind: 'unusable' });
	});

	it('of a date field are milliseconds, as HubSpot writes them', () => {
		expect(convertToDate('202003200000', 'UTC', undefined, 'datetime')).toEqual({ kind: 'value', value: '1976-05-27' });
	});
});

describe('numbers of ten digits, which are seconds nearly everywhere but in HubSpot', () => {
	it.each([1_704_412_800, '1704412800', 1_704_451_234, '-1704412800', 2_678_400_000])(
		'%p is refused with what to do, for its day would be one of two',
		(value) => {
			expect(convertToDate(value, 'UTC')).toMatchObject({
				kind: 'unusable',
				code: 'VALUE_NOT_CONVERTIBLE',
				reason: expect.stringMatching(/seconds or milliseconds.*YYYY-MM-DD/) as string,
			});
		},
	);

	it('a date field with the time of a day in it holds no day in milliseconds', () => {
		expect(convertToDate('1704412801', 'UTC', undefined, 'date')).toMatchObject({ kind: 'unusable' });
	});

	it.each([
		['2678400000', 'date', '1970-02-01'],
		['2678400000', 'datetime', '1970-02-01'],
		['2678400001', 'datetime', '1970-02-01'],
		['-2678400000', 'date', '1969-12-01'],
		['0', 'date', '1970-01-01'],
		['1704412800000', undefined, '2024-01-05'],
		['10368000000', undefined, '1970-05-01'],
	] as const)('%s of a field of type %s is in milliseconds: %s', (value, type, day) => {
		expect(convertToDate(value, 'UTC', undefined, type)).toEqual({ kind: 'value', value: day });
	});
});
