import { excluded, failing, held, keyOf, startHealth, synced } from './healthRun';
import type { RunningHealth } from './healthRun';

let health: RunningHealth;

beforeAll(async () => {
	health = await startHealth();
	await health.record([failing(1), failing(2, true), excluded(3), held(4), synced(5)]);
	await health.record([failing(11)], { sync: 'Leads', options: { keepDetails: true } });
});

afterAll(async () => await health.close());

const ask = async (contact: string, parameters = {}) =>
	(await health.run('lookUp', { contact, ...parameters })).json('Health');

describe('Look Up', () => {
	it('tells by key, record ID or address why a contact did not sync, what to do, since when, and when it is tried again', async () => {
		const answer = {
			sync: 'Newsletter',
			status: 'failing',
			code: 'DESTINATION_REFUSED',
			message: 'Read the message of the destination, correct the named value and send the contact again.',
			nextTry: 'With the next change of the contact in the source, or when it is resent',
			key: keyOf(1),
		};
		for (const contact of [keyOf(1), '1', ' Person1@Example.com ']) {
			const answers = await ask(contact);
			expect(answers).toEqual([
				{
					contact: contact.trim(),
					...answer,
					since: expect.any(String),
					lastSeen: expect.any(String),
					lastBatch: expect.any(String),
				},
			]);
		}
		expect(await ask('3')).toMatchObject([{ status: 'excluded', code: 'NO_IDENTIFIER', rule: 'HB-11' }]);
		expect(await ask('4')).toMatchObject([
			{ status: 'waiting', nextTry: 'From 2027-01-01 00:00 UTC on, or once the quota is raised' },
		]);
	});

	it('tells the address, the mapped values and the message where they were chosen to be kept', async () => {
		expect(await ask('person11@example.com')).toMatchObject([
			{
				sync: 'Leads',
				address: 'person11@example.com',
				message: 'Brevo refused person11@example.com',
				values: { email: 'person11@example.com', attributes: { FIRSTNAME: 'Name 11' } },
			},
		]);
	});

	it('says of a contact without trouble, of an empty name and of an unknown sync what is known', async () => {
		const answers = await ask('5');
		expect(answers.map(({ sync, status }) => [sync, status])).toEqual([
			['Leads', 'noTrouble'],
			['Newsletter', 'noTrouble'],
		]);
		expect(answers[1]?.message).toMatch(/^Nothing keeps this contact out of 'Newsletter', as of its last batch \(/);
		expect(await ask('={{ "" }}')).toMatchObject([{ status: 'notNamed' }]);
		expect(await ask('5', { syncName: 'Other' })).toMatchObject([
			{ status: 'unknown', message: expect.stringContaining("'Other'") },
		]);
		expect(await ask('1', { syncName: 'Leads' })).toMatchObject([{ sync: 'Leads', status: 'noTrouble' }]);
	});

	it.each([
		[
			'contact',
			{ contact: "={{ $json.id ?? $('Nowhere').item.json.x }}" },
			"'Record ID, E-Mail or Key' cannot be worked out [item 1]: ",
		],
		[
			'sync',
			{ contact: '={{ $json.id }}', syncName: "={{ $json.id ? 'Newsletter' : $('Nowhere').item.json.x }}" },
			"'Sync' cannot be worked out [item 1]: ",
		],
	])(
		'an expression for the %s that fails for one item costs that item alone its answer, and is named',
		async (_of, parameters, says) => {
			const items = [{ id: '1' }, { id: null }, { id: '3' }];
			const result = await health.run('lookUp', parameters, items);
			expect(result.error).toBeUndefined();
			const answers = result.items('Health');
			expect(answers.map(({ pairedItem, json }) => [pairedItem, json.key ?? json.status])).toEqual([
				[{ item: 0 }, keyOf(1)],
				[{ item: 1 }, 'notNamed'],
				[{ item: 2 }, keyOf(3)],
			]);
			expect(answers[1]?.json.message).toContain(says);
			expect(result.hints).toContain(
				'1 of 3 items could not be looked up, the first of them [item 1]: their expression fails',
			);
		},
	);

	it('answers each item, and fails the run where nothing can be read', async () => {
		const result = await health.run('lookUp', { contact: '={{ $json.id }}' }, [{ id: '1' }, { id: '3' }]);
		expect(result.items('Health').map(({ pairedItem, json }) => [pairedItem, json.key])).toEqual([
			[{ item: 0 }, keyOf(1)],
			[{ item: 1 }, keyOf(3)],
		]);
		const { scopes } = health.n8n;
		health.n8n.scopes = undefined;
		expect((await health.run('lookUp', { contact: '1' })).error?.message).toBe(
			'n8n does not accept the API key of the credential',
		);
		health.n8n.scopes = scopes;
	});
});

describe('Resend', () => {
	it.each([
		[{}, [2, 1, 4].sort()],
		[{ which: 'failing' }, [1]],
		[{ which: 'excluded' }, [3]],
		[{ which: 'reason', reason: 'quota_used_up' }, [4]],
		[{ which: 'all' }, [1, 2, 3, 4]],
	])('emits the contacts of %o with the keys that Read Contacts reads by', async (choice, ids) => {
		const result = await health.run('resend', { syncName: 'Newsletter', ...choice });
		expect(
			result
				.json('Health')
				.map(({ key }) => key)
				.sort(),
		).toEqual(ids.map(keyOf));
	});

	it.each([' ', 'ten', -1, 0, true])('refuses a limit of %p by name, and resends nobody', async (limit) => {
		const result = await health.run('resend', { which: 'all', returnAll: false, limit });
		expect(result.error?.message).toContain("'Limit'");
	});

	it.each(['soon', 0, true, '0x10'])('refuses a report of %p days by name', async (days) => {
		const result = await health.run('report', { syncName: 'Newsletter', days });
		expect(result.error?.message).toContain("'Days'");
	});

	it('goes up to the limit, and says how many are over it', async () => {
		const result = await health.run('resend', { which: 'all', returnAll: false, limit: 2 });
		expect(result.json('Health')).toHaveLength(2);
		expect(result.hints).toContain('2 contacts to resend; 3 more are over the limit');
	});

	it('a reason code that is none stops the run', async () => {
		const result = await health.run('resend', { which: 'reason', reason: 'NO_SUCH' });
		expect(result.error?.message).toBe(
			"'Reason Code' is no reason code: 'NO_SUCH'. The report and the data table show them",
		);
	});
});

describe('Report', () => {
	it('groups contacts by cause, with what to do, as items, text and a page without scripts or pictures', async () => {
		const result = await health.run('report');
		const [report] = result.json('Health');
		expect(report?.syncs).toMatchObject([
			{ sync: 'Leads', failing: 1 },
			{ sync: 'Newsletter', inSync: 6, failing: 1, waiting: 2, excluded: 1, writes: 1, days: [{ inSync: 6 }] },
		]);
		expect(result.json('Health', 1).map(({ sync, status, code, count }) => [sync, status, code, count])).toEqual([
			['Leads', 'failing', 'DESTINATION_REFUSED', 1],
			['Newsletter', 'failing', 'DESTINATION_REFUSED', 1],
			['Newsletter', 'waiting', 'DESTINATION_REFUSED', 1],
			['Newsletter', 'waiting', 'QUOTA_USED_UP', 1],
			['Newsletter', 'excluded', 'NO_IDENTIFIER', 1],
		]);
		const { subject, text, html } = report as { subject: string; text: string; html: string };
		expect(subject).toMatch(/^Sync health on .*: Leads 1 failing, Newsletter 1 failing, 2 waiting, 1 excluded$/);
		for (const said of ['Give the contact an e-mail address or a phone number in the source', '6 in sync']) {
			expect(text).toContain(said);
			expect(html).toContain(said);
		}
		expect(html).not.toMatch(/<script|<svg|<img|<style|class=/);
	});

	it('shows each day once, today last, and only as many as asked for', async () => {
		const table = health.n8n.table('Contact Sync Health');
		const cells = {
			sync: 'Newsletter',
			inSync: 4,
			excluded: 0,
			failing: 6,
			waiting: 0,
			writes: 9,
			calls: 2,
			state: '',
		};
		const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
		for (const [index, ago] of [40, 2, 1, 1].entries())
			table.rows.push({ ...cells, day: day(ago), writes: index, id: 900 + index, createdAt: '' });
		const [report] = (await health.run('report', { syncName: 'Newsletter', days: 7 })).json('Health');
		const [{ days = [] } = {}] = report?.syncs as [{ days?: { day: string; writes: number }[] }];
		expect(days.map((one) => [one.day, one.writes])).toEqual([
			[day(2), 1],
			[day(1), 3],
			[day(0), 1],
		]);
	});

	it('says what to do where nothing is recorded yet', async () => {
		const other = await startHealth();
		const [report] = (await other.run('report')).json('Health');
		expect(report?.text).toContain('put Sync Health with the operation Record behind a sync');
		await other.close();
	});
});
