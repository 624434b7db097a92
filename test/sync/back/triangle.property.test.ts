import fc from 'fast-check';
import type { Direction, System } from '../../support/pipeline/triangle/triangle';
import { DIRECTIONS, Triangle, VALUES } from '../../support/pipeline/triangle/triangle';
import { propertyRuns } from '../../support/propertyRuns';

const PEOPLE = 4;
/** 1: HubSpot and Brevo, 2: Salesforce and Brevo, the others: all three. */
const has = (person: number, side: 'hubspot' | 'salesforce'): boolean =>
	person > 2 || (person === 1) === (side === 'hubspot');

interface Kind {
	/** Without kills, retries and faults. */
	readonly calm: boolean;
	/** People delete contacts in Brevo, and their records in Salesforce go with them. */
	readonly deletes: boolean;
}

interface Step {
	readonly kind: 'edit' | 'move' | 'optOut' | 'unblock' | 'erase' | 'polls' | 'kill';
	readonly person: number;
	readonly side: System;
	readonly value: number;
	readonly order: readonly Direction[];
	readonly trouble: 'before' | 'after' | undefined;
}

const steps = ({ calm, deletes }: Kind): fc.Arbitrary<Step[]> =>
	fc.array(
		fc.record({
			kind: fc.constantFrom(
				...(['edit', 'edit', 'edit', 'move', 'optOut', 'unblock', 'polls', 'polls'] as const),
				...(calm ? [] : (['kill'] as const)),
				...(deletes ? (['erase'] as const) : []),
			),
			person: fc.integer({ min: 1, max: PEOPLE }),
			side: fc.constantFrom('hubspot' as const, 'salesforce' as const, 'brevo' as const),
			value: fc.integer({ min: 0, max: VALUES.length - 1 }),
			order: fc.shuffledSubarray([...DIRECTIONS], { minLength: calm ? DIRECTIONS.length : 1 }),
			trouble: calm
				? fc.constant(undefined)
				: fc.constantFrom(undefined, undefined, 'before' as const, 'after' as const),
		}),
		{ minLength: 3, maxLength: 12 },
	);

/** What may be edited: one of the values, or the address. */
const FIELDS = [...VALUES.map((value) => value.hubspot), 'email'] as const;
type Field = (typeof FIELDS)[number];

/**
 * Edits that were made since all was quiet, and what docs/brevo-back.md says may come of them: after the death of a process the last batch of a
 * trigger is delivered again with all its values, over an edit that was under way.
 */
class OpenEdits {
	private texts = new Map<string, string[]>();
	private hasDied = false;

	edited(person: number, field: Field, text: string): void {
		this.texts.set(`${person} ${field}`, [...this.of(person, field), text]);
	}

	killed(): void {
		this.hasDied = true;
	}

	/** All is quiet. A batch may still be delivered again after a later death, so that is kept. */
	settled(): void {
		if (!this.hasDied) this.texts = new Map();
	}

	/** What is wrong with a field of a person, as the sides hold it. */
	faults(person: number, field: Field, held: readonly unknown[]): readonly string[] {
		const edits = this.of(person, field);
		if (this.hasDied && FIELDS.some((one) => this.of(person, one).length > 0)) return [];
		const text = held.map(String).join(' / ');
		// Of edits on several sides the one that is delivered last stays.
		const isLost = edits.length > 0 && !edits.some((edit) => held.includes(edit));
		const lost = isLost ? [`${edits.join(' and ')} is lost, for ${field} is ${text}`] : [];
		return [...(new Set(held).size > 1 ? [`${field} is ${text}`] : []), ...lost].map(
			(what) => `person ${person}: ${what}`,
		);
	}

	private of(person: number, field: Field): readonly string[] {
		return this.texts.get(`${person} ${field}`) ?? [];
	}
}

/** What is wrong once all is quiet: an opt-out that did not reach a side, values that differ, or an edit that is lost. */
function faultsOf(
	triangle: Triangle,
	optedOut: ReadonlySet<number>,
	open: OpenEdits,
	returned: ReadonlySet<number>,
): string[] {
	const faults: string[] = [];
	for (let person = 1; person <= PEOPLE; person++) {
		const { hubspot, salesforce, brevo } = triangle.sides(person);
		const held: ReadonlyArray<readonly [Field, readonly unknown[]]> = [
			...VALUES.map(
				(value) =>
					[value.hubspot, [hubspot?.[value.hubspot], salesforce?.[value.salesforce], brevo?.attributes[value.brevo]]] as const, // prettier-ignore
			),
			['email', [hubspot?.email, salesforce?.['Email'], brevo?.identifiers.email]],
		];
		for (const [field, values] of returned.has(person) ? [] : held)
			faults.push(...open.faults(person, field, values.filter((value) => value !== undefined))); // prettier-ignore
		if (!optedOut.has(person)) continue;
		// Only the contact that was deleted in Brevo said that records with two addresses are one person.
		const isOne = !hubspot || !salesforce || hubspot.email === salesforce['Email'];
		if (returned.has(person) && !isOne) continue;
		// What was unblocked by hand in Brevo is not blocked there again before the next change at a source.
		if (hubspot && hubspot.hs_email_optout !== 'true') faults.push(`person ${person}: mailable in HubSpot`);
		if (salesforce && salesforce['HasOptedOutOfEmail'] !== true)
			faults.push(`person ${person}: mailable in Salesforce`);
	}
	return faults;
}

