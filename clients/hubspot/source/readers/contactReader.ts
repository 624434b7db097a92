import { atOnce } from '../../../../core/calls/atOnce';
import type { Result } from '../../../../core/result';
import { ok } from '../../../../core/result';
import type { HubSpotClient } from '../../api/hubSpotClient';
import { HUBSPOT_LIMITS } from '../../api/limits';
import { hidesOptOuts } from '../../api/propertyNames';
import { OPT_OUTS_HIDDEN } from '../requireProperties';
import type { ReadSettings } from '../toContactChange';
import { historyToRead, propertiesToRead } from '../toContactChange';
import type { HubSpotContact, HubSpotProperty } from '../../api/types';

/** Contact reads under way at once. */
const PARALLEL_READS = 3;

export interface ReaderSettings extends Omit<ReadSettings, 'definitions'> {
	/** Definitions of the properties, read when a contact is to be emitted. */
	definitions(): Promise<Result<readonly HubSpotProperty[]>>;
	/** True: no destination takes opt-outs, so that contacts which do not say whether they opted out are none the worse. */
	readonly ignoresOptOuts?: boolean;
}

export interface ContactsRead {
	/** By record id; contacts that do not exist are absent. */
	readonly found: ReadonlyMap<string, HubSpotContact>;
	/** Contacts that HubSpot answered under other ids than those of the call: the survivors of merged ones. */
	readonly survivors: ReadonlyMap<string, HubSpotContact>;
	/** Last-modified stamp of everything that was found, by record id. */
	readonly stamps: ReadonlyArray<readonly [id: string, at: number]>;
	/** What turns them into changes. */
	readonly settings: ReadSettings;
}

/** Reads contacts as they are now, with the properties every change needs. */
export class ContactReader {
	private definitions: ReadSettings['definitions'] | undefined;

	constructor(
		private readonly client: HubSpotClient,
		private readonly settings: ReaderSettings,
	) {}

	/**
	 * `plain`: values. `history`: values and earlier values of the properties that are watched, at twice the calls.
	 * `archived`: values of contacts in the recycle bin, and of no others.
	 */
	async read(ids: readonly string[], how: 'plain' | 'history' | 'archived'): Promise<Result<ContactsRead>> {
		if (ids.length === 0) {
			return ok({
				found: new Map(),
				survivors: new Map(),
				stamps: [],
				settings: { ...this.settings, definitions: new Map() },
			});
		}
		const settings = await this.completeSettings();
		if (settings.kind !== 'ok') return settings;
		const found = await this.contacts([...new Set(ids)], how, settings.value);
		if (found.kind !== 'ok') return found;
		const contacts = [...found.value.values()];
		if (how !== 'archived' && this.settings.ignoresOptOuts !== true && hidesOptOuts(contacts)) return OPT_OUTS_HIDDEN;
		const asked = new Set(ids);
		const stamps = contacts
			.filter(({ id }) => asked.has(id))
			.flatMap(({ id, changedAt }) => (changedAt === undefined ? [] : [[id, changedAt] as const]));
		return ok({
			found: new Map(contacts.filter(({ id }) => asked.has(id)).map((contact) => [contact.id, contact])),
			survivors: new Map(contacts.filter(({ id }) => !asked.has(id)).map((contact) => [contact.id, contact])),
			stamps,
			settings: settings.value,
		});
	}

	/** Id of the contact that a record was merged into, which reading the old id leads to; one call. */
	async survivorOf(id: string): Promise<Result<string | undefined>> {
		const read = await this.client.contactId(id);
		return read.kind === 'ok' ? ok(read.value === id ? undefined : read.value) : read;
	}

	private async contacts(
		ids: readonly string[],
		how: 'plain' | 'history' | 'archived',
		settings: ReadSettings,
	): Promise<Result<ReadonlyMap<string, HubSpotContact>>> {
		const size = how === 'history' ? HUBSPOT_LIMITS.batchReadWithHistory : HUBSPOT_LIMITS.batchRead;
		const names = propertiesToRead(settings);
		const options = {
			withHistory: how === 'history' ? historyToRead(this.settings.fields) : [],
			archived: how === 'archived',
		};
		const reading = atOnce(PARALLEL_READS);
		const starts = Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => index * size);
		let failed = false;
		const answers = await Promise.all(
			starts.map((start) =>
				reading(async (): Promise<Result<readonly HubSpotContact[]>> => {
					// One part that cannot be read makes the others useless.
					if (failed) return ok([]);
					const answer = await this.client.contacts(ids.slice(start, start + size), names, options);
					failed ||= answer.kind !== 'ok';
					return answer;
				}),
			),
		);
		const contacts = new Map<string, HubSpotContact>();
		for (const answer of answers) {
			if (answer.kind !== 'ok') return answer;
			for (const contact of answer.value) contacts.set(contact.id, contact);
		}
		return ok(contacts);
	}

	private async completeSettings(): Promise<Result<ReadSettings>> {
		if (!this.definitions) {
			const read = await this.settings.definitions();
			if (read.kind !== 'ok') return read;
			this.definitions = new Map(read.value.map((definition) => [definition.name, definition]));
		}
		return ok({ ...this.settings, definitions: this.definitions });
	}
}
