import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { SLOWNESS_VARIABLE, currentSlowness } from '../../demo/process/slowness';

/**
 * Node.js, with the time limits of jest, of tests and of hooks as long as they are on this machine. Each test file begins with
 * what was measured last; what waits in it goes by the same.
 */
export default class PatientEnvironment extends TestEnvironment {
	private readonly slowness: number;
	private readonly scaled = new WeakSet<object>();

	constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
		const slowness = currentSlowness();
		// The test file gets a copy of the variables.
		process.env[SLOWNESS_VARIABLE] = String(slowness);
		super(config, context);
		this.slowness = slowness;
	}

	handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent, state: Circus.State): void {
		if (event.name === 'run_start') state.testTimeout *= this.slowness;
		if (event.name === 'test_start') this.scale(event.test);
		if (event.name === 'hook_start') this.scale(event.hook);
	}

	/** Once, because a hook may run before each of many tests. */
	private scale(limited: { timeout?: number | null }): void {
		if (!limited.timeout || this.scaled.has(limited)) return;
		this.scaled.add(limited);
		limited.timeout *= this.slowness;
	}
}
