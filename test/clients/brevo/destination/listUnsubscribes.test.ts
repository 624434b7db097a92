import { setTimeout as pause } from 'node:timers/promises';
import { TECHNICAL_LIST } from '../../../../clients/brevo/destination/imports/technicalList';
import type { MappedContact } from '../../../../core/contact/contact';
import type { Clock } from '../../../../core/ports';
import { newAccount, statusCounts, upsertIntoBrevo } from '../../../support/brevoAccount';
import { realClock } from '../../../support/manualClock';
import { mappedCrowd } from '../../../support/mappedContacts';
import { told, useBrevoSandbox } from '../support/brevoSandbox';

const sandbox = useBrevoSandbox();

const inCity = (count: number, CITY: string | null): MappedContact[] =>
	mappedCrowd(count).map((one) => ({
		...one,
		contact: { ...one.contact, attributes: { ...one.contact.attributes, CITY } },
	}));

/** The seventh of the crowd unsubscribes from the very list. */
function unsubscribeFromList(): { onList: () => boolean } {
	const contact = sandbox.contact('person7@crowd.example');
	if (!contact) throw new Error('The crowd is not there');
	contact.listsLeft.add(sandbox.list);
	sandbox.brevo.store.changeContact(contact, { removeFrom: [sandbox.list] }, 'control');
	return { onList: () => contact.listIds.has(sandbox.list) };
}

const run = async (contacts: readonly MappedContact[], account: string, importFrom?: number, clock?: Clock) =>
	await upsertIntoBrevo(sandbox.brevo, contacts, { list: { id: sandbox.list }, account, importFrom, clock });

/** Something happens in the middle of it, after a second. */
const runInRealTime = async (contacts: readonly MappedContact[], account: string) =>
	await run(contacts, account, undefined, realClock);

const technicalLists = () => [...sandbox.brevo.store.lists.values()].filter(({ name }) => name === TECHNICAL_LIST);

describe('who unsubscribes from the list itself', () => {
	it.each([
		['an import of changed contacts', 60, 'Bonn', 30],
		['an import of one', 1, 'Bonn', 1],
		['the clearing of a value', 8, null, 30],
	] as const)('since the account was read is not put back on it by %s', async (_name, count, city, importFrom) => {
		const account = newAccount();
		await run(mappedCrowd(60), account);
		const { onList } = unsubscribeFromList();
		const report = await run(inCity(count === 1 ? 7 : count, city).slice(count === 1 ? 6 : 0), account, importFrom);
		expect(statusCounts(report)).toEqual({ updated: count });
		expect(onList()).toBe(false);
	});

	it('while the import is queued is not put back on it', async () => {
		const account = newAccount();
		await run(mappedCrowd(40), account);
		sandbox.brevo.settings.importDelayMs = 2_000;
		const running = runInRealTime(inCity(40, 'Bonn'), account);
		await pause(1_000);
		const { onList } = unsubscribeFromList();
		expect(statusCounts(await running)).toEqual({ updated: 40 });
		expect(onList()).toBe(false);
	});

	it('while an import that fails is queued is not put back on it by the single writes that make up for it', async () => {
		const account = newAccount();
		await run(mappedCrowd(40), account);
		const { store, settings } = sandbox.brevo;
		for (const contact of store.contacts.values())
			store.changeContact(contact, { removeFrom: [sandbox.list] }, 'control');
		settings.importDelayMs = 2_000;
		settings.failImports = 1;
		const running = runInRealTime(inCity(40, 'Bonn'), newAccount());
		await pause(1_000);
		const { onList } = unsubscribeFromList();
		const report = await running;
		expect(onList()).toBe(false);
		expect(told(report)[6]).toBe('updated listIds:LIST_UNSUBSCRIBED');
		expect(statusCounts(report)).toEqual({ updated: 40 });
	}, 30_000);
});

describe('the technical list', () => {
	it('is made once, and nobody stays on it', async () => {
		const account = newAccount();
		for (const [index, city] of ['Bonn', 'Rom', 'Paris'].entries())
			await run(inCity(35, city), index === 1 ? newAccount() : account);
		expect(technicalLists().map(({ members }) => members.size)).toEqual([0]);
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(35);
	});

	it('is not made for new contacts, nor by a dry run, which counts the calls it takes', async () => {
		const account = newAccount();
		await run(mappedCrowd(35), account);
		const dry = await upsertIntoBrevo(sandbox.brevo, inCity(35, 'Bonn'), {
			list: { id: sandbox.list },
			account,
			settings: { dryRun: true },
		});
		expect(technicalLists()).toEqual([]);
		const real = await run(inCity(35, 'Bonn'), account);
		expect(Math.abs((dry.cost?.calls ?? 0) - (real.cost?.calls ?? 0))).toBeLessThanOrEqual(3);
		expect(technicalLists()).toHaveLength(1);
	});

	it('is made anew where it was deleted in Brevo', async () => {
		const account = newAccount();
		await run(mappedCrowd(35), account);
		await run(inCity(35, 'Bonn'), account);
		for (const list of technicalLists()) sandbox.brevo.store.deleteList(list);
		expect(statusCounts(await run(inCity(35, 'Rom'), account))).toEqual({ updated: 35 });
		expect(technicalLists()).toHaveLength(1);
	});

	it.each([400, 403])(
		'that the account refuses to have (%d) is done without: all go singly, nothing is cleared',
		async (status) => {
			const account = newAccount();
			await run(mappedCrowd(35), account);
			sandbox.brevo.faults.next('POST /contacts/lists', { status, times: 100 });
			expect(statusCounts(await run(inCity(35, 'Bonn'), account))).toEqual({ updated: 35 });
			expect([...new Set(told(await run(inCity(35, null), account)))]).toEqual(['unchanged CITY:VALUE_DROPPED']);
			expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.size).toBe(35);
		},
		30_000,
	);
});
