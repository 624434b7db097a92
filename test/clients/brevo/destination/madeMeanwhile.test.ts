import { mapped } from '../../../support/mappedContacts';
import { told } from '../support/brevoSandbox';
import { useSteppedBrevo } from '../support/steppedBrevo';

const stepped = useSteppedBrevo();

const CREATE = /^POST \/contacts$/;
const one = mapped(1, { email: 'a@x.example', attributes: { CITY: 'Bonn' } });

describe('finding 10: a single create changes no contact that is there by now', () => {
	it('that unsubscribed from the list: it is updated and stays off it', async () => {
		stepped.once('before', CREATE, () => {
			stepped.hold('a@x.example');
			stepped.leaveList('a@x.example');
		});
		expect(told(await stepped.run([one]))).toEqual(['updated listIds:LIST_UNSUBSCRIBED']);
		expect(stepped.isOnList('a@x.example')).toBe(false);
		expect(stepped.contact('a@x.example').attributes).toEqual({ CITY: 'Bonn' });
	});

	it('where Brevo names no identifier in its refusal', async () => {
		stepped.once('before', CREATE, () => {
			stepped.hold('a@x.example');
			stepped.leaveList('a@x.example');
		});
		const body = { code: 'duplicate_parameter', message: 'Contact already exist' };
		stepped.brevo.faults.next('POST /contacts', { status: 400, body });
		expect(told(await stepped.run([one]))).toEqual(['updated listIds:LIST_UNSUBSCRIBED']);
		expect(stepped.isOnList('a@x.example')).toBe(false);
	});

	it('that it made itself with a call whose answer got lost, and that unsubscribed since', async () => {
		stepped.brevo.faults.next('POST /contacts', { kind: 'afterWork', status: 502 });
		stepped.once('after', CREATE, () => stepped.leaveList('a@x.example'));
		const report = await stepped.run([one]);
		expect(told(report)).toEqual(['unchanged listIds:LIST_UNSUBSCRIBED']);
		expect(report.failure).toBeUndefined();
		expect(stepped.isOnList('a@x.example')).toBe(false);
	});

	it('that carries its key at another address: it gets the new one', async () => {
		stepped.once('before', CREATE, () => void stepped.hold('other@x.example', { extId: 'hubspot:1:contact:1' }));
		expect(told(await stepped.run([one]))).toEqual(['updated']);
		expect(stepped.brevo.store.contacts.size).toBe(1);
	});

	it('costs no call where nothing is in the way', async () => {
		await stepped.run([one]);
		expect(stepped.counts()).toMatchObject({ 'POST /contacts': 1 });
		expect(stepped.brevo.requests.statuses()[400]).toBeUndefined();
	});
});
