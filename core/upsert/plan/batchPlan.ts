import type { Warning } from '../../contact/contact';
import type { Failure } from '../../result';
import type { Step } from './batch';
import { Batch, refusalOf, Steps } from './batch';
import type { Carried, CarryReport } from '../write/carryOut';
import { carryOut } from '../write/carryOut';
import { written } from '../write/compareWithStored';
import type { Intent, UnwrittenOptOut } from './collapse';
import type { ContactResult } from '../contactResult';
import { failed, TAKEN, TAKEN_BY_RECORD, warning } from '../contactResult';
import type { ContactWrite, Destination, HeldContact, Holdings } from '../destination';
import { keysOf, sameAccount } from '../keys';
import { FormerOwners } from './formerOwners';
import { blockTwins, leaveBehind, releaseShared } from './besideSteps';
import { claimPhones, Obstacles } from './obstacles';
import { OptOutCarrier } from './optOutCarrier';
import { Parking } from './addressSwaps';
import type { PlanSettings, ToPlan } from './planContact';
import { besideWrite, planUpsert } from './planContact';
import { planLeaver } from './planLeaver';
import { judgeConverted } from './match/convertedRecords';
import { keepIdentifiers } from './whoWins/keptIdentifiers';
import { noteWrite } from './whoWins/noteWrites';
import type { Clock } from '../../ports';

/**
 * A record with a contact of its own that moves to the address of another record stays apart from it: both would have to become
 * one contact, and the one it leaves would go on to be found by its key (`contact-identity`).
 */
const takenBy = (holder: HeldContact, { key }: Intent): Failure =>
	keysOf(holder).some((other) => other !== key && sameAccount(other, key)) ? TAKEN_BY_RECORD : TAKEN;

/** Contacts that hold each other's new address where none can be moved aside. */
const EXCHANGED: Failure = {
	kind: 'refused',
	code: 'ADDRESSES_EXCHANGED',
	reason: 'The e-mail address is still on a contact that waits for the address of this one',
};

/** What the plans of one run share. */
export interface Run {
	readonly destination: Destination;
	readonly settings: PlanSettings & { readonly dryRun: boolean; readonly longestWaitMs: number };
	readonly clock: Clock;
	/** See `BatchOrigin`. */
	readonly again: boolean;
}

/** `refused`: contacts of which the destination said, when they were written, that another one has an identifier of theirs. */
export interface PlanReport {
	readonly results: ReadonlyMap<string, ContactResult>;
	readonly refused: ReadonlySet<string>;
	readonly tasks: number;
	/** Calls that a dry run left out, and those of them that opt out one address. */
	readonly estimate: number;
	readonly optOutCalls: number;
	readonly failure?: Failure;
}

/** Plans a batch and carries it out, round by round. Where nothing is in the way of a contact, there is one round. */
export async function runRounds(
	intents: readonly Intent[],
	optOuts: readonly UnwrittenOptOut[],
	holdings: Holdings,
	{ destination, settings, clock, again }: Run,
): Promise<PlanReport> {
	const judged = keepIdentifiers(judgeConverted(intents, holdings), holdings, destination, settings.written);
	const plan = new BatchPlan(judged, optOuts, holdings, destination, settings);
	const refused = new Set<string>();
	let failure: Failure | undefined;
	let [estimate, optOutCalls] = [0, 0];
	while (!failure) {
		const steps = plan.next();
		if (steps.length === 0) break;
		const writes = steps.map(({ write }) => write);
		if (settings.dryRun) estimate += destination.estimateCalls(writes);
		if (settings.dryRun) optOutCalls += destination.estimateOptOuts?.(writes) ?? 0;
		if (!settings.dryRun)
			for (const { intent, write } of steps) noteWrite(intent, write, destination.names, settings.written);
		const done: CarryReport = settings.dryRun
			? imagine(steps)
			: await carryOut(writes, destination, { longestWaitMs: settings.longestWaitMs, again }, clock);
		for (const { intent, write } of steps) {
			const carried = done.carried.get(write.key);
			if (carried?.failure?.code === 'IDENTIFIER_TAKEN') refused.add(intent.key);
			if (carried && !settings.dryRun) noteWrite(intent, write, destination.names, settings.written, carried);
		}
		plan.take(steps, done.carried);
		failure = done.failure;
	}
	const results = plan.finish(failure);
	if (!settings.dryRun) plan.rememberTakeovers(failure);
	return { results, refused, tasks: plan.written.size, estimate, optOutCalls, failure };
}

