import { BoundedMap } from '../../../core/boundedMap';
import type { Clock } from '../../../core/ports';
import { NewestChanges } from '../../../core/upsert/plan/newestChanges';

/** Entries of each kind; the oldest are forgotten first. */
const MOST_REMEMBERED = 50_000;
/** `hs_email_optout` shows an opt-out some time after the call; how long is not documented. */
const OPT_OUT_LAG_MS = 10 * 60_000;
/** A first sync of 100,000 contacts takes about so long. */
const NO_KEYS_MS = 10 * 60_000;
/** A plan is not changed every day: the scopes and the edition are tried again after this. */
const NO_BATCHES_MS = 60 * 60_000;

/** What this process learned about an account while it wrote to it. Use it only within `exclusively(account)`. */
export class AccountMemory {
	/** The newest changes written, so that no older one follows them. */
	readonly newest = new NewestChanges();
	/** Record ids by an address that HubSpot refused for another contact because these have it, perhaps as a further one (H3). */
	readonly holders = new BoundedMap<string>(MOST_REMEMBERED);
	/** Ids of marketing contacts among those that were read last. */
	readonly marketing = new BoundedMap<true>(MOST_REMEMBERED);
	/** Imports that set them and may still be under way, by record id of the contact. */
	readonly marketingImports = new BoundedMap<string>(MOST_REMEMBERED);
	private readonly optedOutAt = new BoundedMap<number>(MOST_REMEMBERED);
	private noKeysAt: number | undefined;
	private noBatchesAt: number | undefined;

	constructor(private readonly clock: Clock) {}

	/** The address was unsubscribed just now. */
	noteOptOut(email: string): void {
		this.optedOutAt.set(email, this.clock.now());
	}

	/** Whether the address was unsubscribed so recently that the contact may not show it yet. */
	justOptedOut(email: string | undefined): boolean {
		const at = email === undefined ? undefined : this.optedOutAt.get(email);
		return at !== undefined && this.isRecent(at, OPT_OUT_LAG_MS);
	}

	/** No contact of the account carried a key of ours a moment ago. */
	get hasNoKeys(): boolean {
		return this.noKeysAt !== undefined && this.isRecent(this.noKeysAt, NO_KEYS_MS);
	}

	noteNoKeys(): void {
		this.noKeysAt = this.clock.now();
	}

	/** Whether opting out many at once was refused a while ago: that needs Marketing Hub Enterprise and a scope of its own. */
	get refusesBatchOptOuts(): boolean {
		return this.noBatchesAt !== undefined && this.isRecent(this.noBatchesAt, NO_BATCHES_MS);
	}

	noteNoBatchOptOuts(): void {
		this.noBatchesAt = this.clock.now();
	}

	private isRecent(at: number, forMs: number): boolean {
		const age = this.clock.now() - at;
		return age >= 0 && age < forMs;
	}
}

const accounts = new Map<string, AccountMemory>();
const MAX_ACCOUNTS = 50;

/** What is remembered of an account in this process. `account` names the credential, never its secret. */
export function accountMemory(account: string, clock: Clock): AccountMemory {
	const known = accounts.get(account);
	if (known) return known;
	const [oldest] = accounts.size >= MAX_ACCOUNTS ? accounts.keys() : [];
	if (oldest !== undefined) accounts.delete(oldest);
	const memory = new AccountMemory(clock);
	accounts.set(account, memory);
	return memory;
}
