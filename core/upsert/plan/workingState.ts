import type { ContactWrite, HeldContact, Holdings } from '../destination';
import { keysOf } from '../keys';

type Index = 'sourceKey' | 'email' | 'phone';

/**
 * What the destination holds in the course of a run: what was read, with the run's own writes on top of it. So later rounds
 * need no reading of their own, and a dry run sees what the real one would.
 */
export class WorkingState implements Holdings {
	/** Contacts this run wrote, by id. */
	private readonly written = new Map<string, HeldContact>();
	private readonly ids: Record<Index, Map<string, string>> = {
		sourceKey: new Map(),
		email: new Map(),
		phone: new Map(),
	};

	constructor(private readonly read: Holdings) {}

	byKey(key: string): HeldContact | undefined {
		return this.find('sourceKey', key, this.read.byKey(key));
	}

	byEmail(email: string): HeldContact | undefined {
		return this.find('email', email, this.read.byEmail(email));
	}

	byPhone(phone: string): HeldContact | undefined {
		return this.find('phone', phone, this.read.byPhone(phone));
	}

	byLeftEmail(email: string): HeldContact | undefined {
		const held = this.read.byLeftEmail?.(email);
		return held && this.current(held);
	}

	/** The contact as it is now. */
	current(held: HeldContact): HeldContact {
		return this.written.get(held.id) ?? held;
	}

	/** Takes over a write that arrived, or would arrive. `id` is that of the contact. */
	apply(write: ContactWrite, id: string): void {
		const before: HeldContact = write.held
			? this.current(write.held)
			: { id, optedOut: false, onList: false, attributes: {} };
		const after: HeldContact = {
			...before,
			email: write.email ?? before.email,
			phone: write.phone ?? before.phone,
			sourceKey: write.sourceKey ?? before.sourceKey,
			...(write.otherKeys ? { otherKeys: write.otherKeys } : {}),
			onList: write.joinList || (before.onList && write.kind !== 'leave'),
			optedOut: write.block || before.optedOut,
			attributes: { ...before.attributes, ...write.attributes },
		};
		// What is deleted is found by nothing any more.
		if (write.kind === 'delete') {
			this.written.set(id, { id, optedOut: after.optedOut, onList: false, attributes: {} });
			return;
		}
		this.written.set(id, after);
		for (const name of ['sourceKey', 'email', 'phone'] as const)
			for (const value of valuesOf(after, name)) this.ids[name].set(value, id);
	}

	private find(name: Index, value: string, asRead: HeldContact | undefined): HeldContact | undefined {
		const id = this.ids[name].get(value);
		const own = id === undefined ? undefined : this.written.get(id);
		if (own && valuesOf(own, name).includes(value)) return own;
		const known = asRead && this.current(asRead);
		return known && valuesOf(known, name).includes(value) ? known : undefined;
	}
}

/** What a contact is found by in an index. */
function valuesOf(held: HeldContact, name: Index): readonly string[] {
	if (name === 'sourceKey') return keysOf(held);
	const value = held[name];
	const first = value === undefined ? [] : [value];
	return name === 'email' ? [...first, ...(held.furtherEmails ?? [])] : first;
}
