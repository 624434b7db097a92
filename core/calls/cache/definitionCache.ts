import type { Clock } from '../../ports';
import type { Result } from '../../result';
import { RecentAnswers } from './answerCache';

/** The fields that have to be among the definitions; `newest`: a person looks at them, and may have made a field just now. */
export type WantedFields = readonly string[] | 'newest';

/** Long enough for the batches of a first sync to share one answer, short enough to notice a deleted field soon. */
const KEEP_MS = 60_000;
/** An answer of this age counts as new for the editor, which asks for the fields of several rows at once. */
const NEW_MS = 1_000;

/**
 * Definitions of fields, or other things of an account that have names, at most 60 s old, shared by all nodes of this process. A
 * kept answer without one that is wanted is read anew: it may have been made since, and a run must not fail for one that exists.
 */
export class DefinitionCache<T> {
	private readonly answers = new RecentAnswers<T>(KEEP_MS);

	constructor(private readonly namesOf: (definitions: T) => readonly string[]) {}

	/** `key` holds no secret. */
	async get(key: string, clock: Clock, ask: () => Promise<Result<T>>, wanted: WantedFields = []): Promise<Result<T>> {
		if (wanted === 'newest') return await this.answers.get(key, clock, ask, NEW_MS);
		const begunAt = clock.now();
		const kept = await this.answers.get(key, clock, ask);
		if (kept.kind !== 'ok' || this.holdsAll(kept.value, wanted)) return kept;
		// An answer that was asked for since is as new as it gets.
		return await this.answers.get(key, clock, ask, clock.now() - begunAt + 1);
	}

	forget(key: string): void {
		this.answers.forget(key);
	}

	/** Names of related records' fields (`Account.Name`) are none of the object's own. */
	private holdsAll(definitions: T, wanted: readonly string[]): boolean {
		const own = wanted.filter((name) => !name.includes('.'));
		if (own.length === 0) return true;
		const names = new Set(this.namesOf(definitions).map((name) => name.toLowerCase()));
		return own.every((name) => names.has(name.toLowerCase()));
	}
}
