import { cpus, loadavg } from 'node:os';
import { Closers } from '../../demo/process/closers';
import { installCost } from '../../demo/n8n/n8nInstall';
import type { Progress } from '../../demo/process/progress';
import type { HeldContact } from '../../demo/truth/expected';
import { readHoldings } from '../../demo/truth/sandboxTruth';
import { compareHeld, differencesFromTruth } from '../sameState';
import { openBenchStage, type Accounts, type BenchStage } from './benchStage';
import { BENCH_WAYS, idsOf, keyOf, workedOn, type BenchRun } from './cases';
import type { BenchOptions } from './options';
import { listSizes, planOf, type Series } from './plan';
import { runnerOf } from './runCase';

export interface BenchReport {
	readonly options: BenchOptions;
	/** When it began, ISO. */
	readonly at: string;
	readonly machine: { readonly cpus: number; readonly node: string; readonly n8n: string };
	/** The load of the machine over the last minute, at the start and at the end. */
	readonly load: readonly [number, number];
	readonly runs: readonly BenchRun[];
	/** Contacts of the other ways that were compared with ours. */
	readonly compared: number;
	/** Everything that should not be: such a benchmark compares nothing. */
	readonly problems: readonly string[];
}

export interface Surroundings {
	readonly progress: Progress;
	readonly signal: AbortSignal;
	/** A package built before; when absent it is built. */
	readonly built?: { readonly folder: string };
}

/** Runs everything, one after the other. */
export async function runBench(options: BenchOptions, around: Surroundings): Promise<BenchReport> {
	const { progress } = around;
	progress.note(installCost() ?? 'n8n is installed already');
	const closers = new Closers();
	const load = (): number => loadavg()[0] ?? 0;
	const [at, loadBefore] = [new Date().toISOString(), load()];
	try {
		const members = Math.max(options.members, options.large ?? 0);
		const sizes = listSizes(planOf(options, 1));
		const bench = await openBenchStage({ members, sizes, importSeconds: options.importSeconds, closers, ...around });
		const rounds = new Rounds(bench, around);
		for (let round = 1; round <= options.rounds; round++) {
			progress.step(`Round ${round} of ${options.rounds}`);
			for (const series of planOf(options, round)) await rounds.play(series, round);
		}
		return {
			...{ options, at, load: [loadBefore, load()], ...rounds.outcome() },
			machine: { cpus: cpus().length, node: process.version, n8n: bench.stage.versions.n8n },
		};
	} finally {
		await closers.closeAll();
	}
}

class Rounds {
	private readonly runs: BenchRun[] = [];
	private readonly problems: string[] = [];
	private compared = 0;
	/** What Brevo held after our case of the same name. */
	private readonly ours = new Map<string, readonly HeldContact[]>();

	constructor(
		private readonly bench: BenchStage,
		private readonly around: Surroundings,
	) {}

	outcome(): Pick<BenchReport, 'runs' | 'problems' | 'compared'> {
		const { runs, problems, compared } = this;
		return { runs, problems, compared };
	}

	async play({ way, condition, cases }: Series, round: number): Promise<void> {
		const { bench, around } = this;
		const { sandbox } = bench.stage;
		const accounts = await bench.renew(condition, way !== 'script');
		const { destinationList } = accounts;
		const before = readHoldings(sandbox, { destinationList });
		const runner = runnerOf(way, { bench, accounts, condition, signal: around.signal });
		for (const which of cases) {
			const name = `${BENCH_WAYS[way]}, ${keyOf(which)}${condition === 'bare' ? ', bare' : ''}`;
			const part = which.part === undefined ? '' : ` (${workedOn(which)} contacts of it)`;
			around.progress.note(`${name}${part} …`);
			const measured = await runner.run(which);
			const { hubspotCalls, brevoCalls, seconds } = measured;
			around.progress.note(`  ${seconds.toFixed(1)} s, ${hubspotCalls} + ${brevoCalls} calls`);
			this.runs.push({ way, condition, round, case: which, measured });
			// The workflows of n8n's own nodes write a contact again that was refused.
			if (measured.rateLimited > 0 && !way.startsWith('n8n'))
				this.problems.push(`${name}: ${measured.rateLimited} calls answered 429`);
			if (measured.resubscriptions > 0) this.problems.push(`${name}: ${measured.resubscriptions} made mailable again`);
			this.compare(name, `${condition} ${keyOf(which)}`, way === 'contactSync', idsOf(which, accounts.ids), readHoldings(sandbox, { destinationList })); // prettier-ignore
		}
		if (way === 'contactSync') this.compareWithHubSpot(accounts, cases[0]?.members ?? 0, before);
	}

	/** By a reading of the rules that shares no code with the package. */
	private compareWithHubSpot(accounts: Accounts, members: number, before: readonly HeldContact[]): void {
		const stage = { sandbox: this.bench.stage.sandbox, destinationListId: Number(accounts.destinationList.id) };
		const differences = differencesFromTruth(stage, before, accounts.list(members).id);
		for (const { who, what } of differences.slice(0, 3))
			this.problems.push(`Brevo is not as HubSpot says: ${who} ${what}`);
	}

	private compare(
		name: string,
		key: string,
		isOurs: boolean,
		ids: readonly string[],
		held: readonly HeldContact[],
	): void {
		if (isOurs) {
			this.ours.set(key, held);
			return;
		}
		const { store } = this.bench.stage.sandbox.hubspot;
		const emails = new Map(ids.map((id) => [id, store.contact(Number(id)).properties.email ?? '']));
		const { compared, differing } = compareHeld(this.ours.get(key) ?? [], held, emails);
		this.compared += compared;
		if (differing.length > 0)
			this.problems.push(`${name}: ${differing.length} of ${compared} contacts other than ours`);
	}
}