async function play(triangle: Triangle, all: readonly Step[]): Promise<string[]> {
	const optedOut = new Set<number>();
	/** Opt-outs that every side must have: nothing was unblocked since. */
	const blocked = new Set<number>();
	/** Deleted in Brevo; a change in HubSpot brings them back there. */
	const erased = new Set<number>();
	const returned = new Set<number>();
	const open = new OpenEdits();
	for (const [index, { kind, person, side, value, order, trouble }] of all.entries()) {
		const named = VALUES[value];
		triangle.trouble = (direction) => (direction === order[0] ? trouble : undefined);
		if (kind === 'edit' && named && triangle.edit(person, side, named, `Edit ${index}`))
			open.edited(person, named.hubspot, `Edit ${index}`);
		const address = `moved${index}@triangle.example`;
		if (kind === 'move' && triangle.move(person, side, address)) open.edited(person, 'email', address);
		// What is on its way into Brevo, such as the change of an address, nothing can take back.
		if (kind === 'optOut') await triangle.rest();
		if (kind === 'optOut' && triangle.optOut(person, side)) {
			optedOut.add(person);
			blocked.add(person);
		}
		if (kind === 'unblock') {
			// Whoever unblocks takes a risk by hand; it must have reached the others by then to stay there.
			triangle.trouble = undefined;
			await triangle.untilQuiet();
			open.settled();
			if (triangle.unblock(person)) blocked.delete(person);
		}
		if (kind === 'erase') {
			triangle.trouble = undefined;
			// What happened in Brevo since the last poll goes with the contact.
			await triangle.untilQuiet();
			open.settled();
			if (triangle.erase(person)) erased.add(person);
		}
		// A record that changes before the deletion is noticed brings the contact back, as a new one: what is empty is filled, no more.
		if (['edit', 'move', 'optOut'].includes(kind) && erased.delete(person)) returned.add(person);
		if (kind === 'polls') await triangle.round(order);
		if (kind === 'kill') {
			triangle.kill(order[0] ?? 'hubspotToBrevo');
			open.killed();
			// The last batch is delivered again, which may bring contacts back.
			for (const one of erased) returned.add(one);
			erased.clear();
		}
	}
	triangle.trouble = undefined;
	await triangle.untilQuiet();
	const faults = faultsOf(triangle, optedOut, open, returned);
	for (const person of blocked)
		if (triangle.sides(person).brevo?.emailBlocked === false) faults.push(`person ${person}: mailable in Brevo`);
	for (const person of erased)
		if (triangle.sides(person).salesforce) faults.push(`person ${person}: deleted in Brevo, and still in Salesforce`);
	for (const person of [...erased, ...returned]) {
		const address = triangle.sides(person).hubspot?.email ?? triangle.sides(person).salesforce?.['Email'];
		const back = typeof address === 'string' ? triangle.brevo.store.owner('email', address) : undefined;
		if (back?.emailBlocked === false && optedOut.has(person))
			faults.push(`person ${person}: back and mailable in Brevo`);
	}
	const { resubscriptions } = triangle.brevo.store;
	return [...faults, ...resubscriptions.map(({ contactId, cause }) => `contact ${contactId} mailable again: ${cause}`)];
}

describe('HubSpot and Salesforce into Brevo, and what happens in Brevo back to both', () => {
	it.each([
		['calm', { calm: true, deletes: false }, 6],
		['with kills, retries and faults', { calm: false, deletes: false }, 6],
		['SB-27: with deletions in Brevo too', { calm: false, deletes: true }, 4],
	] as const)(
		'promise 1, HB-23: converge, go quiet, and every opt-out reaches all sides: %s',
		async (name, of, few) => {
			const runs = propertyRuns(`triangles, ${name}`, few, 0.1);
			await fc.assert(
				fc.asyncProperty(steps(of), async (all) => {
					const triangle = await Triangle.start(PEOPLE, has, of.deletes);
					try {
						expect(await play(triangle, all)).toEqual([]);
					} finally {
						await triangle.close();
						runs.count();
					}
				}),
				runs.parameters,
			);
		},
		3_600_000,
	);
});
