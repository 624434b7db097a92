import type { Result } from '../../../core/result';
import { ok } from '../../../core/result';
import type { Condition } from './compileConditions';
import { compileConditions } from './compileConditions';
import { conditionFields } from './conditionFields';
import type { SalesforceClient } from '../api/salesforceClient';
import { select, soqlText } from '../soql/buildSoql';
import { allWords } from '../soql/tokens';
import type { SalesforceObject, SalesforceObjectName } from '../api/types';
import { isSalesforceId } from '../api/types';

export type { Condition, ConditionOperator } from './compileConditions';

/** Which records of an object are followed. */
export type Scope =
	| { readonly kind: 'object' }
	| { readonly kind: 'listView'; readonly id: string }
	| { readonly kind: 'campaign'; readonly id: string }
	| { readonly kind: 'conditions'; readonly combine: 'all' | 'any'; readonly conditions: readonly Condition[] };

export interface ResolvedScope {
	/** The condition that a record must meet to be a member, without WHERE; empty: every record is one. Join with `allOf`. */
	readonly where: string;
	/** Only records that the user owns: `USING SCOPE mine`. */
	readonly mine: boolean;
	/** Whether records can leave or join without being changed themselves. */
	readonly drifts: boolean;
}

/** The scope as a condition. One call for a list view, none otherwise. `describe` is the object with its fields. */
export async function resolveScope(
	client: SalesforceClient,
	object: SalesforceObjectName,
	scope: Scope,
	describe: SalesforceObject,
): Promise<Result<ResolvedScope>> {
	switch (scope.kind) {
		case 'object':
			return ok({ where: '', mine: false, drifts: false });
		case 'listView': {
			const view = await client.listView(object, scope.id);
			if (view.kind !== 'ok') return view;
			const { where, mine } = view.value;
			return ok({ where: where && `(${where})`, mine, drifts: mine || filterDrifts(where, describe) });
		}
		case 'campaign':
			return campaignScope(object, scope.id);
		case 'conditions': {
			const compiled = compileConditions(describe, scope.conditions, scope.combine);
			if (compiled.kind !== 'ok') return compiled;
			const { where, drifts } = compiled.value;
			return ok({ where, drifts, mine: false });
		}
	}
}

/**
 * Before a sync begins or records are read once: a condition on a value that neither the picklist nor any record has finds nothing,
 * which looks like a sync that works. A call for each such value. A sync that goes on is not stopped when the last record gives it up.
 */
export async function checkOptions(
	client: SalesforceClient,
	object: SalesforceObjectName,
	scope: Scope,
	describe: SalesforceObject,
): Promise<Result<undefined>> {
	if (scope.kind !== 'conditions') return ok(undefined);
	const compiled = compileConditions(describe, scope.conditions, scope.combine);
	if (compiled.kind !== 'ok') return compiled;
	for (const { where, failure } of compiled.value.unlisted) {
		const holders = await client.query(select({ fields: ['Id'], from: object, where, limit: 1 }), {
			doing: 'looking for a value of a condition',
		});
		if (holders.kind !== 'ok') return holders;
		if (holders.value.records.length === 0) return failure;
	}
	return ok(undefined);
}

/** Leaving a campaign does not change the record, so membership always drifts. */
function campaignScope(object: SalesforceObjectName, id: string): Result<ResolvedScope> {
	if (!isSalesforceId(id)) {
		return { kind: 'stop', code: 'CAMPAIGN_NOT_FOUND', reason: 'The campaign is not given by the id of one' };
	}
	const person = `${object}Id`;
	// A query over deleted records would count deleted memberships too.
	const members = `SELECT ${person} FROM CampaignMember WHERE CampaignId = ${soqlText(id)} AND IsDeleted = false AND ${person} != null`;
	return ok({ where: `Id IN (${members})`, mine: false, drifts: true });
}

const PLAIN_WORDS: ReadonlySet<string> = new Set(
	'AND OR NOT IN LIKE INCLUDES EXCLUDES NULL TRUE FALSE TOLABEL'.split(' '),
);

/** Whether the filter of a list view uses anything but fields whose change moves the record's own stamp. */
function filterDrifts(where: string, describe: SalesforceObject): boolean {
	const steady = new Set(
		conditionFields(describe)
			.filter(({ drifts }) => !drifts)
			.map(({ name }) => name.toUpperCase()),
	);
	// What is left: dates relative to today, formulas, fields of related records, sub-selects, functions.
	return allWords(where).some((word) => {
		const upper = word.toUpperCase();
		return !PLAIN_WORDS.has(upper) && !steady.has(upper);
	});
}

/** The scope as a text that is the same for the same scope. */
export function scopeText(scope: Scope): string {
	if (scope.kind === 'object') return scope.kind;
	if (scope.kind !== 'conditions') return `${scope.kind}:${scope.id}`;
	const conditions = scope.conditions.map(({ field, operator, value }) => [field, operator, value ?? null]);
	return `${scope.kind}:${scope.combine}:${JSON.stringify(conditions)}`;
}
