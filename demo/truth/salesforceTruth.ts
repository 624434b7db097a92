import type { Field, Row, Value } from '../../sandbox/salesforce/schema/fields';
import type { Sandbox } from '../../sandbox/startSandbox';
import { DemoError } from '../demoError';
import { type FormerMember, salesforceKey } from './expected';
import type { SourceTruth } from './sourceTruth';

export type SalesforceObject = 'Contact' | 'Lead';

/** All contacts of the organisation, or all leads that are not converted. */
export function salesforceTruth({ salesforce }: Pick<Sandbox, 'salesforce'>, object: SalesforceObject): SourceTruth {
	const { store } = salesforce;
	const rows = () => [...store.table(object).rows.values()];
	const { fields } = store.schema.must(object);
	/** A field of the object, or of the record that one of its fields names: `Account.Name`. */
	const fieldAt = (path: string): { field: Field | undefined; of: (row: Row) => Row | undefined } => {
		const [first = '', second] = path.split('.');
		if (second === undefined) return { field: fields.get(first.toLowerCase()), of: (row) => row };
		const link = [...fields.values()].find(({ relationshipName }) => relationshipName === first);
		if (link?.referenceTo === undefined) return { field: undefined, of: () => undefined };
		const other = store.schema.must(link.referenceTo);
		return { field: other.fields.get(second.toLowerCase()), of: (row) => store.lookup(other.name, row[link.name]) };
	};
	const textOf = (row: Row, path: string): string => {
		const { field, of } = fieldAt(path);
		const record = of(row);
		if (!field || !record) return '';
		const value = field.compute ? field.compute(record, store) : (record[field.name] ?? null);
		return field.type === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : written(value);
	};
	return {
		size: () => rows().filter(isMember).length,
		keyOf: (id) => salesforceKey(store.organizationId, object, id),
		members: (wanted) => {
			const merged = mergedInto(rows());
			return rows()
				.filter(isMember)
				.map((row) => ({
					id: String(row['Id']),
					properties: Object.fromEntries(wanted.map((name) => [name, textOf(row, name)])),
					optedOut: row['HasOptedOutOfEmail'] === true,
					mergedIds: merged.get(row['Id']) ?? [],
					changedAt: Number(row['SystemModstamp']),
				}));
		},
		former: () =>
			rows()
				.filter((row) => !isMember(row))
				.map((row): FormerMember => ({
					id: String(row['Id']),
					...(typeof row['Email'] === 'string' && { email: row['Email'] }),
					how: row['IsDeleted'] !== true ? 'converted' : row['MasterRecordId'] === null ? 'deleted' : 'merged',
					optedOut: row['HasOptedOutOfEmail'] === true,
				})),
		choicesOf: (name) => {
			const { field } = fieldAt(name);
			if (!field) throw new DemoError(`The template maps a field of ${object} that does not exist: ${name}`);
			return (field.options ?? []).map(({ value }) => ({ value, label: value }));
		},
	};
}

const isMember = (row: Row): boolean => row['IsDeleted'] !== true && row['IsConverted'] !== true;

const written = (value: Value): string => (value === null ? '' : String(value));

function mergedInto(rows: readonly Row[]): ReadonlyMap<Value | undefined, string[]> {
	const losers = new Map<Value | undefined, string[]>();
	for (const row of rows) {
		const master = row['MasterRecordId'];
		if (row['IsDeleted'] === true && typeof master === 'string')
			losers.set(master, [...(losers.get(master) ?? []), String(row['Id'])]);
	}
	return losers;
}
