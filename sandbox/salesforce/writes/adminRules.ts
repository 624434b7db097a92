import type { Row, Value } from '../schema/fields';

/** A duplicate rule with its matching rule. */
export interface DuplicateRule {
	readonly name: string;
	/** The object that is written. */
	readonly object: string;
	/** Objects whose records are looked through: leads may be compared with contacts too. */
	readonly against: readonly string[];
	/** `alert` lets a write with `allowSave` pass, `block` none (S1). */
	readonly action: 'alert' | 'block';
	/** The same e-mail, or a similar name at a similar company (S3). */
	readonly match: 'email' | 'nameAndCompany';
	/** Whether updates are checked as well as creates. */
	readonly onUpdate: boolean;
	/** The administrator's text. */
	readonly message: string;
}

/** A validation rule: refuses records for which the condition holds, with the administrator's text (S26). */
export interface ValidationRule {
	readonly object: string;
	readonly field: string;
	readonly condition: 'blank' | 'equals' | 'differs';
	readonly value?: string | undefined;
	readonly message: string;
	/** Whether the error stands at the field or at the top of the page. */
	readonly atField: boolean;
}

/** Code of the organisation that takes a whole batch back when a record in it has a value (S16). */
export interface BatchBreaker {
	readonly object: string;
	readonly field: string;
	readonly value: string;
	readonly message: string;
}

/** Values that a flow sets with every save of a record. */
export interface FieldUpdate {
	readonly object: string;
	readonly values: Row;
}

/** What a record type allows. The record itself is a row of RecordType. */
export interface RecordTypeRules {
	/** Whether the API user may give it to records. */
	readonly available: boolean;
	readonly isDefault: boolean;
	/** Values of picklists that are not the whole list. */
	readonly picklists: Readonly<Record<string, readonly string[]>>;
}

/** A failure that the next matching rows of writes meet. */
export interface RowFault {
	readonly object: string;
	/** Value of the field named by `field` that a row must have; absent: any row. */
	readonly field?: string;
	readonly value?: string;
	readonly statusCode: string;
	readonly message: string;
	readonly fields: readonly string[];
	left: number;
}

/** What administrators and code of the organisation have laid down for writes. */
export class AdminRules {
	readonly duplicates: DuplicateRule[] = [];
	readonly validations: ValidationRule[] = [];
	readonly breakers: BatchBreaker[] = [];
	readonly fieldUpdates: FieldUpdate[] = [];
	readonly faults: RowFault[] = [];
	readonly recordTypes = new Map<string, RecordTypeRules>();

	/** The planned failure that a row meets now, which is used up by it. */
	takeFault(object: string, row: Row): RowFault | undefined {
		const fault = this.faults.find(
			(one) =>
				one.object === object && one.left > 0 && (one.field === undefined || hasValue(row, one.field, one.value)),
		);
		if (fault !== undefined) fault.left -= 1;
		return fault;
	}

	brokenBy(object: string, row: Row): BatchBreaker | undefined {
		return this.breakers.find((one) => one.object === object && hasValue(row, one.field, one.value));
	}
}

/** Compares as formulas of the organisation do here: as text, without regard to case. */
export function hasValue(row: Row, field: string, value: Value | undefined): boolean {
	return String(row[field] ?? '').toLowerCase() === String(value ?? '').toLowerCase();
}
