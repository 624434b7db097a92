import fc from 'fast-check';
import { closeNames } from '../../../core/mapping/closeNames';

const NAMES = ['email', 'firstname', 'lastname', 'city', 'zip', 'Account.Name', 'Account.Website', 'work_email'];

describe('closeNames', () => {
	it.each<[string, string[]]>([
		['frstname', ['firstname']],
		['fristname', ['firstname']],
		['FirstName', ['firstname']],
		['first_name', ['firstname']],
		['emial', ['email']],
		['ctiy', ['city']],
		['workemail', ['work_email']],
		['Account', ['Account.Name', 'Account.Website']],
		['zodiac_sign', []],
		['zi', []],
		['', []],
	])('%s: %j', (typed, expected) => {
		expect(closeNames(typed, NAMES)).toEqual(expected);
	});

	it('names the nearest, three at most', () => {
		expect(closeNames('name1', ['name5', 'name4', 'name3', 'name2'])).toEqual(['name5', 'name4', 'name3']);
		expect(closeNames('name1', ['name5', 'name4', 'Name_1'])).toEqual(['Name_1']);
	});

	it('finds each name by itself, and is no more than one slip away from a name that lost a letter', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(), (name, at) => {
				expect(closeNames(name, [name])).toEqual([name]);
				const without = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
				expect(closeNames(without, [name])).toEqual(without.length < 3 ? [] : [name]);
			}),
		);
	});
});
