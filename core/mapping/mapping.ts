import type { Overwrite } from '../contact/contact';
import type { ReasonCode } from '../outcome';
import type { DestinationField, SourceField } from './fields';
import type { MappedTypes } from './typeDrift';

/** One line of a mapping, as data. */
export interface MappingRow {
	/** Name of the destination field. */
	readonly destination: string;
	readonly from:
		| { readonly kind: 'field'; readonly name: string }
		/** Worked out per contact by the caller; the result is a value, not a field name. */
		| { readonly kind: 'expression'; readonly expression: string };
	/** Overrides the setting of the whole mapping. */
	readonly emptyValues?: EmptyValues;
	/** When the value may replace one that the destination holds; always when absent. */
	readonly overwrite?: Overwrite;
	/** The types both fields had when the row was made, where that is known. */
	readonly mappedAs?: MappedTypes;
}

/** What one node of a workflow maps, for checks of a set-up. */
export interface NodeMapping {
	/** Name of the node. */
	readonly node: string;
	readonly rows: readonly MappingRow[];
}

/** SB-23: what an empty source value does: leave the destination alone, or clear the field there. */
export type EmptyValues = 'leave' | 'clear';

export interface MappingSettings {
	readonly emptyValues: EmptyValues;
	/** HB-25: what a phone number that cannot be used does to its contact. */
	readonly unusablePhone: 'excludeContact' | 'leaveOut';
	/** Two-letter ISO code for phone numbers without a country code. */
	readonly defaultCountry?: string;
	/** What a choice becomes in a text field: the label people see, or the source's internal value. */
	readonly choicesAs: 'label' | 'value';
	/**
	 * True: what changes at the destination comes back by another workflow, so that values the source did not change replace nothing
	 * there (IS-03, both directions).
	 */
	readonly bothWays?: boolean;
	/** IANA zone in which an instant becomes a day or a local time; UTC when absent. */
	readonly timeZone?: string;
}

/** A row whose both ends were found. */
export interface PlannedRow {
	readonly destination: DestinationField;
	readonly from: MappingRow['from'];
	/** Absent for an expression: its value has no declared type. */
	readonly sourceField?: SourceField;
	readonly emptyValues: EmptyValues;
	readonly overwrite?: Overwrite;
}

/** A mapping that passed `validateMapping`, ready to be applied to any number of contacts. */
export interface MappingPlan {
	readonly rows: readonly PlannedRow[];
	readonly settings: MappingSettings;
}

/** What became of one value. `absent`: the item does not carry the field at all, which never clears anything. */
export type Conversion<T> =
	| { readonly kind: 'value'; readonly value: T; readonly warning?: ConversionWarning }
	| { readonly kind: 'empty' }
	| { readonly kind: 'absent' }
	| ({ readonly kind: 'unusable' } & ConversionWarning);

export interface ConversionWarning {
	readonly code: ReasonCode;
	/** Completes a sentence that begins with the field's name, and holds no personal data. */
	readonly reason: string;
}
