import type { IDataObject } from 'n8n-workflow';
import type { ExportSummary } from '../../../clients/exports/contacts/summary';
import { filesOf } from '../../../nodes/MigrationReport/files';
import type { Migration, Run } from '../../../nodes/MigrationReport/gather';
import { withUnseen } from '../../../nodes/MigrationReport/gather';
import { previewPage } from '../../../nodes/MigrationReport/previewPage';
import { reportPage } from '../../../nodes/MigrationReport/reportPage';

/** What Migration Report says of contacts that a workflow does not lead to HubSpot. The whole of it is in test/e2e/migration.test.ts. */

const FILES = {
	files: [],
	skipped: [],
	rows: 3,
	refused: 0,
	addresses: 3,
	contacts: 3,
	repeated: 0,
	byStanding: { optedOut: 1, bounced: 1, subscribed: 1, noConsent: 0 },
	importedOnly: 0,
	misspelledDomains: 0,
	roleAddresses: 0,
} satisfies ExportSummary;

const contact = (name: string, optedOut: boolean): IDataObject => ({
	key: `file:mailchimp:contact:${name}@example.com`,
	email: `${name}@example.com`,
	optedOut,
	provenance: { file: 'export.zip', row: 2 },
});
const after = (item: IDataObject, status: string): IDataObject => ({
	...item,
	contact: { email: item.email, attributes: {} },
	outcome: { status, destinationId: '7' },
});
const run = (items: readonly IDataObject[], dryRun: boolean): Run => ({
	items,
	summary: {
		node: 'Contact List Upsert',
		message: '',
		subject: '',
		text: '',
		html: '',
		at: '2026-11-30T00:00:00.000Z',
		dryRun,
		contacts: items.length,
		statuses: Object.fromEntries(items.map(({ outcome }) => [(outcome as IDataObject).status as string, 1])),
		reasons: [],
		optOuts: { contacts: 0, written: 0, addresses: 0, already: 0 },
		tasks: 0,
		calls: 1,
	},
});

const [ada, bob, cy] = [contact('ada', false), contact('bob', true), contact('cy', true)];
const migration = (change: Partial<Migration> = {}): Migration =>
	withUnseen({
		files: FILES,
		optedOut: [bob, cy],
		subscribed: [ada],
		noConsent: [],
		refused: [],
		excluded: [],
		run: run([after(ada, 'created'), after(bob, 'updated'), after(cy, 'updated')], false),
		readBack: run([after(ada, 'unchanged'), after(bob, 'unchanged'), after(cy, 'unchanged')], true),
		...change,
	});
const textOf = (told: Migration, name: string): string =>
	filesOf(told, 'report').find((one) => one.name === name)?.text ?? '';

describe('MG-23: opt-outs that no Contact List Upsert gets', () => {
	const without = migration({
		run: run([after(ada, 'created'), after(bob, 'updated')], false),
		readBack: run([after(ada, 'unchanged'), after(bob, 'unchanged')], true),
	});

	it('are a warning of the preview', () => {
		expect(previewPage(without).warnings[0]).toMatch(/^1 contact opted out or bounced and reaches no Contact List/);
		expect(previewPage(migration()).warnings[0]).not.toMatch(/reaches no/);
	});

	it('leave the report incomplete', () => {
		expect(reportPage(migration())).toMatchObject({ complete: true });
		const { complete, subject, html } = reportPage(without);
		expect(complete).toBe(false);
		expect(subject).toMatch(/1 contact needs a look/);
		expect(html).toContain('connect the output ‘Opted Out or Bounced’');
	});

	it("are in the file for HubSpot's own import, and among what was left out", () => {
		expect(textOf(without, 'optOuts')).toContain('cy@example.com');
		expect(textOf(without, 'leftOut')).toMatch(/export\.zip,2,cy@example\.com,not written,NOT_CONNECTED/);
		expect(textOf(migration(), 'leftOut')).not.toContain('NOT_CONNECTED');
	});

	it('are in that file also where Map Contact Fields left the contact out', () => {
		const excluded = { ...cy, outcome: { status: 'excluded', code: 'NO_IDENTIFIER', message: 'x' } };
		const told = migration({ run: run([after(ada, 'created'), after(bob, 'updated')], false), excluded: [excluded] });
		expect(textOf(told, 'optOuts')).toContain('cy@example.com');
	});
});

describe('MG-09: what is not read back', () => {
	it('does not count as arrived', () => {
		const told = reportPage(migration({ readBack: run([after(ada, 'unchanged'), after(bob, 'unchanged')], true) }));
		expect(told).toMatchObject({ complete: false, differing: 1 });
		expect(told.html).toContain('It was not read back');
	});
});
