import { chunk } from 'lodash';
import type { FieldValue } from '../../../core/contact/contact';
import { ownValue } from '../../../core/contact/ownValues';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { warning } from '../../../core/upsert/contactResult';
import type {
	ContactWrite,
	Destination,
	DestinationNames,
	FittedValues,
	HeldContact,
	Holdings,
	Identifiers,
	RequiredField,
	SentCall,
	WriteCall,
} from '../../../core/upsert/destination';
import type { NewestChanges } from '../../../core/upsert/plan/newestChanges';
import { mayBeTooMuch } from '../api/classify';
import { OPT_OUT_FIELD } from '../api/fields/recordFields';
import type { SalesforceClient } from '../api/salesforceClient';
import type { SalesforceObject } from '../api/types';
import { CONTACT_PREFIX, RecordFinder } from './lookup/findRecords';
import { fitValues } from './values/fitValues';
import type { ConvertedLeads, SeveralMatches } from './lookup/holdings';
import { holdingsOf } from './lookup/holdings';
import { sameSalesforceValue } from './values/sameValue';
import { callsOf, CallSender } from './sendCalls';
import { PersonAccounts } from './lookup/personAccounts';
import type { RecordForm } from './lookup/toHeldRecord';
import { recordForm } from './lookup/toHeldRecord';
import { EMAIL, requiredFields } from './toDestinationFields';

/** What a destination is opened with, once everything was checked. */
export interface SalesforceDestinationParts {
	/** Id of the organisation. */
	readonly organisationId: string;
	readonly object: SalesforceObject;
	/** Names of the fields in use, without Email. */
	readonly fieldNames: readonly string[];
	readonly keyField?: string;
	/** `id` is absent in a dry run whose campaign does not exist yet; the whole is absent without one. */
	readonly campaign?: { readonly id?: string; readonly status?: string };
	readonly severalMatches: SeveralMatches;
	readonly convertedLeads: ConvertedLeads;
	readonly saveDuplicates: boolean;
	/** Calls a dry run left out before it came here: those that create the campaign. */
	readonly callsLeftOut: number;
	readonly newest: NewestChanges;
	/** The object Contact, for the contacts that converted leads became; undefined where the user may not see it. */
	contacts(): Promise<Result<SalesforceObject | undefined>>;
	/** The object Account, for person accounts; undefined where the user may not change accounts. */
	accounts(): Promise<Result<SalesforceObject | undefined>>;
}

/** Contacts or leads of one organisation, with a campaign or without, as the upsert engine sees them. Made for one batch. */
export class SalesforceDestination implements Destination {
	readonly names: DestinationNames;
	readonly newest: NewestChanges;
	readonly listId?: string;
	readonly withoutList: boolean;
	readonly sharesEmails = true;
	readonly withoutPhones = true;
	readonly required: readonly RequiredField[];
	private readonly form: RecordForm;
	private readonly finder: RecordFinder;
	private readonly people: PersonAccounts;
	private readonly sender: CallSender;
	private contactForm: RecordForm | undefined;

	constructor(
		private readonly client: SalesforceClient,
		clock: Clock,
		private readonly parts: SalesforceDestinationParts,
	) {
		const { object, keyField, campaign, fieldNames, saveDuplicates } = parts;
		this.names = {
			email: EMAIL,
			phone: 'Phone',
			...(keyField === undefined ? {} : { sourceKey: keyField }),
			list: 'Campaign',
			optedOut: OPT_OUT_FIELD,
		};
		this.newest = parts.newest;
		this.listId = campaign?.id;
		this.withoutList = campaign === undefined;
		this.required = requiredFields(object).map(({ name, label }) => ({ name, label }));
		this.form = recordForm(object, fieldNames, keyField);
		this.people = new PersonAccounts(async () => await parts.accounts());
		this.finder = new RecordFinder(client, {
			people: this.people,
			form: this.form,
			contactForm: async () => await this.readContactForm(),
			organisationId: parts.organisationId,
			campaignId: campaign?.id,
		});
		this.sender = new CallSender({
			writer: client.writer({ saveDuplicates }),
			finder: this.finder,
			people: this.people,
			clock,
			form: this.form,
			contactForm: () => this.contactForm,
			...(campaign?.id === undefined ? {} : { campaign: { id: campaign.id, status: campaign.status } }),
		});
	}

	fit(attributes: Readonly<Record<string, FieldValue>>, held: HeldContact | undefined): FittedValues {
		const fitted = fitValues(this.formOf(held).object, attributes, held?.attributes);
		if (!held || !this.people.accountOf(held.id)) return fitted;
		const lacking = Object.keys(fitted.attributes).filter((name) => !this.people.fieldFor(name));
		const differing = lacking.filter(
			(name) => !this.sameValue(name, ownValue(held.attributes, name), fitted.attributes[name] ?? null),
		);
		return {
			attributes: Object.fromEntries(Object.entries(fitted.attributes).filter(([name]) => !lacking.includes(name))),
			warnings: [...fitted.warnings, ...differing.map((name) => warning(name, 'VALUE_REFUSED'))],
		};
	}

