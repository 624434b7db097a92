import type { ContactWrite } from '../../../../core/upsert/destination';
import type { ContactMirror } from '../lookup/contactMirror';
import { NUMBERS } from '../clearedValues';
import { digitsOf } from '../sameValue';

/**
 * Which identifiers these writes would set, and whether another contact has one of them or wants it too. A row of an import that
 * meets two contacts makes one of them and deletes the other, with its block (help page 32331116133522); a single
 * write is refused instead. So only what no other contact has may travel in an import.
 */
export class IdentifierClaims {
	/** Writes that want an identifier, by it. */
	private readonly wanted = new Map<string, number>();
	/** Contacts that have a wanted number, by it. */
	private readonly holders = new Map<string, number>();

	/** `mirror`: every contact of the account; without it the holder of a number is unknown. */
	constructor(
		writes: readonly ContactWrite[],
		private readonly mirror: ContactMirror | undefined,
	) {
		for (const write of writes)
			for (const claim of claimsOf(write)) this.wanted.set(claim, (this.wanted.get(claim) ?? 0) + 1);
		if (mirror && writes.some(setsNumber)) this.findHolders(mirror);
	}

	/** Whether an import can carry the write without touching another contact. */
	areFree(write: ContactWrite): boolean {
		if (claimsOf(write).some((claim) => (this.wanted.get(claim) ?? 0) > 1)) return false;
		if (!this.mirror) return !setsNumber(write);
		const { held, email, phone, sourceKey } = write;
		const others = [
			email === undefined ? undefined : this.mirror.byEmail(email)?.id,
			phone === undefined ? undefined : this.mirror.byPhone(phone)?.id,
			sourceKey === undefined ? undefined : this.mirror.byKey(sourceKey)?.id,
			...numbersOf(write).map((claim) => this.holders.get(claim)),
		];
		return others.every((id) => id === undefined || String(id) === held?.id);
	}

	/** Names of the numbers of the write that another contact has: Brevo would refuse them. */
	takenBy(write: ContactWrite): string[] {
		return NUMBERS.filter((name) => {
			const claim = claimOf(name, write);
			const holder = claim === undefined ? undefined : this.holders.get(claim);
			return holder !== undefined && String(holder) !== write.held?.id;
		});
	}

	private findHolders(mirror: ContactMirror): void {
		const places = NUMBERS.flatMap((name) => {
			const index = mirror.attributeNames.indexOf(name);
			return index < 0 ? [] : [{ name, index }];
		});
		for (const { id, values } of mirror.all()) {
			for (const { name, index } of places) {
				const value = values[index];
				if (value === null || value === undefined) continue;
				const claim = `${name}:${digitsOf(value)}`;
				if (this.wanted.has(claim)) this.holders.set(claim, id);
			}
		}
	}
}

function claimOf(name: (typeof NUMBERS)[number], { attributes }: ContactWrite): string | undefined {
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
