import type { Sandbox } from '../../sandbox/startSandbox';
import type { Expectation, HeldContact } from './expected';

/**
 * Puts some of those who are new to Brevo there as an earlier run would have left them, so that the first sync of the demo
 * meets contacts that are as they should be. Returns how many.
 */
export function actEarlierRun(
	{ brevo }: Pick<Sandbox, 'brevo'>,
	list: { readonly id: string },
	{ contacts }: Expectation,
	before: readonly HeldContact[],
): number {
	const held = new Set(before.flatMap(({ email, phone, extId }) => [email, phone, extId]));
	const fresh = contacts.filter(
		({ key, email, phone, optedOut }) =>
			email !== undefined && !optedOut && ![key, email, phone].some((one) => one !== undefined && held.has(one)),
	);
	const some = fresh.filter((_contact, index) => index % EVERY === 0);
	for (const { key, email, phone, attributes } of some) {
		brevo.store.createContact(
			{
				identifiers: { ext_id: key, ...(email && { email }), ...(phone && { SMS: phone }) },
				attributes: attributes as Parameters<typeof brevo.store.createContact>[0]['attributes'],
				addTo: [Number(list.id)],
			},
			'control',
		);
	}
	return some.length;
}

const EVERY = 8;
