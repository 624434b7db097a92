import { isEmptyValue, readCsvValue, readJsonValue } from './attributes';
import type { AttributeValue, IdentifierKind } from './entities';
import { isPhoneKind, normalIdentifier, phoneOnlyEmail } from './identifiers';
import type { BrevoSettings } from './settings';
import type { BrevoStore, ContactChange } from './store';

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
		const owners = kinds.map((kind) => ({ kind, contact: this.store.owner(kind, identifiers[kind] as string) }));
		const target = (identifiers.email === undefined ? owners : owners.filter(({ kind }) => kind === 'email')).find(
			({ contact }) => contact !== undefined,
		)?.contact;
		const clash = owners.find(({ contact }) => contact !== undefined && contact !== target);
		if (clash !== undefined) return duplicateReport[clash.kind];

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
		return undefined;
	}

	private readAttribute(name: string, raw: unknown, attributes: Record<string, AttributeValue | null>): void {
		const attribute = this.store.attribute(name);
		if (attribute === undefined) return this.store.noteDropped(name, 'unknown attribute');
		if (isEmptyValue(raw)) {
			const writable = attribute.category !== 'calculated' && attribute.category !== 'global';
			if (this.options.emptyClears && this.options.updateExisting && writable) attributes[name] = null;
			return;
		}
		const read =
			this.options.kind === 'csv'
				? readCsvValue(attribute, String(raw), this.settings)
				: readJsonValue(attribute, raw, this.settings);
		if ('value' in read) attributes[name] = read.value;
		else this.store.noteDropped(name, read.dropped);
	}

	private extIdOf(row: ImportRow): string | undefined {
		const { importExtId } = this.settings;
		const inAttributes = row.attributes.EXT_ID;
		if (importExtId !== 'attribute' && importExtId !== 'none' && row.extId !== undefined) return row.extId;
		if (importExtId === 'field' || importExtId === 'none') return undefined;
		return typeof inAttributes === 'string' ? inAttributes : undefined;
	}
}
