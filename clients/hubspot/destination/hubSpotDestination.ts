import type { FieldValue } from '../../../core/contact/contact';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type {
	BatchOrigin,
	ContactWrite,
	Destination,
	DestinationNames,
	HeldContact,
	Holdings,
	Identifiers,
	SentCall,
	WriteCall,
} from '../../../core/upsert/destination';
import { indexContacts } from '../../../core/upsert/destination';
import type { NewestChanges } from '../../../core/upsert/plan/newestChanges';
import type { HubSpotWriter, LegalBasis } from '../api/hubSpotWriter';
import { EMAIL_PROPERTY, OPT_OUT_PROPERTY } from '../api/propertyNames';
import type { HubSpotProperty } from '../api/types';
import type { HubSpotCall } from './arrangeWrites';
import { arrangeHubSpotWrites, estimateHubSpotCalls, estimateOptOuts } from './arrangeWrites';
import type { LookUp } from './lookUpContacts';
import { HubSpotMarketingContacts } from './marketingContacts';
import { lookUpContacts, readContacts } from './lookUpContacts';
import { sameHubSpotValue } from './propertyValues';
import { optOutAddresses, sendHubSpotCall } from './sendCalls';

export interface HubSpotDestinationOptions extends Omit<LookUp, 'propertyNames'> {
	readonly writer: HubSpotWriter;
	/** The properties that the batch writes, by name. */
	readonly properties: ReadonlyMap<string, HubSpotProperty>;
	/** True: contacts are put on no list. Without it an absent `listId` is a list that a dry run did not create. */
	readonly withoutList: boolean;
	/** What becomes of new contacts where a segment decides. */
	readonly newOutsideSegment?: Destination['newOutsideSegment'];
	readonly legalBasis?: LegalBasis;
	/** True: opt-outs of addresses that no contact has are left to HubSpot's own import of opt-outs. */
	readonly optOutsImported?: boolean;
	/** Present where contacts that may be mailed are set as marketing contacts, which HubSpot bills. */
	readonly marketingClock?: Clock;
	readonly callsPerSecond?: number;
	/** Calls a dry run left out before it came here. */
	readonly callsLeftOut?: number;
}

/** HubSpot's contacts, and one static list of them, as the upsert engine sees them. Use it only within `exclusively(account)`. */
export class HubSpotDestination implements Destination {
	readonly names: DestinationNames;
	readonly listId?: string;
	readonly withoutList: boolean;
	readonly withoutPhones = true;
	readonly newOutsideSegment?: Destination['newOutsideSegment'];
	readonly newest: NewestChanges;
	readonly addressOptOuts: NonNullable<Destination['addressOptOuts']>;
	readonly marketing?: HubSpotMarketingContacts;
	readonly callsPerSecond?: number;
	private readonly look: LookUp;
	private readonly learned = {};

	constructor(private readonly options: HubSpotDestinationOptions) {
		const { listId, keyProperty, newOutsideSegment } = options;
		this.names = {
			email: EMAIL_PROPERTY,
			phone: 'phone',
			...(keyProperty === undefined ? {} : { sourceKey: keyProperty }),
			list: 'listIds',
			optedOut: OPT_OUT_PROPERTY,
		};
		this.listId = listId;
		this.withoutList = options.withoutList;
		this.newOutsideSegment = newOutsideSegment;
		this.newest = options.memory.newest;
		this.look = { ...options, propertyNames: [...options.properties.keys()] };
		const { client, writer, memory, optOutsImported = false, callsPerSecond, marketingClock: clock } = options;
		this.addressOptOuts = {
			imported: optOutsImported,
			isDone: (email) => memory.justOptedOut(email),
			send: async (emails) => await optOutAddresses(emails, { ...options, learned: this.learned }),
		};
		if (clock) this.marketing = new HubSpotMarketingContacts({ client, writer, memory, clock });
		if (callsPerSecond !== undefined) this.callsPerSecond = callsPerSecond;
	}

	sameValue(name: string, held: FieldValue | undefined, wanted: FieldValue): boolean {
		return sameHubSpotValue(this.options.properties.get(name), held, wanted);
	}

	async read(wanted: readonly Identifiers[], origin?: BatchOrigin): Promise<Result<Holdings>> {
		const held = await lookUpContacts(wanted, this.look, origin);
		return held.kind === 'ok' ? ok(indexContacts(held.value)) : held;
	}

	arrange(writes: readonly ContactWrite[], singly: boolean): readonly HubSpotCall[] {
		const { client, memory } = this.options;
		return arrangeHubSpotWrites(writes, singly, {
			batchOptOuts: !memory.refusesBatchOptOuts,
			values: client.limits.writes.size,
			members: client.limits.memberWrites.size,
		});
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		const { step } = call as HubSpotCall;
		const sent = await sendHubSpotCall(call as HubSpotCall, { ...this.options, ...this.look, learned: this.learned });
		const { writes, memberWrites } = this.options.client.limits;
		const sizes = { create: writes, update: writes, join: memberWrites, leave: memberWrites, optOut: undefined }[step];
		sizes?.noteWritten(call.writes.length, sent.kind === 'ok' ? undefined : sent);
		return sent;
	}

	/** Looks at what was written in more than one step, or was not named in the answer. */
	async readBack(writes: readonly ContactWrite[]): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		const known = await readContacts(
			writes.flatMap(({ held }) => (held ? [held.id] : [])),
			this.look,
		);
		if (known.kind !== 'ok') return known;
		const fresh = writes.filter(({ held }) => !held);
		const created = await lookUpContacts(fresh.map(identifiersOf), this.look);
		if (created.kind !== 'ok') return created;
		const byId = new Map([...known.value, ...created.value].map((held) => [held.id, held]));
		const holdings = indexContacts(byId.values());
		return ok(
			new Map(
				writes.flatMap((write): Array<[string, HeldContact]> => {
					const { key, held, email } = write;
					const found = held ? byId.get(held.id) : email === undefined ? undefined : holdings.byEmail(email);
					return found ? [[key, found]] : [];
				}),
			),
		);
	}

	callsMade(): number {
		const { client, writer, callsLeftOut = 0 } = this.options;
		return client.sent + writer.sent + callsLeftOut;
	}

	estimateCalls(writes: readonly ContactWrite[]): number {
		// Whether many opt-outs may go at once shows with the first call; the dry run counts the dearer way.
		return estimateHubSpotCalls(writes, { batchOptOuts: false }, this.listId !== undefined);
	}

	estimateOptOuts(writes: readonly ContactWrite[]): number {
		return estimateOptOuts(writes);
	}
}

const identifiersOf = ({ key, email }: ContactWrite): Identifiers => ({
	key,
	otherKeys: [],
	emails: email === undefined ? [] : [email],
	otherEmails: [],
});
