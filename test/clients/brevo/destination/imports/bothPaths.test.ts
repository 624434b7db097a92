import { newAccount, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mapped, mappedCrowd } from '../../../../support/mappedContacts';
import { told, useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

/** 30 contacts and more go by import, fewer one by one. */
const paths = [
	['the single path', 0],
	['the import path', 60],
] as const;

describe.each(paths)('on %s', (_name, extra) => {
	const withOthers = (...contacts: ReturnType<typeof mapped>[]) => [...contacts, ...mappedCrowd(extra, 1_000)];

	it('an unsubscribed contact in the source list is updated and stays unsubscribed', async () => {
		sandbox.brevo.store.createContact(
			{ identifiers: { email: 'gone@x.example' }, attributes: { CITY: 'Paris' }, emailBlocked: true, smsBlocked: true },
			'seed',
		);
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'gone@x.example', attributes: { CITY: 'Rom' } }, { optedOut: false })),
			{ list: { id: sandbox.list } },
		);
		expect(report.results[0]?.outcome).toMatchObject({
			status: 'updated',
			changes: { CITY: { from: 'Paris', to: 'Rom' } },
		});
		expect(sandbox.contact('gone@x.example')).toMatchObject({
			emailBlocked: true,
			smsBlocked: true,
			attributes: { CITY: 'Rom' },
		});
		expect(sandbox.brevo.store.lists.get(sandbox.list)?.members.has(sandbox.contact('gone@x.example')?.id ?? 0)).toBe(
			true,
		);
	});

	it.each([true, false])(
		'who unsubscribed from the list is updated and not put back on it (Brevo still counts them as members: %s)',
		async (stillMember) => {
			const gone = sandbox.brevo.store.createContact(
				{
					identifiers: { email: 'gone@x.example' },
					attributes: { CITY: 'Paris', NOTES: 'Old' },
					...(stillMember ? { addTo: [sandbox.list] } : {}),
				},
				'seed',
			);
			gone.listsLeft.add(sandbox.list);
			const update = { email: 'gone@x.example', attributes: { CITY: 'Rom', NOTES: null } };
			const report = await upsertIntoBrevo(sandbox.brevo, withOthers(mapped(1, update)), {
				list: { id: sandbox.list },
			});
			expect(told(report)[0]).toBe('updated listIds:LIST_UNSUBSCRIBED');
			expect(report.failure).toBeUndefined();
			expect(gone.attributes).toEqual({ CITY: 'Rom' });
			expect(gone.listsLeft.has(sandbox.list)).toBe(true);
			expect(gone.listIds.has(sandbox.list)).toBe(stillMember);
			const onlyClears = mapped(1, { email: 'gone@x.example', attributes: { NOTES: null } });
			const again = await upsertIntoBrevo(sandbox.brevo, [onlyClears], { list: { id: sandbox.list } });
			expect(told(again)).toEqual(['unchanged listIds:LIST_UNSUBSCRIBED']);
		},
		30_000,
	);

	it('an opt-out of the source becomes a block, of a new and of a known contact', async () => {
		sandbox.brevo.store.createContact({ identifiers: { email: 'known@x.example' } }, 'seed');
		const optedOut = { optedOut: true };
		await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'known@x.example' }, optedOut), mapped(2, { email: 'new@x.example' }, optedOut)),
			{ list: { id: sandbox.list } },
		);
		expect([sandbox.contact('known@x.example')?.emailBlocked, sandbox.contact('new@x.example')?.emailBlocked]).toEqual([
			true,
			true,
		]);
		if (extra > 0) expect(sandbox.contact('person1000@crowd.example')?.emailBlocked).toBe(false);
	});

	it('HB-22: an opt-out of the source is not carried when opt-outs are ignored', async () => {
		await upsertIntoBrevo(sandbox.brevo, withOthers(mapped(2, { email: 'new@x.example' }, { optedOut: true })), {
			list: { id: sandbox.list },
			settings: { optOuts: 'ignore' },
		});
		expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(false);
	});

	it.each([false, true])(
		'the address of a blocklisted contact changes without lifting the block (Brevo lifts it anyway: %s)',
		async (lifts) => {
			sandbox.brevo.settings.emailChangeAlwaysLifts = lifts;
			sandbox.brevo.store.createContact(
				{ identifiers: { email: 'old@x.example', ext_id: 'hubspot:1:contact:1' }, emailBlocked: true },
				'seed',
			);
			const report = await upsertIntoBrevo(sandbox.brevo, withOthers(mapped(1, { email: 'new@x.example' })), {
				list: { id: sandbox.list },
			});
			expect(told(report)[0]).toBe(lifts ? 'updated emailBlacklisted:BLOCK_RESTORED' : 'updated');
			expect(sandbox.contact('new@x.example')?.emailBlocked).toBe(true);
			expect(sandbox.contact('old@x.example')).toBeUndefined();
			// Where Brevo cannot be kept from lifting the block, it is back within the same write.
			if (lifts) sandbox.brevo.store.clearLogs();
		},
	);

	it('promise 3: a contact is synced also where Brevo does not show the external id', async () => {
		sandbox.brevo.settings.extIdReadAs = 'none';
		const batch = withOthers(mapped(1, { email: 'new@x.example', attributes: { CITY: 'Bonn' } }));
		const first = await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } });
		expect([...new Set(told(first))]).toEqual(['created ext_id:VALUE_DROPPED']);
		expect(first.failure).toBeUndefined();
		expect(sandbox.contact('new@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
		const again = await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } });
		expect([...new Set(told(again))]).toEqual(['unchanged ext_id:VALUE_DROPPED']);
		expect(sandbox.brevo.store.contacts.size).toBe(batch.length);
	});

	it('a phone that another contact has is left out with a warning', async () => {
		sandbox.brevo.store.createContact({ identifiers: { email: 'office@x.example', SMS: '4930123456' } }, 'seed');
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'new@x.example', phone: '+4930123456', attributes: { CITY: 'Bonn' } })),
			{ list: { id: sandbox.list } },
		);
		expect(told(report)[0]).toBe('created SMS:PHONE_SHARED');
		expect(sandbox.contact('new@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
		expect(sandbox.contact('office@x.example')?.identifiers.SMS).toBe('4930123456');
	});

	it('another identifier that another contact has is left out with a warning', async () => {
		sandbox.brevo.store.createContact({ identifiers: { email: 'office@x.example', WHATSAPP: '4930123456' } }, 'seed');
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'new@x.example', attributes: { CITY: 'Bonn', WHATSAPP: '+4930123456' } })),
			{ list: { id: sandbox.list } },
		);
		expect(told(report)[0]).toBe('created WHATSAPP:PHONE_SHARED');
		expect(sandbox.contact('new@x.example')).toMatchObject({ attributes: { CITY: 'Bonn' } });
	});

	it('a value of the wrong type, which Brevo drops without a word, ends as a warning', async () => {
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(
				mapped(1, {
					email: 'new@x.example',
					attributes: { CITY: 'Bonn', ANNUAL_REVENUE: 'a lot', BIRTHDAY: '24/12/1970' },
				}),
			),
			{ list: { id: sandbox.list } },
		);
		expect(told(report)[0]).toBe('created ANNUAL_REVENUE:VALUE_DROPPED BIRTHDAY:VALUE_DROPPED');
	});

	it('a value is cleared where the contact says null', async () => {
		sandbox.brevo.store.createContact(
			{ identifiers: { email: 'known@x.example' }, attributes: { CITY: 'Paris', NOTES: 'Old' } },
			'seed',
		);
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'known@x.example', attributes: { CITY: null, FIRSTNAME: 'Ada' } })),
			{ list: { id: sandbox.list } },
		);
		expect(told(report)[0]).toBe('updated');
		expect(sandbox.contact('known@x.example')?.attributes).toEqual({ NOTES: 'Old', FIRSTNAME: 'Ada' });
	});

	it('a malformed e-mail ends with the message of Brevo while the others go on', async () => {
		const report = await upsertIntoBrevo(
			sandbox.brevo,
			withOthers(mapped(1, { email: 'no at sign' }), mapped(2, { email: 'fine@x.example' })),
			{ list: { id: sandbox.list } },
		);
		expect(told(report).slice(0, 2)).toEqual(['failed DESTINATION_REFUSED', 'created']);
		expect(report.results[0]?.outcome.message).toContain('Invalid email address');
		expect(report.failure).toBeUndefined();
	});

	it('emoji, right-to-left text, quotes, angle brackets and 5,000 characters arrive as they are', async () => {
		const attributes = { FIRSTNAME: 'Zoë 👩‍👩‍👧 "Z" <b>', LASTNAME: 'شيرين', NOTES: 'x'.repeat(5_000) };
		await upsertIntoBrevo(sandbox.brevo, withOthers(mapped(1, { email: 'fine@x.example', attributes })), {
			list: { id: sandbox.list },
		});
		expect(sandbox.contact('fine@x.example')?.attributes).toEqual(attributes);
	});

	it('contacts with a phone only are created, found again and left alone', async () => {
		const account = newAccount();
		const batch = withOthers(mapped(1, { phone: '+491701234567', attributes: { CITY: 'Bonn' } }));
		expect(told(await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list }, account }))[0]).toBe(
			'created',
		);
		expect(told(await upsertIntoBrevo(sandbox.brevo, batch, { list: { id: sandbox.list } }))[0]).toBe('unchanged');
		const moved = withOthers(mapped(1, { phone: '+491701234567', attributes: { CITY: 'Rom' } }));
		expect(told(await upsertIntoBrevo(sandbox.brevo, moved, { list: { id: sandbox.list } }))[0]).toBe('updated');
	});
});