	whyNotDeleted(held: HeldContact): string | undefined {
		if (this.people.accountOf(held.id))
			return 'The record is a person account, with which all that hangs on the account would go';
		const isBehind = this.form.object.name !== 'Contact' && held.id.startsWith(CONTACT_PREFIX);
		return isBehind ? 'The record is a lead that was converted, and its contact is kept' : undefined;
	}

	sameValue(attribute: string, held: FieldValue | undefined, wanted: FieldValue): boolean {
		const field = this.form.object.fields.find(({ name }) => name === attribute);
		return sameSalesforceValue(field, held, wanted);
	}

	async read(wanted: readonly Identifiers[]): Promise<Result<Holdings>> {
		const found = await this.finder.find(wanted);
		if (found.kind !== 'ok') return found;
		const { severalMatches, convertedLeads } = this.parts;
		const keepsNoKey = (held: HeldContact): boolean => this.keepsNoKey(held);
		return ok(holdingsOf(found.value, wanted, { severalMatches, convertedLeads, keepsNoKey }));
	}

	/**
	 * One after the other, by object and account: writes that meet at an account lock each other out (S11). New records come after changes,
	 * so that the opt-outs of known ones are through where the organisation takes no more records.
	 */
	arrange(writes: readonly ContactWrite[]): readonly WriteCall[] {
		const creates = writes.filter(({ kind }) => kind === 'create');
		const deletes = writes.filter(({ kind }) => kind === 'delete');
		const others = writes.filter(({ kind }) => kind !== 'create' && kind !== 'delete');
		const placeOf = ({ held }: ContactWrite): string => {
			const id = held?.id ?? '';
			const object = this.people.accountOf(id) ? 'account' : id.slice(0, CONTACT_PREFIX.length);
			return `${object} ${this.finder.accountIds.get(id) ?? ''}`;
		};
		const sorted = others
			.map((write) => ({ write, place: placeOf(write) }))
			.sort((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place)))
			.map(({ write }) => write);
		const { size } = this.client.limits.writes;
		return [sorted, creates, deletes].flatMap((all) => chunk(all, size)).map((some) => ({ writes: some, bulk: true }));
	}

	async send(call: WriteCall): Promise<Result<SentCall>> {
		const sent = await this.sender.send(call);
		const failures = sent.kind === 'ok' ? [...(sent.value.refused?.values() ?? [])] : [sent];
		this.client.limits.writes.noteWritten(call.writes.length, failures.find(mayBeTooMuch));
		return sent;
	}

	/** What calls answered needs no looking at, so this is for what they left open. */
	async readBack(writes: readonly ContactWrite[]): Promise<Result<ReadonlyMap<string, HeldContact>>> {
		const ids = new Map(
			writes.flatMap(({ key, held }): Array<[string, string]> => {
				const id = held?.id ?? this.sender.created.get(key);
				return id === undefined ? [] : [[key, id]];
			}),
		);
		const read = await this.finder.readByIds([...ids.values()]);
		if (read.kind !== 'ok') return read;
		return ok(
			new Map(
				[...ids].flatMap(([key, id]): Array<[string, HeldContact]> => {
					const held = read.value.get(id);
					return held ? [[key, held]] : [];
				}),
			),
		);
	}

	callsMade(): number {
		return this.client.callsMade + this.parts.callsLeftOut;
	}

	estimateCalls(writes: readonly ContactWrite[]): number {
		return this.arrange(writes).reduce((calls, call) => calls + callsOf(call), 0);
	}

	/** A contact behind a converted lead has fields of its own. */
	private formOf(held: HeldContact | undefined): RecordForm {
		const isBehind = this.form.object.name !== 'Contact' && held?.id.startsWith(CONTACT_PREFIX) === true;
		return (isBehind ? this.contactForm : undefined) ?? this.form;
	}

	/** The object a record is written on has no field for keys that the user can fill. */
	private keepsNoKey(held: HeldContact): boolean {
		const { keyField } = this.parts;
		if (keyField === undefined) return false;
		return this.people.accountOf(held.id) ? !this.people.fieldFor(keyField) : !this.formOf(held).keyField;
	}

	private async readContactForm(): Promise<Result<RecordForm | undefined>> {
		if (this.contactForm) return ok(this.contactForm);
		const contacts = await this.parts.contacts();
		if (contacts.kind !== 'ok') return contacts;
		if (contacts.value) {
			const { fieldNames, keyField } = this.parts;
			this.contactForm = recordForm(contacts.value, fieldNames, keyField);
		}
		return ok(this.contactForm);
	}
}
