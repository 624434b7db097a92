import { statusCounts } from '../../../../support/brevoAccount';
import { mappedCrowd } from '../../../../support/mappedContacts';
import { told } from '../../support/brevoSandbox';
import { useSteppedBrevo } from '../../support/steppedBrevo';

const stepped = useSteppedBrevo();

const IMPORT = /^POST \/contacts\/import/;

/** Of 160, those that opted out at the source. */
const isBlocked = (n: number): boolean => n % 10 === 0;
const CROWD = mappedCrowd(160).map((one, index) => ({ ...one, optedOut: isBlocked(index + 1) }));

/** Brevo knows the first so many, without our key and values; those that opted out are blocked, all or half of them. */
const hold = (count: number, everyBlocked = 1): void => {
	for (const [index, { contact, optedOut }] of CROWD.slice(0, count).entries())
		stepped.hold(contact.email ?? '', {
			identifiers: { SMS: (contact.phone ?? '').slice(1) },
			emailBlocked: optedOut && index % (10 * everyBlocked) === 9,
		});
};
const contacts = () => [...stepped.brevo.store.contacts.values()];
const technical = () => [...stepped.brevo.store.lists.values()].find(({ name }) => name.includes('technical'));
const imports = (): number => stepped.counts()['POST /contacts/import'] ?? 0;

describe('blocked contacts of a batch, new and known', () => {
	it.each([
		['known ones are blocked already', 1],
		['half of the known ones are not yet', 2],
	])(
		'share an import where %s: a new one takes part in it, and is on the list after it',
		async (_what, everyBlocked) => {
			hold(80, everyBlocked);
			const report = await stepped.run(CROWD);
			expect(statusCounts(report)).toEqual({ created: 80, updated: 80 });
			// Known, new, and the blocked ones of both.
			expect(imports()).toBe(3);
			expect(contacts().filter(({ listIds }) => listIds.has(stepped.list))).toHaveLength(160);
			for (const [index] of CROWD.entries()) {
				const contact = stepped.contact(`person${index + 1}@crowd.example`);
				expect(contact.emailBlocked).toBe(isBlocked(index + 1));
				expect(contact.identifiers.ext_id).toBe(`hubspot:1:contact:${index + 1}`);
			}
			expect(technical()?.members.size).toBe(0);
		},
	);

	it('a new one is blocked from its first moment', async () => {
		hold(80);
		const mailable: string[] = [];
		const look = () =>
			mailable.push(
				...contacts().flatMap(({ identifiers, emailBlocked }) =>
					!emailBlocked && isBlocked(Number(/\d+/.exec(identifiers.email ?? '')?.[0])) ? [identifiers.email ?? ''] : [],
				),
			);
		for (const at of ['before', 'after'] as const)
			for (const match of [IMPORT, IMPORT, IMPORT, /\/contacts\/add$/]) stepped.once(at, match, look);
		await stepped.run(CROWD);
		expect(mailable).toEqual([]);
	});

	it('a new one that is made by hand meanwhile, and unsubscribes from the list, stays off it', async () => {
		hold(80);
		stepped.once('after', IMPORT, () => {
			stepped.hold('person120@crowd.example');
			stepped.leaveList('person120@crowd.example');
		});
		const report = await stepped.run(CROWD);
		expect(told(report)[119]).toBe('created listIds:LIST_UNSUBSCRIBED');
		expect(stepped.contact('person120@crowd.example').emailBlocked).toBe(true);
		expect(stepped.isOnList('person120@crowd.example')).toBe(false);
	});

	it('go by an import of their own onto the list where Brevo knows none of them', async () => {
		const report = await stepped.run(CROWD);
		expect(statusCounts(report)).toEqual({ created: 160 });
		expect(imports()).toBe(2);
		expect(technical()).toBeUndefined();
	});

	it('go by an import of their own where so many are new that the calls for the list would cost more', async () => {
		const crowd = mappedCrowd(340).map((one, index) => ({ ...one, optedOut: index > 20 }));
		for (const { contact } of crowd.slice(0, 30))
			stepped.hold(contact.email ?? '', {
				identifiers: { SMS: (contact.phone ?? '').slice(1) },
				emailBlocked: contact.email === 'person25@crowd.example',
			});
		const report = await stepped.run(crowd);
		expect(statusCounts(report)).toEqual({ created: 310, updated: 30 });
		expect(imports()).toBe(3);
		expect(stepped.counts()['POST /contacts/lists/:id/contacts/add']).toBe(1);
	});

	it('cost a run whose imports Brevo carries out one after the other three times as long as one takes, and little more', async () => {
		Object.assign(stepped.brevo.settings, { importDelayMs: 5_000, importsOneByOne: true });
		hold(80);
		const began = stepped.brevo.clock.now();
		const report = await stepped.run(CROWD);
		expect(statusCounts(report)).toEqual({ created: 80, updated: 80 });
		expect(stepped.brevo.clock.now() - began).toBeLessThan(18_000);
	});

	it('the dry run foretells the calls', async () => {
		hold(80);
		const dry = await stepped.run(CROWD, { settings: { dryRun: true } });
		stepped.brevo.requests.clear();
		const real = await stepped.run(CROWD);
		expect(Math.abs((dry.cost?.calls ?? 0) - (real.cost?.calls ?? 0))).toBeLessThanOrEqual(3);
	});
});
