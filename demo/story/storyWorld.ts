import { DemoError } from '../demoError';
import { type HeldContact, hubSpotKey } from '../truth/expected';
import { readHoldings } from '../truth/sandboxTruth';
import type { Stage } from '../stage';
import type { Person } from './person';

type HubSpotStore = Stage['sandbox']['hubspot']['store'];
type BrevoStore = Stage['sandbox']['brevo']['store'];
type BrevoContact = BrevoStore['contacts'] extends Map<number, infer T> ? T : never;

/** Both sides of the sync as the chapters of a story see and move them. */
export class StoryWorld {
	/** Everybody in Brevo as they were, apart from what the story lets people do in Brevo by hand. */
	before: readonly HeldContact[];
	private readonly taken = new Set<string>();

	constructor(private readonly stage: Pick<Stage, 'sandbox' | 'choices'>) {
		this.before = readHoldings(stage.sandbox, stage.choices);
	}

	get hubspot(): HubSpotStore {
		return this.stage.sandbox.hubspot.store;
	}

	get brevo(): BrevoStore {
		return this.stage.sandbox.brevo.store;
	}

	/** The HubSpot list that the sync reads. */
	get sourceList(): string {
		return this.stage.choices.sourceList.id;
	}

	keyOf(id: string): string {
		return hubSpotKey(String(this.stage.sandbox.hubspot.settings.portalId), id);
	}

	/** Members that came through the first sync with an address of their own, mailable on both sides; none is picked twice. */
	pick(count: number): Person[] {
		return this.pickWhere(count, ({ emailBlocked }) => !emailBlocked);
	}

	/** A contact that is blocked in Brevo, but not opted out in HubSpot. */
	pickBlockedInBrevo(): Person {
		return this.pickWhere(1, ({ emailBlocked }) => emailBlocked)[0] as Person;
	}

	/** Changes or makes a contact in Brevo, as by hand; the sync must leave that as it is. */
	byHand(work: (brevo: BrevoStore) => BrevoContact): void {
		const { id } = work(this.brevo);
		const now = readHoldings(this.stage.sandbox, this.stage.choices).filter((contact) => contact.id === id);
		this.before = [...this.before.filter((contact) => contact.id !== id), ...now];
	}

	/** What Brevo holds of a contact now. */
	held(brevoId: number): HeldContact | undefined {
		return readHoldings(this.stage.sandbox, this.stage.choices).find(({ id }) => id === brevoId);
	}

	private pickWhere(count: number, fits: (contact: BrevoContact) => boolean): Person[] {
		const people: Person[] = [];
		for (const number of this.hubspot.list(this.sourceList).members.ids()) {
			if (people.length === count) break;
			const id = String(number);
			const { properties } = this.hubspot.contact(id);
			const contact = this.brevo.owner('ext_id', this.keyOf(id));
			const { email = '', firstname = '', lastname = '' } = properties;
			if (!contact || !fits(contact) || properties.hs_email_optout === 'true' || this.taken.has(id)) continue;
			if (contact.identifiers.email !== email || firstname === '') continue;
			this.taken.add(id);
			const name = `${firstname} ${lastname}`.trim();
			people.push({ id, key: this.keyOf(id), brevoId: contact.id, name, firstName: firstname, email });
		}
		if (people.length < count) throw new DemoError('The list is too small for the story: give it more members');
		return people;
	}
}
