import fc from 'fast-check';
import { isMatch, pick, pickBy } from 'lodash';
import type { Property, Pair } from './pair';
import { FIELDS, INCLUDED, PROPERTIES } from './pair';

/** One thing that happens; `who` picks a contact of those there are. */
export type PairStep =
	| { readonly kind: 'hubSpotAdds' | 'salesforceAdds' | 'bothAdd'; readonly included: boolean }
	| { readonly kind: 'hubSpotEdits' | 'salesforceEdits'; readonly who: number; readonly property: Property }
	| { readonly kind: 'hubSpotMoves' | 'salesforceMoves'; readonly who: number }
	| { readonly kind: 'joins' | 'leaves'; readonly who: number }
	| { readonly kind: 'hubSpotOptsOut' | 'salesforceOptsOut'; readonly who: number }
	| { readonly kind: 'hubSpotDeletes' | 'salesforceDeletes'; readonly who: number }
	/** `takesBack`: who takes back in Salesforce what HubSpot's edits made of a record, before Salesforce is polled. */
	| { readonly kind: 'round'; readonly takesBack?: number }
	| { readonly kind: 'killed' }
	| { readonly kind: 'fails'; readonly when: 'before' | 'after' }
	| { readonly kind: 'fault'; readonly vendor: 'hubspot' | 'salesforce'; readonly status: number };

const who = fc.nat(11);
const some = (...kinds: ReadonlyArray<PairStep['kind']>) =>
	fc.record({ kind: fc.constantFrom(...kinds), who }) as fc.Arbitrary<PairStep>;
const property = fc.constantFrom(...PROPERTIES);

/** Histories of two systems at work. `calm`: no process dies and no call fails. */
export const pairHistories = (calm: boolean): fc.Arbitrary<readonly PairStep[]> =>
	fc.array(
		fc.oneof(
			{
				weight: 3,
				arbitrary: fc.record({
					kind: fc.constantFrom('hubSpotAdds', 'salesforceAdds', 'bothAdd'),
					included: fc.boolean(),
				}),
			},
			{ weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('hubSpotEdits', 'salesforceEdits'), who, property }) },
			{ weight: 2, arbitrary: some('hubSpotMoves', 'salesforceMoves') },
			{ weight: 4, arbitrary: some('joins', 'leaves') },
			{ weight: 2, arbitrary: some('hubSpotOptsOut', 'salesforceOptsOut') },
			{ weight: 1, arbitrary: some('hubSpotDeletes', 'salesforceDeletes') },
			{ weight: 6, arbitrary: fc.constant({ kind: 'round' }) },
			// What was written before is known to the process that wrote it alone.
			...(calm
				? [{ weight: 2, arbitrary: fc.record({ kind: fc.constant('round'), takesBack: who }) }]
				: [
						{ weight: 1, arbitrary: fc.constant({ kind: 'killed' }) },
						{
							weight: 2,
							arbitrary: fc.record({ kind: fc.constant('fails'), when: fc.constantFrom('before', 'after') }),
						},
						{
							weight: 2,
							arbitrary: fc.record({
								kind: fc.constant('fault'),
								vendor: fc.constantFrom('hubspot', 'salesforce'),
								status: fc.constantFrom(500, 503),
							}),
						},
					]),
		),
		{ minLength: 4, maxLength: 40, size: 'max' },
	);

/** Plays histories on a pair, and knows what each side was told by people. */
export class PairWorld {
	private made = 0;
	private edits = 0;
	/** Addresses of records that people deleted in Salesforce: they come back with the next change in HubSpot, not before. */
	readonly deleted = new Set<unknown>();
	/** Addresses that records of Salesforce had before, by their ids: HubSpot may not have heard of the newest. */
	private readonly formerEmails = new Map<string, unknown[]>();
	/** What went wrong on the way. */
	readonly broken: string[] = [];

	constructor(readonly pair: Pair) {}

	async play(steps: readonly PairStep[]): Promise<void> {
		for (const step of steps) await this.step(step);
		this.pair.trouble = undefined;
		this.pair.hubspot.faults.clear();
		this.pair.salesforce.faults.clear();
		await this.pair.untilQuiet(60);
	}

	private get contacts(): string[] {
		return [...this.pair.hubspot.store.contacts.contacts.values()]
			.filter(({ archivedAt }) => archivedAt === undefined)
			.map(({ id }) => String(id))
			.sort();
	}

	private get records(): string[] {
		return [...this.pair.salesforce.store.table('Contact').rows.values()]
			.filter((row) => row['IsDeleted'] !== true)
			.map((row) => String(row['Id']));
	}

	private pick(among: readonly string[], index: number): string | undefined {
		return among.length === 0 ? undefined : among[index % among.length];
	}

