import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { generatePeople } from '../../sandbox/people';
import { processorMs } from '../support/processorTime';

describe('generatePeople', () => {
	it('is the same for the same seed, and starts the same for every count', () => {
		expect(generatePeople(50, 7)).toEqual(generatePeople(200, 7).slice(0, 50));
		expect(generatePeople(50, 7)).not.toEqual(generatePeople(50, 8));
	});

	it('gives everybody an own address and an own valid phone', () => {
		const people = generatePeople(3_000, 3);
		expect(new Set(people.map(({ email }) => email)).size).toBe(3_000);
		expect(new Set(people.map(({ phone }) => phone)).size).toBe(3_000);
		for (const { email } of people) expect(email).toMatch(/^[a-z0-9.+]+@[a-z.]+$/);
		const invalid = people.filter(({ phone }) => !isValidPhoneNumber(phone));
		expect(invalid.map(({ country, phone }) => `${country} ${phone}`)).toEqual([]);
	});

	it('writes names in many scripts', () => {
		const text = generatePeople(500)
			.map((person) => person.firstName + person.lastName)
			.join(' ');
		for (const script of ['Latin', 'Hiragana', 'Han', 'Hangul', 'Arabic', 'Hebrew', 'Greek', 'Cyrillic', 'Thai']) {
			expect({ script, seen: new RegExp(`\\p{Script=${script}}`, 'u').test(text) }).toEqual({ script, seen: true });
		}
	});

	it('makes 100,000 people in a few seconds of processor time', async () => {
		const ms = await processorMs(() => expect(generatePeople(100_000)).toHaveLength(100_000));
		expect(ms).toBeLessThan(6_000);
	});
});
