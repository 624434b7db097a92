import type { ContactChange } from '../../core/contact/contact';
import { closeNames } from '../../core/mapping/closeNames';
import { isEmpty } from '../../core/mapping/convert/plainValue';
import type { SourceField } from '../../core/mapping/fields';
import { adviceFor } from '../../core/outcome';
import { ownValue } from '../../core/contact/ownValues';
import { readingOf } from '../shared/mapping/namedFields';
import type { Evaluation, Expression, NodeReads } from './expressions';

/** A row that is set wrongly, with the first item that shows it. */
export interface WrongRow {
	readonly message: string;
	readonly itemIndex: number;
}

/** What one row did so far. */
interface RowCount {
	/** Contacts for which it could not be worked out. */
	failed: number;
	firstFailure?: string;
	/** Whether any contact got a value, and whether any got an empty one. */
	gaveValue: boolean;
	gaveEmpty: boolean;
	/** The names it reads that the source does not have and that no contact carried so far. */
	readonly unknown: Set<string>;
}

/**
 * Watches what the computed rows give over a whole run: what fails, or is nothing, for every contact is a wrong setting and no
 * peculiar contact. One contact alone proves that only for a row that holds a text in place of a field.
 */
export class ExpressionReport {
	private readonly rows: ReadonlyMap<Expression, RowCount>;
	private readonly fieldNames: readonly string[];
	/** By node: the names it reads that the source does not have and that no contact carried so far. */
	private readonly unknownBefore: ReadonlyMap<string, Set<string>>;
	/** All contacts, and those that have fields: one that left carries none. */
	private contacts = 0;
	private present = 0;
	private firstItem = 0;

	constructor(
		expressions: readonly Expression[],
		fields: readonly SourceField[],
		private readonly sourceSystem: string,
		before: readonly NodeReads[] = [],
	) {
		this.fieldNames = fields.map(({ name }) => name);
		const known = new Set(this.fieldNames);
		const unknownOf = (reads: readonly string[]): Set<string> => new Set(reads.filter((name) => !known.has(name)));
		this.unknownBefore = new Map(before.map(({ node, reads }) => [node, unknownOf(reads)]));
		this.rows = new Map(
			expressions.map((row) => [
				row,
				{
					failed: 0,
					gaveValue: false,
					gaveEmpty: false,
					unknown: unknownOf(row.reads),
				},
			]),
		);
	}

	saw(contact: ContactChange, { values, failed }: Evaluation, itemIndex: number): void {
		if (this.contacts++ === 0) this.firstItem = itemIndex;
		const leaves = contact.change === 'removed' || contact.change === 'deleted';
		if (!leaves) this.present++;
		for (const unknown of this.unknownBefore.values()) forgetCarried(unknown, contact);
		for (const [{ destination }, count] of this.rows) {
			const failure = failed.get(destination);
			if (failure !== undefined) {
				count.failed++;
				count.firstFailure ??= failure;
			}
			if (leaves) continue;
			forgetCarried(count.unknown, contact);
			const value = ownValue(values, destination);
			if (value === undefined) continue;
			if (isEmptyValue(value)) count.gaveEmpty = true;
			else count.gaveValue = true;
		}
	}

	/** The first row that is certainly wrong. */
	wrongRow(): WrongRow | undefined {
		const message = this.firstMessage(
			({ label, slip }) => slip && `Row '${label}' ${sends(slip.text)}. ${slip.advice}`,
		);
		const wrong = message ?? (this.contacts < 2 ? undefined : (this.alwaysFailing() ?? this.misspelt()));
		return wrong === undefined || this.contacts === 0 ? undefined : { message: wrong, itemIndex: this.firstItem };
	}

	/** What is said under the output of a run that goes on. */
	hints(total: number): readonly string[] {
		if (this.contacts === 0) return [];
		const ofRows = [...this.rows].flatMap(([row, count]) => {
			const { label, slip, destination } = row;
			if (slip) return [`Row '${label}' ${sends(slip.text)}. ${slip.advice}. Until then the row is left out.`];
			if (count.failed > 0) {
				return [
					`The expression of '${destination}' could not be worked out for ${count.failed} of ${total} contacts; their warnings say why. ${adviceFor('IDENTIFIER_NOT_COMPUTED')}`,
				];
			}
			return this.unknownHint(row, count);
		});
		return [...ofRows, ...this.hintsBefore()];
	}

	/** Names that the trigger passed over, because the source does not have them. */
	private hintsBefore(): readonly string[] {
		if (this.present === 0) return [];
		return [...this.unknownBefore].flatMap(([node, unknown]) =>
			[...unknown].map(
				(name) =>
					`Node '${node}' reads the field '${name}', which ${this.sourceSystem} does not have and no contact carries.${this.proposal(name)}`,
			),
		);
	}

	private firstMessage(messageOf: (row: Expression, count: RowCount) => string | undefined): string | undefined {
		for (const [row, count] of this.rows) {
			const message = messageOf(row, count);
			if (message !== undefined) return message;
		}
		return undefined;
	}

	private alwaysFailing(): string | undefined {
		return this.firstMessage(({ destination }, { failed, firstFailure }) =>
			failed === this.contacts && firstFailure !== undefined
				? `The expression of '${destination}' ${firstFailure}`
				: undefined,
		);
	}

	/** A row that gave nothing at all and reads a name that is a slip of a field's. Others may give nothing on purpose. */
	private misspelt(): string | undefined {
		return this.firstMessage((row, count) => {
			const [name] = [...count.unknown].filter((unknown) => this.near(unknown).length > 0);
			return name !== undefined && this.gaveNothing(count) ? this.nothingMessage(row, name) : undefined;
		});
	}

	private unknownHint(row: Expression, count: RowCount): string[] {
		const nothing = this.gaveNothing(count) && this.present > 1;
		const slips = [...count.unknown].filter((name) => nothing || this.near(name).length > 0);
		const [name] = slips;
		if (name !== undefined && nothing) return [`${this.nothingMessage(row, name)}.`];
		if (name !== undefined) {
			return [
				`Row '${row.label}' reads '${name}', which ${this.sourceSystem} does not have and no contact carries.${this.proposal(name)}`,
			];
		}
		return nothing && !count.gaveEmpty
			? [`Row '${row.label}' gives no value for any of the ${this.present} contacts.`]
			: [];
	}

	private nothingMessage({ label }: Expression, name: string): string {
		return `Row '${label}' gives no value for any of the ${this.present} contacts: ${this.sourceSystem} has no field '${name}'.${this.proposal(name)}`;
	}

	private proposal(name: string): string {
		const near = this.near(name);
		const [nearest] = near;
		if (nearest === undefined) return '';
		return ` Did you mean ${near.map((one) => `'${one}'`).join(' or ')}? Then write {{ ${readingOf(nearest)} }}`;
	}

	private readonly near = (name: string): readonly string[] => closeNames(name, this.fieldNames);

	private readonly gaveNothing = ({ gaveValue, failed }: RowCount): boolean =>
		this.present > 0 && !gaveValue && failed === 0;
}

const sends = (text: string): string => `sends the text '${text}' to every contact`;

function forgetCarried(unknown: Set<string>, { fields }: ContactChange): void {
	for (const name of unknown) if (Object.hasOwn(fields, name)) unknown.delete(name);
}

/** Expressions can give objects that throw when they are looked at: they are something. */
function isEmptyValue(value: unknown): boolean {
	try {
		return isEmpty(value);
	} catch {
		return false;
	}
}
