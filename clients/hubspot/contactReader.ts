import pLimit from 'p-limit';
import type { ContactChange } from '../../core/contact/contact';
import type { Result } from '../../core/result';
import { ok } from '../../core/result';
import type { Hit } from './changeSearch';
import type { HubSpotClient } from './hubSpotClient';
import { HUBSPOT_LIMITS } from './limits';
import type { ReadSettings } from './toContactChange';
import { changesSince, propertiesToRead, toContactChange, watchedProperties } from './toContactChange';
import type { HubSpotContact, HubSpotProperty, Member } from './types';

/** Contact reads under way at once. */
const PARALLEL_READS = 3;

export interface ReaderSettings extends Omit<ReadSettings, 'definitions'> {
	/** Definitions of the properties, asked for when something is to be handed on. */
	definitions(): Promise<Result<readonly HubSpotProperty[]>>;
}

export interface Reading {
	readonly changes: readonly ContactChange[];
	/** Last-modified stamp of everything that was read, handed on or not, by record id. */
	readonly stamps: ReadonlyArray<readonly [id: string, at: number]>;
}

const NOTHING: Reading = { changes: [], stamps: [] };

/** Reads contacts as they are now and turns them into what a trigger hands on. Contacts that no longer exist are passed over. */
export class ContactReader {
	private readSettings: ReadSettings | undefined;

	constructor(
		private readonly client: HubSpotClient,
		private readonly settings: ReaderSettings,
	) {}

	/** Contacts that joined the list, in the given order. */
	async added(joined: readonly Member[]): Promise<Result<Reading>> {
		return await this.read(joined, [], (contact, { at }, settings) =>
			toContactChange(contact, { change: 'added', at }, settings),
		);
	}

	/**
	 * Contacts that changed, if a property that is read really did. `sinceOf` tells up to when (ms since 1970) the changes of
	 * a contact were dealt with.
	 */
	async changed(hits: readonly Hit[], sinceOf: (id: string) => number): Promise<Result<Reading>> {
		const watched = watchedProperties(this.settings.fields);
		return await this.read(hits, watched, (contact, { id }, settings) => {
			const details = changesSince(contact, sinceOf(id), settings);
			return details && toContactChange(contact, details, settings);
		});
	}

	private async read<Found extends { readonly id: string }>(
		found: readonly Found[],
		withHistory: readonly string[],
		toChange: (contact: HubSpotContact, found: Found, settings: ReadSettings) => ContactChange | undefined,
	): Promise<Result<Reading>> {
		if (found.length === 0) return ok(NOTHING);
		const settings = await this.completeSettings();
		if (settings.kind !== 'ok') return settings;
		const read = await this.contacts(
			found.map(({ id }) => id),
			withHistory,
		);
		if (read.kind !== 'ok') return read;
		const changes = found.flatMap((one) => {
			const contact = read.value.get(one.id);
			return (contact && toChange(contact, one, settings.value)) ?? [];
		});
		const stamps = [...read.value.values()].flatMap(({ id, changedAt }) =>
			changedAt === undefined ? [] : [[id, changedAt] as const],
		);
		return ok({ changes, stamps });
	}

	private async contacts(
		ids: readonly string[],
		withHistory: readonly string[],
	): Promise<Result<ReadonlyMap<string, HubSpotContact>>> {
		const size = withHistory.length > 0 ? HUBSPOT_LIMITS.batchReadWithHistory : HUBSPOT_LIMITS.batchRead;
		const names = propertiesToRead(this.settings.fields);
		const unique = [...new Set(ids)];
		const atOnce = pLimit(PARALLEL_READS);
		const starts = Array.from({ length: Math.ceil(unique.length / size) }, (_, index) => index * size);
		let failed = false;
		const answers = await Promise.all(
			starts.map((start) =>
				atOnce(async (): Promise<Result<readonly HubSpotContact[]>> => {
					// One part that cannot be read makes the others useless.
					if (failed) return ok([]);
					const answer = await this.client.contacts(unique.slice(start, start + size), names, withHistory);
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
		if (this.readSettings) return ok(this.readSettings);
		const read = await this.settings.definitions();
		if (read.kind !== 'ok') return read;
		const definitions = new Map(read.value.map((definition) => [definition.name, definition]));
		this.readSettings = { ...this.settings, definitions };
		return ok(this.readSettings);
	}
}