/** What becomes of writes when everything goes well. */
function imagine(steps: readonly Step[]): CarryReport {
	return {
		carried: new Map(
			steps.map(({ write }): [string, Carried] => [write.key, { write, result: written(write, write.held) }]),
		),
	};
}

/** Cannot happen: every intent is settled above. A contact without a result would break the count of the run. */
export const LOST: Failure = { kind: 'retry', code: 'UNAVAILABLE', reason: 'The contact was not dealt with' };

const lost = (write: ContactWrite): Carried => ({ write, failure: LOST, result: failed(LOST) });

/**
 * Decides about a batch, round by round: `next` gives what can be written now, `take` stores what became of it. A contact
 * whose new address is still on another one of the batch comes in a later round. Works on what was read once, with the
 * run's own writes on top, so that a dry run takes the same decisions as the real one.
 */
class BatchPlan {
	/** Contacts that were written, or would be, by id. */
	readonly written = new Set<string>();
	private readonly batch: Batch;
	private readonly optOuts: OptOutCarrier;
	private readonly parking: Parking;
	private readonly obstacles: Obstacles;
	private readonly formerOwners: FormerOwners;

	constructor(
		intents: readonly Intent[],
		optOuts: readonly UnwrittenOptOut[],
		holdings: Holdings,
		destination: Destination,
		settings: PlanSettings,
	) {
		this.batch = new Batch(intents, holdings, destination, settings);
		this.optOuts = new OptOutCarrier(this.batch);
		this.parking = new Parking(this.batch);
		this.obstacles = new Obstacles(this.batch, this.parking);
		this.formerOwners = new FormerOwners(this.batch);
		for (const intent of intents) {
			const refusal = refusalOf(intent, holdings);
			if (refusal) this.optOuts.giveUp(intent, failed(refusal));
		}
		for (const optOut of optOuts) this.optOuts.takeUnwritten(optOut);
		this.optOuts.settleSuperseded();
	}

	/**
	 * What can be written now; empty at the end. A round that writes nothing but gives intents up may have freed what others wait for,
	 * so the next one begins anew. When nothing moves any more, those left wait for each other for good.
	 */
	next(): readonly Step[] {
		const { open } = this.batch;
		for (;;) {
			const openBefore = open.size;
			const patient = this.round(true);
			if (patient.length > 0) return patient;
			const impatient = open.size === openBefore ? this.round(false) : [];
			if (impatient.length > 0) return impatient;
			if (openBefore === 0) return this.stepsBack();
			if (open.size === openBefore)
				for (const intent of [...open.values()]) this.optOuts.giveUp(intent, failed(EXCHANGED));
		}
	}

	/** Takes over what became of the steps. */
	take(steps: readonly Step[], carried: ReadonlyMap<string, Carried>): void {
		const { batch } = this;
		const broken: Array<{ step: Step; failure: Failure }> = [];
		for (const step of steps) {
			const { write, result, failure } = carried.get(step.write.key) ?? lost(step.write);
			if (failure) {
				if (step.role !== 'formerOwner') broken.push({ step, failure });
				continue;
			}
			const id = write.held?.id ?? result.outcome.destinationId ?? `new:${write.key}`;
			batch.state.apply(write, id);
			if (result.outcome.status !== 'unchanged') this.written.add(id);
			if (step.role === 'formerOwner') {
				this.formerOwners.made(write);
				continue;
			}
			if (step.role === 'beside') {
				const made = write.kind === 'create' && write.email !== undefined && batch.state.byEmail(write.email);
				if (made) batch.admit(step.intent, made);
				continue;
			}
			batch.owners.set(id, step.intent);
			batch.settle(step.intent, result);
		}
		for (const { step, failure } of broken) this.takeFailure(step, failure);
	}

	/** Ends the run; `failure` is what the intents still open end as. The results by key. */
	finish(failure: Failure | undefined): ReadonlyMap<string, ContactResult> {
		const { batch } = this;
		if (failure) for (const intent of [...batch.open.values()]) batch.settle(intent, failed(failure));
		this.optOuts.finish(failure);
		this.formerOwners.finish();
		return batch.results;
	}

	/** After a real run: what is left to do for records whose contacts were taken over. */
	rememberTakeovers(failure: Failure | undefined): void {
		this.formerOwners.remember(failure !== undefined);
	}

	private takeFailure({ intent, write }: Step, failure: Failure): void {
		const before = this.batch.results.get(intent.key);
		// What can be tried again is tried again as a whole.
		if (before?.outcome.retryable === true) return;
		const warnings = (before?.warnings ?? write.warnings).filter(({ code }) => code !== 'MERGED_CONTACT_LEFT');
		const told = failed(failure, warnings, before?.outcome.destinationId ?? write.held?.id);
		if (failure.kind === 'refused') this.optOuts.giveUp(intent, told);
		else this.batch.settle(intent, told);
	}

