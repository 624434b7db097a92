import type * as Slowness from '../../demo/process/slowness';
import PatientEnvironment from '../support/patientEnvironment';

/** The module as a process has it that was told how slow the machine is. */
function toldOf(slowness: string): typeof Slowness {
	const before = process.env.CONTACT_SYNC_SLOWNESS;
	process.env.CONTACT_SYNC_SLOWNESS = slowness;
	try {
		let loaded: typeof Slowness | undefined;
		jest.isolateModules(() => {
			loaded = jest.requireActual<typeof Slowness>('../../demo/process/slowness');
			loaded.slowness();
		});
		return loaded!;
	} finally {
		process.env.CONTACT_SYNC_SLOWNESS = before;
	}
}

describe('limits of time', () => {
	it.each([
		['3', 3],
		// Nothing is faster than usual, and what takes longer than that hangs.
		['0.2', 1],
		['1000', 20],
	])('%s times as slow: as long as a process was told that its machine is slow', (told, slowness) => {
		const { scaled, slowness: of } = toldOf(told);
		expect([of(), scaled(1_000)]).toEqual([slowness, slowness * 1_000]);
	});

	it('are measured where nothing was told', () => {
		expect(toldOf('').slowness()).toBeGreaterThanOrEqual(1);
	});

	it('of a wait: not over before its time on this machine, over after it, and grown where the machine became slower', () => {
		const { Patience } = toldOf('3');
		const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
		const took = jest.spyOn(performance, 'now');
		try {
			const patience = new Patience(1_000);
			now.mockReturnValue(1_002_900);
			expect(patience.isOver).toBe(false);
			// Measured again, the piece of work takes 900 ms instead of 100.
			took.mockReturnValueOnce(0).mockReturnValueOnce(900);
			now.mockReturnValue(1_003_100);
			expect([patience.isOver, patience.limitMs]).toEqual([false, 9_000]);
			now.mockReturnValue(1_009_100);
			expect(patience.isOver).toBe(true);
		} finally {
			now.mockRestore();
			took.mockRestore();
		}
	});

	it('of jest, tests and hooks: each grows once', () => {
		const environment = Object.assign(Object.create(PatientEnvironment.prototype) as object, {
			slowness: 3,
			scaled: new WeakSet(),
		});
		const [state, test, hook, unlimited] = [
			{ testTimeout: 5 },
			{ timeout: 10 },
			{ timeout: 20 },
			{ timeout: undefined },
		];
		const happens = (event: object) =>
			(environment as unknown as PatientEnvironment).handleTestEvent(event as never, state as never);
		happens({ name: 'run_start' });
		for (let round = 0; round < 2; round++) {
			happens({ name: 'hook_start', hook });
			happens({ name: 'test_start', test });
			happens({ name: 'test_start', test: unlimited });
		}
		expect([state, test, hook, unlimited]).toEqual([
			{ testTimeout: 15 },
			{ timeout: 30 },
			{ timeout: 60 },
			{ timeout: undefined },
		]);
	});
});
