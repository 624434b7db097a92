import { setTimeout as pause } from 'node:timers/promises';
import type { StoredWorkflow } from '../n8n/n8nApi';
import type { Progress } from '../process/progress';
import { scaled } from '../process/slowness';
import type { Stage } from '../stage';

/** What a flow is played on. */
export interface FlowSurroundings {
	readonly stage: Stage;
	readonly progress: Progress;
	readonly signal: AbortSignal;
}

/** One thing that happens, what has to come of it, and whether it did. */
export interface FlowChapter {
	readonly title: string;
	readonly ok: boolean;
	readonly seconds: number;
}

export interface FlowReport {
	readonly ok: boolean;
	readonly chapters: readonly FlowChapter[];
	readonly workflows: readonly StoredWorkflow[];
}

const LONGEST_MS = 60_000;

/** Plays chapters one after the other, tells each, and keeps what came of it. */
export class ChapterLog {
	private readonly chapters: FlowChapter[] = [];

	constructor(private readonly progress: Progress) {}

	/** `happens` answers whether all came out as it should. */
	async tell(title: string, happens: () => Promise<boolean>): Promise<void> {
		const startedAt = Date.now();
		const ok = await happens();
		const seconds = (Date.now() - startedAt) / 1_000;
		this.chapters.push({ title, ok, seconds });
		this.progress.note(`${ok ? 'yes' : 'NO '}  ${title} (${seconds.toFixed(1)} s)`);
	}

	report(workflows: readonly StoredWorkflow[]): FlowReport {
		return { ok: this.chapters.every(({ ok }) => ok), chapters: this.chapters, workflows };
	}
}

/** Whether something comes true within a minute, or longer on a slow machine. */
export async function until(isThere: () => boolean, signal: AbortSignal): Promise<boolean> {
	const deadline = Date.now() + scaled(LONGEST_MS);
	while (!isThere()) {
		if (Date.now() > deadline) return false;
		await pause(250, undefined, { signal });
	}
	return true;
}
