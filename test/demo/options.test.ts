import { DemoError } from '../../demo/demoError';
import { parseOptions } from '../../demo/options';

describe('parseOptions', () => {
	it('has 500 members and stays up when nothing is said', () => {
		expect(parseOptions([])).toEqual({
			source: 'hubspot',
			flow: undefined,
			once: false,
			story: false,
			members: 500,
			json: false,
			port: undefined,
			keep: false,
			n8n: undefined,
			help: false,
		});
	});

	it('takes every option', () => {
		expect(
			parseOptions(['--once', '--story', '--members', '10000', '--json', '--port=6000', '--keep', '--n8n', '2.41.3']),
		).toEqual({
			source: 'hubspot',
			flow: undefined,
			once: true,
			story: true,
			members: 10_000,
			json: true,
			port: 6000,
			keep: true,
			n8n: '2.41.3',
			help: false,
		});
	});

	it('plays the story with 200 members, and not with too few for all its people', () => {
		expect(parseOptions(['--story'])).toMatchObject({ story: true, members: 200 });
		expect(() => parseOptions(['--story', '--members', '20'])).toThrow('100');
	});

	it.each([
		[['--flow', 'salesforce'], 'Contact'],
		[['--flow', 'salesforce', '--object', 'contacts'], 'Contact'],
		[['--flow', 'salesforce', '--object', 'leads'], 'Lead'],
		[['--flow', 'hubspot'], 'hubspot'],
	])('%j syncs %s', (args, source) => {
		expect(parseOptions(args)).toMatchObject({ source, members: 500 });
	});

	it.each(['inclusion', 'migration', 'back'])('tells the flow %s', (flow) => {
		expect(parseOptions(['--flow', flow, '--once'])).toMatchObject({ flow, source: 'hubspot', once: true });
	});

	it.each([
		['--flow', 'inclusion', '--story'],
		['--flow', 'inclusion', '--members', '10'],
		['--flow', 'migration', '--story'],
		['--flow', 'back', '--members', '10'],
		['--flow', 'sugar'],
		['--object', 'leads'],
		['--flow', 'salesforce', '--object', 'accounts'],
		['--flow', 'salesforce', '--story'],
	])('refuses %s %s %s %s', (...args) => {
		expect(() => parseOptions(args)).toThrow(DemoError);
	});

	it.each([
		['--members', '0'],
		['--members', 'many'],
		['--members', '1e3'],
		['--port', '70000'],
		['--n8n', 'latest'],
		['--twice'],
	])('refuses %s %s', (...args) => {
		expect(() => parseOptions(args)).toThrow(DemoError);
	});
});
