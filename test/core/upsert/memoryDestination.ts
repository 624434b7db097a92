import type { FieldValue } from '../../../core/contact/contact';
import { BoundedMap } from '../../../core/boundedMap';
import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type {
	AsynchronousWrites,
	ContactWrite,
	Destination,
	HeldContact,
	Holdings,
	SentCall,
	TakenDetails,
	WriteCall,
} from '../../../core/upsert/destination';
import { indexContacts } from '../../../core/upsert/destination';

type Mutable = { -readonly [Name in keyof HeldContact]: HeldContact[Name] } & {
	attributes: Record<string, FieldValue>;
	touchedAt: number;
};

export interface MemoryBehaviour {
	/** Writes from this number on travel in bulk and are carried out later. */
	bulkFrom?: number;
	/** Looks until bulk writes are there. */
	slowness?: number;
	/** A bulk row is lost when this says so. */
	losesRow?: (write: ContactWrite) => boolean;
	/** Values that are silently left out. */
	dropsAttribute?: (name: string, value: FieldValue) => boolean;
	/** A row that makes the whole call refused. */
	refusesRow?: (write: ContactWrite) => boolean;
	/** Failure of the n-th call (from 0), if any; `after` does the work first. */
	fault?: (call: number) => { failure: Failure; after?: boolean } | undefined;
	/** Whether it can tell that everything was carried out. */
	tells?: boolean;
}

const copy = ({ touchedAt, ...held }: Mutable): HeldContact => ({
	...held,
	version: String(touchedAt),
	attributes: { ...held.attributes },
});

/** A destination in memory that keeps its rules: identifiers are unique, and a block has to go along with a new address. */
export class MemoryDestination implements Destination {
	readonly names = { email: 'EMAIL', phone: 'SMS', sourceKey: 'KEY', list: 'LISTS', optedOut: 'BLOCKED' };
	readonly listId = 'list';
	readonly contacts = new Map<string, Mutable>();
	readonly takenOver: NonNullable<Destination['takenOver']> = new BoundedMap(10);
	/** Every real change, as text. */
	readonly log: string[] = [];
	calls = 0;
	sentSizes: number[] = [];
	private tick = 0;
	private nextId = 1;
	private queue: Array<{ write: ContactWrite; left: number }> = [];

	constructor(public behaviour: MemoryBehaviour = {}) {}

	hold(contact: Partial<HeldContact>): Mutable {
		const id = String(this.nextId++);
		const held: Mutable = {
			optedOut: false,

			onList: false,
			...contact,
			id,
			attributes: { ...contact.attributes },
			touchedAt: 0,
		};
		this.contacts.set(id, held);
		return held;
	}

	sameValue(_attribute: string, held: FieldValue | undefined, wanted: FieldValue): boolean {
		return JSON.stringify(held ?? null) === JSON.stringify(wanted);
	}

	async read(): Promise<Result<Holdings>> {
		return await Promise.resolve(ok(indexContacts([...this.contacts.values()].map(copy))));
	}

	arrange(writes: readonly ContactWrite[], singly: boolean): readonly WriteCall[] {
		const { bulkFrom = 10 } = this.behaviour;
		if (!singly && writes.length >= bulkFrom) return [{ writes, bulk: true }];
		return writes.map((write) => ({ writes: [write], bulk: false }));
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		await Promise.resolve();
		const fault = this.behaviour.fault?.(this.calls);
		this.calls += 1;
		if (fault && !fault.after) return fault.failure;
		const answer = this.carryOut(call);
		return fault ? fault.failure : answer;
	}

