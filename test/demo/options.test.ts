import { DemoError } from '../../demo/demoError';
import { parseOptions } from '../../demo/options';

describe('parseOptions', () => {
	it('has 500 members and stays up when nothing is said', () => {
		expect(parseOptions([])).toEqual({
			once: false,
			members: 500,
			json: false,
			port: undefined,
			keep: false,
			help: false,
		});
	});

	it('takes every option', () => {
		expect(parseOptions(['--once', '--members', '10000', '--json', '--port=6000', '--keep'])).toEqual({
			once: true,
			members: 10_000,
			json: true,
			port: 6000,
			keep: true,
			help: false,
		});
	});

	it.each([['--members', '0'], ['--members', 'many'], ['--members', '1e3'], ['--port', '70000'], ['--twice']])(
		'refuses %s %s',
		(...args) => {
			expect(() => parseOptions(args)).toThrow(DemoError);
		},
	);
});
