import { mailchimpZip, person } from '../../../demo/migration/authoredFiles';
import type { DroppedFile } from '../../../demo/migration/formVisitor';
import { choose, publishMigration, publishUndo } from '../../../demo/migration/migrationForm';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';

const people = (...names: string[]) => names.map(person);
const at = (name: string): string => `${name.toLowerCase()}@example.com`;
const UNCHANGED = 'Delete those that are as the import left them';
const CHANGED_TOO = 'Delete those that were changed since, too';

/** 14, F9: what a migration created is deleted again, by the template that takes its file of changes. */
describe('undoing a migration into HubSpot', () => {
	let e2e: E2e;
	let undo: Awaited<ReturnType<typeof publishUndo>>;
	let changes: DroppedFile;

	beforeAll(async () => {
		e2e = await startE2e({ members: 5, editor: false });
		undo = await publishUndo(e2e);
		hubspot().addContact({ email: at('Old'), firstname: 'Older', phone: '+33472000000' });
		hubspot().addContact({ email: at('Gone'), firstname: 'Gone' });
		const migration = await publishMigration(e2e, 'mailchimp-to-hubspot');
		const zip = mailchimpZip({
			subscribed: [
				...people('Ada', 'Bea', 'Cy', 'Dan', 'Eve', 'Fay', 'Hal', 'Old'),
				{ email: at('Gil'), first: 'Unit 5', last: 'Example' },
			],
			unsubscribed: people('Gone', 'Ivo'),
			cleaned: [],
		});
		const { visitor } = await migration.upload([zip], 'Moved newsletter');
		await visitor.submit(choose('import'));
		const [mail] = e2e.sandbox.inbox.messages();
		const text = mail?.attachments?.find(({ name }) => name === 'changes.csv')?.text ?? '';
		changes = { name: 'changes.csv', bytes: Buffer.from(text) };
		// What people do after an import.
		hubspot().changeContact(idOf('Bea'), { jobtitle: 'Director', lastname: 'Married' });
		// To JavaScript both are the first of May.
		hubspot().changeContact(idOf('Gil'), { firstname: 'Suite 5' });
		hubspot().optOut(idOf('Cy'), true);
		hubspot().changeContact(idOf('Dan'), { email: 'daniel@example.com' });
		hubspot().archive(idOf('Eve'));
		merged = idOf('Fay');
		hubspot().merge(idOf('Old'), merged);
	});
	afterAll(async () => await e2e?.close());
	beforeEach(() => {
		e2e.sandbox.hubspot.requests.clear();
	});

	let merged: number;
	const hubspot = () => e2e.sandbox.hubspot.store;
	const idOf = (name: string): number => hubspot().contacts.holderOf(at(name)) ?? 0;
	const isHeld = (name: string): boolean => hubspot().contacts.holderOf(at(name)) !== undefined;
	const deletions = () => e2e.sandbox.hubspot.requests.entries.filter(({ method }) => method === 'DELETE');
	/** The cells of a contact's row. */
	const rowOf = (page: string, name: string): string =>
		new RegExp(`<td>[^<]*</td><td>${at(name)}</td><td>(.*?)</td></tr>`).exec(page)?.[1] ?? 'no row';

	it('previews each contact that the run created, names none that was there before, and deletes nothing when the person stops', async () => {
		const { page, visitor } = await undo(changes);
		expect(page).toContain('Contacts that the import created: 8');
		expect(rowOf(page, 'Ada')).toMatch(/^delete<\/td>/);
		expect(rowOf(page, 'Hal')).toMatch(/^delete<\/td>/);
		expect(rowOf(page, 'Bea')).toBe('changed</td><td>Changed since: lastname');
		expect(rowOf(page, 'Gil')).toBe('changed</td><td>Changed since: firstname');
		expect(rowOf(page, 'Cy')).toMatch(/^kept<\/td><td>It is unsubscribed/);
		expect(rowOf(page, 'Dan')).toMatch(/^kept<\/td><td>It has another address/);
		expect(rowOf(page, 'Eve')).toMatch(/^gone<\/td>/);
		expect(rowOf(page, 'Fay')).toMatch(/^kept<\/td><td>It was merged/);
		for (const name of ['Old', 'Gone', 'Ivo'])
			expect({ name, row: rowOf(page, name) }).toEqual({ name, row: 'no row' });
		expect(await visitor.submit([undefined, 'Stop and delete nothing'])).toContain('Nothing was deleted');
		expect(deletions()).toEqual([]);
	});

	it('deletes what is as the import left it, looking anew after the click; opt-outs stay, and each contact is reported once', async () => {
		const { visitor } = await undo(changes);
		hubspot().changeContact(idOf('Hal'), { firstname: 'Harold' });
		const report = await visitor.submit([undefined, UNCHANGED]);
		expect(report).toContain('1 deleted, 6 kept, 1 gone already, 0 failed');
		expect(rowOf(report, 'Ada')).toMatch(/^deleted<\/td>/);
		expect(rowOf(report, 'Hal')).toBe('kept</td><td>Changed since: firstname');
		expect(['Ada', 'Bea', 'Cy', 'Gil', 'Hal', 'Old', 'Gone'].filter(isHeld)).toEqual([
			'Bea',
			'Cy',
			'Gil',
			'Hal',
			'Old',
			'Gone',
		]);
		for (const name of ['Cy', 'Gone', 'Ivo']) expect(hubspot().preferences.optedOutAt(at(name))).toBeDefined();
		expect(deletions()).toHaveLength(1);
	});

	it('deletes contacts that were edited since only where it is told to, and says which call failed; a further run goes on', async () => {
		e2e.sandbox.hubspot.faults.next('DELETE /crm/v3/objects/contacts/*', { status: 502, times: 1 });
		const { visitor } = await undo(changes);
		const report = await visitor.submit([undefined, CHANGED_TOO]);
		expect(report).toContain('2 deleted, 3 kept, 2 gone already, 1 failed');
		expect(report).toContain('HubSpot answered 502; run this again');
		const again = await (await undo(changes)).visitor.submit([undefined, CHANGED_TOO]);
		expect(again).toContain('1 deleted, 3 kept, 4 gone already, 0 failed');
		expect(['Bea', 'Gil', 'Hal', 'Cy', 'Old'].filter(isHeld)).toEqual(['Cy', 'Old']);
	});

	it.each([
		['another file of the report', 'file,line,address,what,code,reason\r\nx.csv,2,ada@example.com,created,,\r\n'],
		['a file without rows', ''],
		['no CSV at all', 'PK\u0003\u0004"\u0000'],
	])('ends with a page that says so where the file names no contact: %s', async (_what, text) => {
		const { page } = await undo({ name: 'changes.csv', bytes: Buffer.from(text) });
		expect(page).toContain('This file names no contact that an import created');
		expect(deletions()).toEqual([]);
	});

	it('keeps contacts that bear the ID of the file and another address: it is another account', async () => {
		const text = `id,address,what,property,before,after\r\n${idOf('Gone')},ada@example.com,created,,,\r\n`;
		const { page, visitor } = await undo({ name: 'changes.csv', bytes: Buffer.from(text) });
		expect(page).toContain('is it the HubSpot account of the import?');
		expect(await visitor.submit([undefined, CHANGED_TOO])).toContain('0 deleted, 1 kept');
		expect(isHeld('Gone')).toBe(true);
	});
});
