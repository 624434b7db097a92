import fc from 'fast-check';
import type { MappedContact } from '../../../../../core/contact/contact';
import type { Clock } from '../../../../../core/ports';
import type { RunningBrevo } from '../../../../../sandbox/brevo';
import { newAccount } from '../../../../support/brevoAccount';
import { mapped } from '../../../../support/mappedContacts';
import { propertyRuns } from '../../../../support/propertyRuns';
import { startHurriedBrevo, upsertHurried } from '../../support/hurriedBrevo';

let brevo: RunningBrevo;
beforeAll(async () => {
	brevo = await startHurriedBrevo();
});
afterAll(async () => await brevo.close());

const address = fc.integer({ min: 1, max: 5 }).map((n) => `p${n}@x.example`);
const number = fc.option(
	fc.integer({ min: 1, max: 2 }).map((n) => `+4930123450${n}`),
	{ nil: undefined },
);

const change: fc.Arbitrary<MappedContact> = fc
	.record({
		id: fc.integer({ min: 1, max: 5 }),
		email: address,
		phone: number,
		landline: number,
		CITY: fc.constantFrom('Bonn', 'Rom', null),
		IS_CUSTOMER: fc.constantFrom(true, false),
		kind: fc.constantFrom('updated', 'updated', 'updated', 'removed'),
	})
	.map(({ id, email, phone, landline, CITY, IS_CUSTOMER, kind }) => {
		const attributes = { CITY, IS_CUSTOMER, ...(landline === undefined ? {} : { LANDLINE_NUMBER: landline }) };
		return mapped(id, { email, phone, attributes }, { change: kind });
	});

const step = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({ batch: fc.array(change, { minLength: 1, maxLength: 5 }), otherProcess: fc.boolean() }),
	},
	{ weight: 2, arbitrary: fc.record({ unsubscribed: address, fromList: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ stranger: address, landline: number }) },
	{ weight: 1, arbitrary: fc.record({ lostAnswer: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Time passes from step to step, so that no knowledge of the step before counts as new. */
class StepClock implements Clock {
	private offset = 0;
	now = (): number => Date.now() + this.offset;
	sleep = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
	pass(ms: number): void {
		this.offset += ms;
	}
}

async function play(steps: readonly Step[], importFrom: number): Promise<void> {
	const list = brevo.store.createList('Synced', 1).id;
	const account = newAccount();
	const clock = new StepClock();
	const left = new Set<number>();
	for (const next of steps) {
		clock.pass(5_000);
		if ('batch' in next) {
			const options = { list, account: next.otherProcess ? newAccount() : account, importFrom, clock };
			const report = await upsertHurried(brevo, next.batch, options);
			expect(report.results).toHaveLength(next.batch.length);
		} else if ('unsubscribed' in next) {
			const contact = brevo.store.owner('email', next.unsubscribed);
			if (!contact) continue;
			if (next.fromList && contact.listIds.has(list)) {
				contact.listsLeft.add(list);
				brevo.store.changeContact(contact, { removeFrom: [list] }, 'control');
				left.add(contact.id);
			} else brevo.store.changeContact(contact, { emailBlocked: true }, 'control');
		} else if ('stranger' in next) {
			const { stranger: email, landline } = next;
			const isFree = landline !== undefined && !brevo.store.owner('LANDLINE_NUMBER', landline.slice(1));
			if (brevo.store.owner('email', email)) continue;
			const identifiers = { email, ...(isFree ? { LANDLINE_NUMBER: landline.slice(1) } : {}) };
			brevo.store.createContact({ identifiers }, 'control');
		} else {
			const fault = next.lostAnswer ? { kind: 'afterWork' as const, status: 524 } : { status: 503 };
			brevo.faults.next('POST /contacts/import', { ...fault, times: 2 });
		}
	}
	for (const id of left)
		expect({ id, back: brevo.store.contacts.get(id)?.listIds.has(list) }).toEqual({ id, back: false });
}

describe('promise 1 over random histories of the import path', () => {
	it.each([1, 3, 30])(
		'nobody is put back on the list, unblocked or merged away with imports from %d writes on',
		async (importFrom) => {
			const runs = propertyRuns(`Brevo, imports from ${importFrom}`, 15, 0.1);
			await fc.assert(
				fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
					brevo.reset();
					await play(steps, importFrom);
					expect(brevo.store.resubscriptions).toEqual([]);
					expect(brevo.store.writes.filter(({ kind }) => kind === 'deleted')).toEqual([]);
					runs.count();
				}),
				runs.parameters,
			);
		},
		3_600_000,
	);
});
