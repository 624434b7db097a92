import type { SalesforceField, SalesforceObject } from '../types';

/** Fields of related records that are offered, beside those of the object itself. Each is a plain text in Salesforce. */
interface RelatedField {
	/** `Account.Name` */
	readonly path: string;
	/** `Account Name` */
	readonly label: string;
	readonly type: 'string' | 'email' | 'phone' | 'url' | 'picklist';
	/** The reference it goes through. */
	readonly through: SalesforceField;
}

const OFFERED: Readonly<Record<string, ReadonlyArray<readonly [name: string, type: RelatedField['type']]>>> = {
	Account: [
		['Name', 'string'],
		['Website', 'url'],
		['Phone', 'phone'],
		['Industry', 'picklist'],
	],
	Owner: [
		['Name', 'string'],
		['Email', 'email'],
	],
	ReportsTo: [['Name', 'string']],
};

const LABELS: Readonly<Record<string, string>> = { ReportsTo: 'Reports To' };

/** The related fields that this object leads to. */
export function relatedFields({ fields }: SalesforceObject): readonly RelatedField[] {
	return fields.flatMap((through) => {
		const relation = through.relationshipName;
		if (through.type !== 'reference' || relation === undefined || through.custom) return [];
		return (OFFERED[relation] ?? []).map(([name, type]) => ({
			path: `${relation}.${name}`,
			label: `${LABELS[relation] ?? relation} ${name}`,
			type,
			through,
		}));
	});
}

/** The type of a field by its name or path; undefined when the object has no such field. */
export function typeOfPath(object: SalesforceObject, path: string): string | undefined {
	return (
		object.fields.find(({ name }) => name === path)?.type ??
		relatedFields(object).find((related) => related.path === path)?.type
	);
}