	/** `patient`: an intent that wants a number another one of the batch is about to give up waits for it. */
	private round(patient: boolean): readonly Step[] {
		const { batch } = this;
		const steps = new Steps();
		this.optOuts.addSteps(steps);
		const deferred = new Set([...this.blockTakers(steps), ...releaseShared(batch, this.obstacles, steps)]);
		const waits = new Map<string, Intent>();
		const ready: Intent[] = [];
		for (const intent of [...batch.open.values()].filter(({ key }) => !deferred.has(key))) {
			const obstacle = intent.leaving ? undefined : this.obstacles.of(intent, patient);
			if (!obstacle) ready.push(intent);
			else if (obstacle.kind === 'waits') waits.set(intent.key, obstacle.owner);
			else if (obstacle.kind === 'inTheWay') this.parking.moveAside(obstacle.holder, intent, steps);
			else if (obstacle.kind === 'taken') {
				// Records that were merged into this one are gone all the same.
				const behind = leaveBehind(batch, intent, steps);
				if (behind === 'waits') continue;
				const warnings = this.toldOf(behind);
				const told = failed(takenBy(obstacle.holder, intent), warnings, batch.heldOf(intent)?.id);
				this.optOuts.giveUp(intent, told, obstacle.holder);
			}
		}
		const phones = claimPhones(ready, batch);
		for (const intent of ready) this.plan(intent, phones, steps);
		this.parking.breakRings(waits, steps);
		return steps.all;
	}

	private plan(intent: Intent, phones: ReadonlyMap<string, string>, steps: Steps): void {
		const { batch } = this;
		const { state, destination, settings, gone } = batch;
		const toPlan: ToPlan = {
			intent,
			held: batch.heldOf(intent),
			state,
			destination,
			settings,
			phones,
			gone,
			mergedAway: batch.mergedAway,
			optsOut: batch.wantsBlock(intent),
			takesBlocked: batch.takesBlocked(intent),
		};
		const next = intent.leaving ? planLeaver(toPlan) : planUpsert(toPlan);
		if ('outcome' in next && (next.outcome.status === 'failed' || next.outcome.status === 'excluded'))
			return this.optOuts.giveUp(intent, next);
		if (blockTwins(toPlan, steps) === 'waits') return;
		if (batch.writesBlocksOnly || intent.leaving) this.optOuts.alsoAtAddress(intent);
		const behind = leaveBehind(batch, intent, steps);
		if (behind === 'waits') return;
		const warnings = this.toldOf(behind);
		if (!('outcome' in next)) {
			const write = { ...next, warnings: [...next.warnings, ...warnings] };
			if (steps.add({ intent, role: 'own', write }) && !intent.leaving) this.formerOwners.note(intent, write);
		} else if (behind === 'none') batch.settle(intent, next);
		else {
			const { destinationId } = next.outcome;
			const status = intent.leaving ? 'removed' : 'updated';
			batch.settle(intent, { outcome: { status, destinationId }, warnings: [...next.warnings, ...warnings] });
		}
	}

	private toldOf(behind: 'left' | 'none'): readonly Warning[] {
		return behind === 'left' ? [warning(this.batch.destination.names.list, 'MERGED_CONTACT_LEFT')] : [];
	}

	/**
	 * A contact that takes over the address of a blocked one is blocked before the address is free: when the run ended in between,
	 * nothing would tell any more. Returns the keys of the intents that wait for that.
	 */
	private blockTakers(steps: Steps): ReadonlySet<string> {
		const { batch } = this;
		const deferred = new Set<string>();
		for (const intent of batch.open.values()) {
			const own = intent.leaving ? undefined : batch.currentOf(intent);
			if (!own || own.optedOut || !batch.takesBlocked(intent)) continue;
			const obstacle = this.obstacles.of(intent, false);
			if (!obstacle || !this.obstacles.clearFor(intent)) continue;
			const owner = obstacle.kind === 'waits' ? obstacle.owner : undefined;
			const write = besideWrite(`${intent.key}#block`, own, batch.destination, { block: true });
			if (!steps.add({ intent, role: 'beside', write })) continue;
			deferred.add(intent.key);
			if (owner) deferred.add(owner.key);
		}
		return deferred;
	}

	private stepsBack(): readonly Step[] {
		const steps = new Steps();
		this.parking.addStepsBack(steps);
		this.formerOwners.addSteps(steps);
		return steps.all;
	}
}