	private async step(step: PairStep): Promise<void> {
		const { hubspot, salesforce } = this.pair;
		switch (step.kind) {
			case 'hubSpotAdds':
			case 'salesforceAdds':
			case 'bothAdd': {
				const n = ++this.made;
				const email = `person${n}@example.com`;
				if (step.kind !== 'salesforceAdds')
					hubspot.store.addContact({
						email,
						firstname: `H${n}`,
						lastname: `Hub ${n}`,
						company: step.included ? INCLUDED : '',
					});
				if (step.kind !== 'hubSpotAdds')
					salesforce.store.insert('Contact', { Email: email, FirstName: `S${n}`, LastName: `Sales ${n}` });
				return;
			}
			case 'hubSpotEdits':
				return this.inHubSpot(step.who, { [step.property]: `h${++this.edits}` });
			case 'salesforceEdits':
				return this.inSalesforce(step.who, { [FIELDS[step.property]]: `s${++this.edits}` });
			case 'hubSpotMoves':
				return this.inHubSpot(step.who, { email: `moved${++this.edits}@example.com` });
			case 'salesforceMoves':
				return this.inSalesforce(step.who, { Email: `moved${++this.edits}@example.com` });
			case 'joins':
				return this.inHubSpot(step.who, { company: INCLUDED });
			case 'leaves':
				return this.inHubSpot(step.who, { company: 'Elsewhere' });
			case 'hubSpotOptsOut': {
				const id = this.pick(this.contacts, step.who);
				if (id) hubspot.store.optOut(id);
				return;
			}
			case 'salesforceOptsOut': {
				const id = this.pick(this.records, step.who);
				if (!id) return;
				salesforce.store.change('Contact', id, { HasOptedOutOfEmail: true });
				return;
			}
			case 'hubSpotDeletes': {
				const id = this.pick(this.contacts, step.who);
				if (id) hubspot.store.archive(id);
				return;
			}
			case 'salesforceDeletes': {
				const id = this.pick(this.records, step.who);
				if (!id) return;
				for (const email of [salesforce.store.must('Contact', id)['Email'], ...(this.formerEmails.get(id) ?? [])])
					this.deleted.add(email);
				salesforce.store.remove('Contact', id);
				return;
			}
			case 'killed':
				this.pair.kill();
				return;
			case 'fails':
				this.pair.trouble = once(step.when, () => (this.pair.trouble = undefined));
				return;
			case 'fault':
				this.pair[step.vendor].faults.next('*', { status: step.status, times: 2 });
				return;
			case 'round':
				await this.watchedRound(step.takesBack);
		}
	}

	private inHubSpot(index: number, values: Record<string, string>): void {
		const id = this.pick(this.contacts, index);
		if (id) this.pair.hubspot.store.changeContact(id, values);
	}

	private inSalesforce(index: number, values: Record<string, string>): void {
		const id = this.pick(this.records, index);
		if (!id) return;
		const before = this.pair.salesforce.store.must('Contact', id)['Email'];
		if (values['Email']) this.formerEmails.set(id, [before, ...(this.formerEmails.get(id) ?? [])]);
		this.pair.salesforce.store.change('Contact', id, values);
	}

	/** IS-09: nothing but the opt-out of a contact changes that is outside of the segment all the while. */
	private async watchedRound(takesBack: number | undefined): Promise<void> {
		const before = this.outsiders();
		const took = takesBack === undefined ? undefined : this.takingBack(takesBack);
		await this.pair.round(took).catch((error: unknown) => {
			if (!/\b(500|503)\b/.test(String(error))) throw error;
		});
		const after = this.outsiders();
		for (const [id, values] of before) {
			const now = after.get(id);
			if (now !== undefined && now !== values)
				this.broken.push(`${id} is outside of the segment and was written: ${values} became ${now}`);
		}
	}

	/** Minutes after it was written: nothing that was read before can be meant. */
	private takingBack(index: number): () => void {
		const { store, clock } = this.pair.salesforce;
		const id = this.pick(this.records, index);
		// What was empty stays as it was filled: empty values are left alone.
		const was = id === undefined ? {} : pickBy(pick(store.must('Contact', id), Object.values(FIELDS)));
		return () => {
			if (id === undefined || isMatch(store.must('Contact', id), was)) return;
			clock.advance(120_000);
			store.change('Contact', id, was);
		};
	}

	private outsiders(): ReadonlyMap<string, string> {
		const { store } = this.pair.hubspot;
		const members = new Set([...store.list(this.pair.segment).members.ids()].map(String));
		return new Map(
			this.contacts
				.filter((id) => !members.has(id))
				.map((id) => {
					const { email, firstname, lastname, jobtitle } = store.contact(id).properties;
					return [id, JSON.stringify([email, firstname, lastname, jobtitle])];
				}),
		);
	}
}

const once =
	(when: 'before' | 'after', done: () => void): NonNullable<Pair['trouble']> =>
	() => {
		done();
		return when;
	};

/** What is wrong once both workflows are quiet: a member whose two sides differ, an opt-out that did not cross, a contact twice. */
export function faultsOf({ pair, broken, deleted }: PairWorld): readonly string[] {
	const faults = [...broken];
	const { store } = pair.hubspot;
	const members = new Set([...store.list(pair.segment).members.ids()].map(String));
	for (const contact of store.contacts.contacts.values()) {
		if (contact.archivedAt !== undefined) continue;
		const { properties } = contact;
		const email = properties.email ?? '';
		const records = email === '' ? [] : pair.records(email);
		if (records.length > 1) faults.push(`Salesforce has ${records.length} records of ${email}`);
		const [record] = records;
		const isMember = members.has(String(contact.id));
		const isOut = properties.hs_email_optout === 'true';
		if (record?.['HasOptedOutOfEmail'] === true && !isOut)
			faults.push(`${email} opted out in Salesforce and is mailable in HubSpot`);
		if (record && isOut && record['HasOptedOutOfEmail'] !== true)
			faults.push(`${email} opted out in HubSpot and is mailable in Salesforce`);
		if (!isMember) continue;
		// Salesforce takes no contact without a last name, which one may lack that was made outside of the segment by its address alone.
		const isWhole = (properties.lastname ?? '') !== '';
		if (!record && isWhole && !deleted.has(email)) faults.push(`${email} is a member and has no record in Salesforce`);
		for (const property of PROPERTIES) {
			const [here, there] = [properties[property] ?? '', (record?.[FIELDS[property]] ?? '') as string];
			if (record && here !== '' && here !== there)
				faults.push(`${email}: ${property} is '${here}' in HubSpot and '${there}' in Salesforce`);
		}
	}
	return faults;
}
