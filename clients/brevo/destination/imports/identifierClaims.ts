import type { ContactWrite } from '../../../../core/upsert/destination';
import type { ContactMirror } from '../lookup/contactMirror';
import { NUMBERS } from '../clearedValues';
import { digitsOf } from '../sameValue';

type NumberName = (typeof NUMBERS)[number];

/**
 * Which identifiers these writes would set, and whether another contact has one of them or wants it too. A row of an import that
 * meets two contacts makes one of them and deletes the other, with its block (help page 32331116133522); a single
 * write is refused instead. So only what no other contact has may travel in an import.
 */
export class IdentifierClaims {
	/** Writes that want an identifier, by it. */
	private readonly wanted = new Map<string, number>();

	/** `mirror`: every contact of the account; without it, and where it is not whole, the holder of a number is unknown. */
	constructor(
		writes: readonly ContactWrite[],
		private readonly mirror: ContactMirror | undefined,
	) {
		for (const write of writes)
			for (const claim of claimsOf(write)) this.wanted.set(claim, (this.wanted.get(claim) ?? 0) + 1);
	}

	/** Whether an import can carry the write without touching another contact. */
	areFree(write: ContactWrite): boolean {
		if (claimsOf(write).some((claim) => (this.wanted.get(claim) ?? 0) > 1)) return false;
		if (setsNumber(write) && this.mirror?.isWhole !== true) return false;
		if (!this.mirror) return true;
		const { held, email, phone, sourceKey } = write;
		const others = [
			email === undefined ? undefined : this.mirror.byEmail(email)?.id,
			phone === undefined ? undefined : this.mirror.byPhone(phone)?.id,
			sourceKey === undefined ? undefined : this.mirror.byKey(sourceKey)?.id,
			...NUMBERS.map((name) => this.holderOf(name, write)?.id),
		];
		return others.every((id) => id === undefined || String(id) === held?.id);
	}

	/** Names of the numbers of the write that another contact has: Brevo would refuse them. */
	takenBy(write: ContactWrite): string[] {
		return NUMBERS.filter((name) => {
			const holder = this.holderOf(name, write);
			return holder?.isSure === true && String(holder.id) !== write.held?.id;
		});
	}

	private holderOf(name: NumberName, { attributes }: ContactWrite): ReturnType<ContactMirror['byNumber']> {
		const value = attributes[name];
		return value === undefined || value === null ? undefined : this.mirror?.byNumber(name, digitsOf(value));
	}
}

function claimOf(name: NumberName, { attributes }: ContactWrite): string | undefined {
	const value = attributes[name];
	return value === undefined || value === null ? undefined : `${name}:${digitsOf(value)}`;
}

const numbersOf = (write: ContactWrite): string[] => NUMBERS.flatMap((name) => claimOf(name, write) ?? []);

const setsNumber = (write: ContactWrite): boolean => numbersOf(write).length > 0;

function claimsOf(write: ContactWrite): string[] {
	const { email, phone, sourceKey } = write;
	return [
		...(email === undefined ? [] : [`email:${email}`]),
		...(phone === undefined ? [] : [`phone:${phone}`]),
		...(sourceKey === undefined ? [] : [`key:${sourceKey}`]),
		...numbersOf(write),
	];
}
