import { z } from 'zod';
import type { RunningBrevo } from '../brevo';
import type { RunningHubSpot } from '../hubspot';

const id = z.string().regex(/^\d+$/, 'pick a person first');
const text = z.string().trim().max(500);

/** What the page can let happen. Ids are those of HubSpot, apart from `contact`, which is Brevo's. */
const request = z.discriminatedUnion('action', [
	z.object({ action: z.literal('add'), list: id }),
	z.object({ action: z.literal('change'), person: id, field: text, value: text }),
	z.object({ action: z.literal('pageView'), person: id }),
	z.object({ action: z.literal('optOut'), person: id }),
	z.object({ action: z.literal('optOutAndLeave'), person: id, list: id }),
	z.object({ action: z.literal('leave'), person: id, list: id }),
	z.object({ action: z.literal('delete'), person: id }),
	z.object({ action: z.literal('merge'), person: id, other: id }),
	z.object({ action: z.literal('swap'), person: id, other: id }),
	z.object({ action: z.literal('moveTen'), list: id }),
	z.object({ action: z.literal('unsubscribe'), contact: id }),
	z.object({ action: z.literal('unblock'), contact: id }),
	z.object({ action: z.literal('create') }),
]);

const BULK = 10;
let counter = 0;

/** Lets one thing happen, as a person would in HubSpot or Brevo, at one instant. Throws an error with a message for people. */
export function act({ store }: RunningHubSpot, brevo: RunningBrevo, body: unknown): void {
	const parsed = request.safeParse(body);
	if (!parsed.success) throw new Error(parsed.error.issues[0]?.message ?? 'Not possible');
	const wanted = parsed.data;
	const unique = `${Date.now().toString(36)}${(counter += 1)}`;
	switch (wanted.action) {
		case 'add': {
			const properties = { email: `visitor.${unique}@example.com`, firstname: 'Visitor', lastname: `No. ${counter}` };
			store.addContact({ ...properties, lifecyclestage: 'lead' }, [wanted.list]);
			return;
		}
		case 'change':
			return store.changeContact(wanted.person, { [wanted.field]: wanted.value });
		case 'pageView':
			return store.pageView(wanted.person);
		case 'optOut':
			return store.optOut(wanted.person);
		case 'optOutAndLeave':
			store.optOut(wanted.person);
			return store.removeFromList(wanted.list, [wanted.person]);
		case 'leave':
			return store.removeFromList(wanted.list, [wanted.person]);
		case 'delete':
			return store.archive(wanted.person);
		case 'merge':
			store.merge(wanted.person, wanted.other);
			return;
		case 'swap': {
			const [one = '', other = ''] = [wanted.person, wanted.other].map((who) => store.contact(who).properties['email']);
			if (one === other) throw new Error('Pick two people with different addresses');
			store.changeContact(wanted.person, { email: `swap.${unique}@example.com` });
			store.changeContact(wanted.other, { email: one });
			return store.changeContact(wanted.person, { email: other });
		}
		case 'moveTen': {
			const newest = store.list(wanted.list).members.page('join', undefined, BULK, true).members;
			newest.forEach((member, index) =>
				store.changeContact(member.id, { email: `moved.${unique}.${index}@example.org` }),
			);
			return;
		}
		case 'create': {
			const identifiers = { email: `only.in.brevo.${unique}@example.net` };
			brevo.store.createContact({ identifiers, attributes: { FIRSTNAME: 'Only', LASTNAME: 'in Brevo' } }, 'control');
			return;
		}
		default: {
			const contact = brevo.store.contacts.get(Number(wanted.contact));
			if (contact === undefined) throw new Error('Brevo has no such contact');
			brevo.store.changeContact(contact, { emailBlocked: wanted.action === 'unsubscribe' }, 'control');
		}
	}
}
