import type { RunningBrevo } from '../../../../sandbox/brevo';
import { statusCounts } from '../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../support/mappedContacts';
import { told } from '../support/brevoSandbox';
import { startHurriedBrevo, upsertHurried } from '../support/hurriedBrevo';
import { itInAll } from '../../../support/sizes';

let brevo: RunningBrevo;
let list = 0;
beforeEach(async () => {
	brevo = await startHurriedBrevo();
	list = brevo.store.createList('Synced', 1).id;
});
afterEach(async () => await brevo.close());

const contact = (email: string) => brevo.store.owner('email', email);

/** A contact of record `id` on the list. */
function hold(id: number, email: string, more: { emailBlocked?: boolean; SMS?: string } = {}): void {
	const { emailBlocked, SMS } = more;
	const identifiers = { email, ext_id: `hubspot:1:contact:${id}`, ...(SMS === undefined ? {} : { SMS }) };
	brevo.store.createContact({ identifiers, emailBlocked, addTo: [list] }, 'seed', Date.now() - 3_600_000);
}

itInAll(
	'HB-24: 1,000 changed addresses are 1,000 updates, no creation and no duplicate; who is blocked stays blocked',
	async () => {
		brevo.settings.emailChangeAlwaysLifts = true;
		const crowd = mappedCrowd(1_000).map((one) => ({
			...one,
			contact: { ...one.contact, phone: undefined, attributes: {} },
		}));
		const blocked = new Set([7, 77, 777]);
		for (const [index, { contact: fields }] of crowd.entries())
			hold(index + 1, fields.email ?? '', { emailBlocked: blocked.has(index + 1) });
		const moved = crowd.map((one, index) => ({
			...one,
			contact: { ...one.contact, email: `moved${index + 1}@crowd.example` },
		}));
		const report = await upsertHurried(brevo, moved, { list });
		expect(statusCounts(report)).toEqual({ updated: 1_000 });
		expect(report.cost?.tasks).toBe(1_000);
		expect(brevo.store.contacts.size).toBe(1_000);
		expect(brevo.store.writes.filter(({ kind }) => kind !== 'updated')).toEqual([]);
		for (let id = 1; id <= 1_000; id++) {
			const held = contact(`moved${id}@crowd.example`);
			expect(held?.identifiers.ext_id).toBe(`hubspot:1:contact:${id}`);
			expect(held?.emailBlocked).toBe(blocked.has(id));
		}
		const writes = brevo.store.writes.length;
		expect(statusCounts(await upsertHurried(brevo, moved, { list }))).toEqual({ unchanged: 1_000 });
		expect(brevo.store.writes.length).toBe(writes);
	},
	60_000,
);

describe.each([false, true])('where Brevo lifts every block with a change of address: %s', (lifts) => {
	it('two contacts that swap their addresses are two updates, and the block of one is on both addresses', async () => {
		brevo.settings.emailChangeAlwaysLifts = lifts;
		hold(1, 'a@x.example', { emailBlocked: true });
		hold(2, 'b@x.example');
		const batch = [mapped(1, { email: 'b@x.example' }), mapped(2, { email: 'a@x.example' })];
		const report = await upsertHurried(brevo, batch, { list });
		expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['updated', 'updated']);
		expect(report.results[1]?.warnings.map(({ code }) => code)).toContain('ADDRESS_BLOCKED');
		expect(contact('b@x.example')).toMatchObject({ id: 1, emailBlocked: true });
		expect(contact('a@x.example')).toMatchObject({ id: 2, emailBlocked: true });
		expect(brevo.store.contacts.size).toBe(2);
		if (!lifts) expect(brevo.store.resubscriptions).toEqual([]);
	});
});

describe('a number that another contact has', () => {
	const message = 'Unable to update contact, SMS is already associated with another Contact';
	const batch = [mapped(1, { email: 'a@x.example', phone: '+4930123456', attributes: { CITY: 'Bonn' } })];

	// The holder shows up only when the number is written: another tool was faster.
	it.each([
		['duplicate_parameter', { metadata: { duplicate_identifiers: ['SMS'] } }],
		['duplicate_parameter', {}],
		['invalid_parameter', { metadata: { duplicate_identifiers: ['SMS'] } }],
		['invalid_parameter', {}],
	])('is left out with a warning when Brevo says %s %j', async (code, metadata) => {
		hold(1, 'a@x.example');
		brevo.faults.next('PUT /contacts/:id', { status: 400, body: { code, message, ...metadata } });
		const report = await upsertHurried(brevo, batch, { list });
		expect(told(report)).toEqual(['updated SMS:PHONE_SHARED']);
		expect(report.results[0]?.outcome.changes).toEqual({ CITY: { from: null, to: 'Bonn' } });
		expect(contact('a@x.example')?.identifiers.SMS).toBeUndefined();
	});

	it('is known before the write, so that no call is refused and a dry run says the same', async () => {
		hold(1, 'a@x.example');
		hold(2, 'office@x.example', { SMS: '4930123456' });
		const dry = await upsertHurried(brevo, batch, { list, settings: { dryRun: true } });
		expect(told(dry)).toEqual(['planned SMS:PHONE_SHARED']);
		expect(told(await upsertHurried(brevo, batch, { list }))).toEqual(['updated SMS:PHONE_SHARED']);
		expect(brevo.requests.statuses()[400]).toBeUndefined();
	});
});