	async readBack(writes: readonly ContactWrite[]): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		await Promise.resolve();
		this.queue = this.queue.filter((job) => {
			job.left -= 1;
			if (job.left > 0) return true;
			if (!this.behaviour.losesRow?.(job.write) && this.taken(job.write).length === 0) this.apply(job.write);
			return false;
		});
		const seen = new Map<string, HeldContact>();
		for (const write of writes) {
			const found = write.held ? this.contacts.get(write.held.id) : this.find(write);
			if (found) seen.set(write.key, copy(found));
		}
		return ok(seen);
	}

	readonly asynchronous: AsynchronousWrites = {
		waitBeforeLook: () => 1_000,
		finished: async () => {
			await Promise.resolve();
			return ok(this.behaviour.tells === false ? 'unknown' : this.queue.length === 0 ? 'yes' : 'no');
		},
		confirmed: async () => await Promise.resolve(),
	};

	callsMade(): number {
		return this.calls;
	}

	estimateCalls(writes: readonly ContactWrite[]): number {
		return this.arrange(writes, false).length;
	}

	standInEmail({ id }: HeldContact): string {
		return `moved-${id}@example.com`;
	}

	byEmail(email: string): Mutable | undefined {
		return [...this.contacts.values()].find((held) => held.email === email);
	}

	byKey(key: string): Mutable | undefined {
		return [...this.contacts.values()].find((held) => held.sourceKey === key);
	}

	private carryOut(call: WriteCall): Result<SentCall> {
		this.sentSizes.push(call.writes.length);
		if (call.writes.some((write) => this.behaviour.refusesRow?.(write))) {
			return { kind: 'refused', code: 'DESTINATION_REFUSED', reason: 'A row is bad', status: 400 };
		}
		if (call.bulk) {
			this.queue.push(...call.writes.map((write) => ({ write, left: this.behaviour.slowness ?? 1 })));
			return ok({ pending: true });
		}
		const [write] = call.writes;
		if (!write) return ok({ pending: false });
		const taken = this.taken(write);
		if (taken.length > 0) {
			const details: TakenDetails = { taken };
			return { kind: 'refused', code: 'IDENTIFIER_TAKEN', reason: 'Taken', details };
		}
		this.apply(write);
		return ok({ pending: false });
	}

	private find(write: ContactWrite): Mutable | undefined {
		return [...this.contacts.values()].find(
			(held) =>
				(write.email !== undefined && held.email === write.email) ||
				(write.email === undefined && write.phone !== undefined && held.phone === write.phone),
		);
	}

	private taken(write: ContactWrite): string[] {
		const self = write.held ? this.contacts.get(write.held.id) : this.find(write);
		const others = [...this.contacts.values()].filter((held) => held !== self);
		return [
			...(write.email !== undefined && others.some((held) => held.email === write.email) ? ['email'] : []),
			...(write.phone !== undefined && others.some((held) => held.phone === write.phone) ? ['phone'] : []),
			...(write.sourceKey !== undefined && others.some((held) => held.sourceKey === write.sourceKey) ? ['key'] : []),
		];
	}

	private apply(write: ContactWrite): void {
		const target = (write.held ? this.contacts.get(write.held.id) : this.find(write)) ?? this.hold({});
		const before = JSON.stringify({ ...target, touchedAt: 0 });
		// As Brevo documents it: a block does not outlive a change of address that does not carry it.
		if (write.email !== undefined && target.email !== undefined && write.email !== target.email)
			target.optedOut = write.block;
		if (write.email !== undefined) target.email = write.email;
		if (write.phone !== undefined) target.phone = write.phone;
		if (write.sourceKey !== undefined) target.sourceKey = write.sourceKey;
		for (const [name, value] of Object.entries(write.attributes)) {
			if (this.behaviour.dropsAttribute?.(name, value)) continue;
			if (value === null) delete target.attributes[name];
			else target.attributes[name] = value;
		}
		if (write.joinList) target.onList = true;
		if (write.kind === 'leave') target.onList = false;
		if (write.block) target.optedOut = true;
		if (JSON.stringify({ ...target, touchedAt: 0 }) === before) return;
		target.touchedAt = ++this.tick;
		this.log.push(`${write.kind} ${write.key}`);
	}
}
