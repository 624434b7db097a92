import type { RunningBrevo } from '../../brevo';
import { nameOf, type News, type NewsDesk } from './news';

/** What was written to Brevo. */
export class BrevoNews implements NewsDesk {
	private writesRead = 0;

	constructor(private readonly brevo: RunningBrevo) {}

	look(): News[] {
		const { writes, contacts, lists } = this.brevo.store;
		if (writes.length < this.writesRead) this.writesRead = 0;
		const unread = writes.slice(this.writesRead);
		this.writesRead = writes.length;
		return unread.map(({ contactId, kind, changedFields, via }) => {
			const contact = contacts.get(contactId);
			const { FIRSTNAME: firstname, LASTNAME: lastname } = contact?.attributes ?? {};
			const fields = changedFields.map((field) => {
				if (field === 'emailBlacklisted') return contact?.emailBlocked ? 'blocked' : 'un-blocked';
				const [, sign, id] = /^([+-])list:(\d+)$/.exec(field) ?? [];
				if (sign === undefined) return field;
				const name = lists.get(Number(id))?.name ?? `list ${id ?? ''}`;
				return sign === '+' ? `put on “${name}”` : `taken off “${name}”`;
			});
			return {
				who: nameOf(firstname, lastname, contact?.identifiers.email, contactId),
				what: `${via === 'control' ? `${kind} by hand` : kind}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`,
			};
		});
	}
}
