import { isEmptyValue, readCsvValue, readJsonValue } from '../contacts/attributes';
import type { Attribute, AttributeValue, Contact, IdentifierKind } from '../entities';
import { isPhoneKind, normalIdentifier, phoneOnlyEmail } from '../contacts/identifiers';
import type { BrevoSettings } from '../settings';
import type { BrevoStore, ContactChange } from '../store';

/** One row as sent: `email` and `ext_id` beside the attributes in JSON, all of them columns in CSV. */
export interface ImportRow {
	email?: string;
	extId?: string;
	attributes: Record<string, unknown>;
}

export interface ImportOptions {
	kind: 'json' | 'csv';
	listIds: number[];
	updateExisting: boolean;
	emptyClears: boolean;
	emailBlock: boolean;
	smsBlock: boolean;
}

/** The reports a finished import links to. There is none for wrong values, unknown attributes or bad phones. */
export const reportNames = [
	'invalid_emails',
	'duplicate_contact_id',
	'duplicate_ext_id',
	'duplicate_email_id',
	'duplicate_phone_id',
	'duplicate_whatsapp_id',
	'duplicate_landline_number_id',
] as const;
export type ReportName = (typeof reportNames)[number];

const duplicateReport: Readonly<Record<IdentifierKind, ReportName>> = {
	email: 'duplicate_email_id',
	ext_id: 'duplicate_ext_id',
	SMS: 'duplicate_phone_id',
	WHATSAPP: 'duplicate_whatsapp_id',
	LANDLINE_NUMBER: 'duplicate_landline_number_id',
};

/** Which of a row's identifiers counts first; a contact id cannot be sent here. */
const MERGE_ORDER: readonly IdentifierKind[] = ['ext_id', 'email', 'SMS', 'WHATSAPP', 'LANDLINE_NUMBER'];

/** Stores the rows of one import, one after the other. */
export class RowImporter {
	private readonly seenEmails = new Set<string>();

	constructor(
		private readonly store: BrevoStore,
		private readonly settings: BrevoSettings,
		private readonly options: ImportOptions,
	) {}

	/** Stores the row, or returns the report it belongs to; undefined also when the row vanishes without a trace. */
	take(row: ImportRow): ReportName | undefined {
		const identifiers: Partial<Record<IdentifierKind, string>> = {};
		if (row.email !== undefined && row.email !== '') {
			const email = normalIdentifier('email', row.email);
			if (email === undefined) return 'invalid_emails';
			if (this.settings.importDuplicateRows === 'report' && this.seenEmails.has(email)) return 'duplicate_email_id';
			this.seenEmails.add(email);
			identifiers.email = email;
		}
		const extId = this.extIdOf(row);
		if (extId !== undefined && extId !== '') identifiers.ext_id = extId;

		const attributes: Record<string, AttributeValue | null> = {};
		for (const [name, raw] of Object.entries(row.attributes)) {
			if (name === 'EMAIL' || name === 'EXT_ID') continue;
			if (!isPhoneKind(name)) {
				this.readAttribute(name, raw, attributes);
				continue;
			}
			if (isEmptyValue(raw)) continue;
			const phone =
				typeof raw === 'string' || typeof raw === 'number' ? normalIdentifier(name, String(raw)) : undefined;
			if (phone !== undefined) identifiers[name] = phone;
			else {
				this.store.noteDropped(name, 'bad phone');
				if (this.settings.importBadPhone === 'skipRow') return undefined;
			}
		}
		return this.place(identifiers, attributes);
	}

	private place(
		identifiers: Partial<Record<IdentifierKind, string>>,
		attributes: Record<string, AttributeValue | null>,
	): ReportName | undefined {
		const kinds = (Object.keys(duplicateReport) as IdentifierKind[]).filter((kind) => identifiers[kind] !== undefined);
		if (kinds.length === 0) {
			this.store.noteDropped('', 'no identifier');
			return undefined;
		}
		if (this.settings.importClash === 'merge') return this.placeMerging(identifiers, attributes);
		const owners = kinds.map((kind) => ({ kind, contact: this.store.owner(kind, identifiers[kind] as string) }));
		const target = (identifiers.email === undefined ? owners : owners.filter(({ kind }) => kind === 'email')).find(
			({ contact }) => contact !== undefined,
		)?.contact;
		const clash = owners.find(({ contact }) => contact !== undefined && contact !== target);
		if (clash !== undefined) return duplicateReport[clash.kind];

		this.write(target, identifiers, attributes);
		return undefined;
	}

	/** The owner of the identifier that ranks first takes the row; the other contacts that share one with it are swallowed. */
	private placeMerging(
		identifiers: Partial<Record<IdentifierKind, string>>,
		attributes: Record<string, AttributeValue | null>,
	): undefined {
		const owners = MERGE_ORDER.flatMap((kind) => {
			const value = identifiers[kind];
			return (value === undefined ? undefined : this.store.owner(kind, value)) ?? [];
		});
		const [survivor, ...others] = [...new Set(owners)];
		if (survivor !== undefined) for (const other of others) this.store.swallow(survivor, other, 'import');
		this.write(survivor, identifiers, attributes);
	}

	private write(
		target: Contact | undefined,
		identifiers: Partial<Record<IdentifierKind, string>>,
		attributes: Record<string, AttributeValue | null>,
	): void {
		const { listIds, updateExisting, emailBlock, smsBlock } = this.options;
		// An import's flags only ever set a block: false means "leave as it is" (contacts are never resubscribed in bulk).
		const blocks: ContactChange = {
			...(emailBlock ? { emailBlocked: true } : {}),
			...(smsBlock ? { smsBlocked: true } : {}),
			addTo: listIds,
		};
		if (target === undefined) {
			if (identifiers.email === undefined && identifiers.SMS !== undefined) {
				identifiers.email = phoneOnlyEmail(identifiers.SMS);
			}
			this.store.createContact({ ...blocks, identifiers, attributes }, 'import');
		} else {
			this.store.changeContact(target, updateExisting ? { ...blocks, identifiers, attributes } : blocks, 'import');
		}
	}

	private readAttribute(name: string, raw: unknown, attributes: Record<string, AttributeValue | null>): void {
		const attribute = this.store.attribute(name);
		if (attribute === undefined) return this.store.noteDropped(name, 'unknown attribute');
		if (isEmptyValue(raw)) {
			const writable = attribute.category !== 'calculated' && attribute.category !== 'global';
			if (this.options.emptyClears && this.options.updateExisting && writable) attributes[name] = null;
			return;
		}
		if (this.ignores(attribute)) return this.store.noteDropped(name, 'not in imports');
		const read =
			this.options.kind === 'csv'
				? readCsvValue(attribute, String(raw), this.settings)
				: readJsonValue(attribute, raw, this.settings);
		if ('value' in read) attributes[name] = read.value;
		else this.store.noteDropped(name, read.dropped);
	}

	private ignores({ type }: Attribute): boolean {
		const { importBooleans, importDates, importChoices } = this.settings;
		if (type === 'boolean') return importBooleans === 'ignored';
		if (type === 'date') return importDates === 'ignored';
		return type === 'multiple-choice' && importChoices === 'ignored';
	}

	private extIdOf(row: ImportRow): string | undefined {
		const { importExtId } = this.settings;
		const inAttributes = row.attributes.EXT_ID;
		if (importExtId !== 'attribute' && importExtId !== 'none' && row.extId !== undefined) return row.extId;
		if (importExtId === 'field' || importExtId === 'none') return undefined;
		return typeof inAttributes === 'string' ? inAttributes : undefined;
	}
}
