import type { Clock } from '../../../../core/ports';
import type { Failure, Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { BrevoClient } from '../../api/brevoClient';
import { forgetListNamed, listByName } from '../listByName';

/** Its name says in Brevo what it is for. */
export const TECHNICAL_LIST = 'Contact Sync (technical, never send to it)';

/** Calls it takes to find out that there is none, and to create it: lists, folders, the list, and lists once more. */
export const CALLS_TO_CREATE = 4;

/**
 * The list that imports of known contacts name. An import always puts its contacts on a list
 * (https://developers.brevo.com/reference/importcontacts-1), so with the list that is synced it would put those back that
 * unsubscribed from it between reading and the end of the import. Nothing is ever sent to this one, and being on it says
 * nothing. Made once in an account, and found again by its name.
 */
export class TechnicalList {
	/** Undefined while it is not known; null: the account refuses to have it. */
	private id: number | null | undefined;
	private seenAfterRefusal = false;

	get isKnown(): boolean {
		return this.id !== undefined;
	}

	/** Its id; undefined where it cannot be created, so that contacts have to be written one by one. */
	async get(client: BrevoClient, account: string, clock: Clock): Promise<Result<number | undefined>> {
		if (this.id === undefined) {
			const found = await listByName(client, account, { name: TECHNICAL_LIST, create: true }, clock);
			if (found.kind !== 'ok' && !isAboutTheList(found)) return found;
			this.id = found.kind === 'ok' ? (found.value ?? null) : null;
		}
		return ok(this.id ?? undefined);
	}

	/** After a refused import: the list made anew where it was deleted in Brevo; undefined where the refusal is about something else. */
	async again(client: BrevoClient, account: string, clock: Clock): Promise<Result<number | undefined>> {
		const { id } = this;
		if (id === undefined || id === null || this.seenAfterRefusal) return ok(undefined);
		const list = await client.getList(id);
		if (list.kind === 'ok') this.seenAfterRefusal = true;
		if (list.kind !== 'refused') return list.kind === 'ok' ? ok(undefined) : list;
		this.id = undefined;
		forgetListNamed(account, TECHNICAL_LIST);
		return await this.get(client, account, clock);
	}
}

/** The key may not create it, or the account has no room for it; an account that is down is another matter. */
const isAboutTheList = ({ kind, code }: Failure): boolean =>
	kind === 'refused' || code === 'SETTING_INVALID' || code === 'ACCOUNT_RESTRICTED';
