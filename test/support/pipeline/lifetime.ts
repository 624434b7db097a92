import type { HttpPort, HttpReply } from '../../../core/ports';

/**
 * One life of an n8n process. All its calls go through here; it may die with any of them: that call still reaches the
 * vendor, its answer is lost, and nothing that waits for one ever goes on.
 */
export class Lifetime {
	/** Resolves once the process is dead and its last calls have ended at the vendors. */
	readonly end: Promise<'killed'>;
	private dead = false;
	private callsLeft = Infinity;
	private readonly underWay = new Set<Promise<unknown>>();
	private resolveEnd: (value: 'killed') => void = () => undefined;

	constructor() {
		this.end = new Promise((resolve) => (this.resolveEnd = resolve));
	}

	/** The process dies with the `calls`-th call from now on. */
	dieAfter(calls: number): void {
		this.callsLeft = Math.max(1, calls);
	}

	attach(http: HttpPort): HttpPort {
		return {
			send: async (request) => {
				if (this.dead) return await never();
				this.callsLeft -= 1;
				const call = http.send(request);
				this.underWay.add(call);
				if (this.callsLeft <= 0) void this.die();
				const reply = await call;
				this.underWay.delete(call);
				return this.dead ? await never() : reply;
			},
		};
	}

	private async die(): Promise<void> {
		this.dead = true;
		await Promise.all(this.underWay);
		this.resolveEnd('killed');
	}
}

/** A promise of its own each time: reactions piling up on a shared one would never be freed. */
const never = async (): Promise<HttpReply> => await new Promise(() => undefined);
