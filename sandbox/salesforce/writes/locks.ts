/** Accounts that writes hold until they are answered (S11). A holder is one HTTP request. */
export class Locks {
	private readonly holders = new Map<string, object>();

	/** False where another request holds the account. */
	take(accountId: string, holder: object): boolean {
		const current = this.holders.get(accountId);
		if (current !== undefined) return current === holder;
		this.holders.set(accountId, holder);
		return true;
	}

	isHolder(holder: object): boolean {
		return [...this.holders.values()].includes(holder);
	}

	release(holder: object): void {
		for (const [accountId, one] of this.holders) if (one === holder) this.holders.delete(accountId);
	}
}
