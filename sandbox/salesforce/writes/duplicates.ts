import { RecordError } from '../errors';
import { isLive } from '../records/lifecycle';
import type { SalesforceStore } from '../records/store';
import type { Row, Value } from '../schema/fields';
import type { SObject } from '../schema/objects';
import type { DuplicateRule } from './adminRules';

/** Text of a rule for which the administrator gave none. */
export const DUPLICATE_TEXTS = {
	alert: 'Use one of these records?',
	block: "You're creating a duplicate record. We recommend you use an existing record instead.",
} as const;

/**
 * Lets the duplicate rules of the organisation judge a record that is about to be stored. `allowSave` passes rules that alert,
 * never those that block (S1). `existing` is the record before an update.
 */
export function checkDuplicates(
	store: SalesforceStore,
	object: SObject,
	row: Row,
	existing: Row | undefined,
	allowSave: boolean,
): void {
	for (const rule of rulesFor(store, object)) {
		if ((existing !== undefined && !rule.onUpdate) || (allowSave && rule.action === 'alert')) continue;
		const twins = rule.against.flatMap((name) => twinsIn(store, name, row, rule).map((twin) => ({ name, twin })));
		const others = twins.filter(({ twin }) => twin['Id'] !== existing?.['Id']);
		if (others.length > 0) throw detected(rule, others, store.settings.duplicateResultKey);
	}
}

/** The standard rule on e-mail, as the setting has it, then those that were made. */
function rulesFor({ settings, rules }: SalesforceStore, object: SObject): DuplicateRule[] {
	const made = rules.duplicates.filter((rule) => rule.object === object.name);
	const action = settings.duplicateRule;
	if (action === 'off' || (object.name !== 'Contact' && object.name !== 'Lead')) return made;
	const name = `Standard_${object.name}_Duplicate_Rule`;
	return [{ name, object: object.name, against: [object.name], action, match: 'email', onUpdate: false, message: DUPLICATE_TEXTS[action] }, ...made]; // prettier-ignore
}

function twinsIn(store: SalesforceStore, name: string, row: Row, { match }: DuplicateRule): Row[] {
	const table = store.table(name);
	if (match === 'email') return typeof row['Email'] === 'string' ? table.having('Email', row['Email']).filter(isLive) : []; // prettier-ignore
	const company = companyOf(store, row);
	return [...table.rows.values()].filter(
		(other) => isLive(other) && isSimilarName(row, other) && companyOf(store, other) === company,
	);
}

/** Letters and digits of a company's name, without its legal form. */
function companyOf(store: SalesforceStore, row: Row): string {
	const name = row['Company'] ?? store.lookup('Account', row['AccountId'])?.['Name'] ?? '';
	return plain(String(name).replace(/\b(inc|ltd|llc|gmbh|s\.?a|sarl)\b\.?/gi, ''));
}

/** The same last name, and first names of which one begins the other: `J.` and `Jane` are alike. */
function isSimilarName(one: Row, other: Row): boolean {
	if (plain(one['LastName']) !== plain(other['LastName'])) return false;
	const [a, b] = [plain(one['FirstName']), plain(other['FirstName'])];
	return a.startsWith(b) || b.startsWith(a);
}

const plain = (value: Value | undefined): string => String(value ?? '').normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase(); // prettier-ignore

function detected(rule: DuplicateRule, twins: ReadonlyArray<{ name: string; twin: Row }>, key: string): RecordError {
	const matchResults = rule.against.map((entityType) => {
		const matchRecords = twins
			.filter(({ name }) => name === entityType)
			.map(({ twin }) => ({ additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record: { attributes: { type: entityType }, Id: twin['Id'] } })); // prettier-ignore
		return { entityType, errors: [], matchEngine: 'FuzzyMatchEngine', matchRecords, rule: `Standard_${entityType}_Match_Rule`, size: matchRecords.length, success: true }; // prettier-ignore
	});
	const { message, name, object, action } = rule;
	return new RecordError('DUPLICATES_DETECTED', message, [], 400, {
		[key]: {
			allowSave: action === 'alert',
			duplicateRule: name,
			duplicateRuleEntityType: object,
			errorMessage: message,
			matchResults,
		},
	});
}
