import type { Failure, Result } from '../../../core/result';
import { ok } from '../../../core/result';
import { idQueries, readAll } from '../api/readAll';
import type { SalesforceClient } from '../api/salesforceClient';
import type { ResolvedScope, Scope } from './scope';
import { checkOptions, resolveScope } from './scope';
import { allOf, select, soqlText } from '../soql/buildSoql';
import { idOf } from '../api/fields/recordFields';
import type { SalesforceObject, SalesforceObjectName } from '../api/types';

/** The members of the scope as of now. The scope itself is read once a poll, when something is to be decided. */
export class SourceScope {
	private resolved: ResolvedScope | undefined;

	constructor(
		private readonly client: SalesforceClient,
		private readonly object: SalesforceObjectName,
		private readonly scope: Scope,
		private readonly described: () => Promise<Result<SalesforceObject>>,
	) {}

	/** Every record is a member that is neither deleted nor converted. */
	get isWholeObject(): boolean {
		return this.scope.kind === 'object';
	}

	get isListView(): boolean {
		return this.scope.kind === 'listView';
	}

	/** Id of the campaign that is followed. */
	get campaign(): string | undefined {
		return this.scope.kind === 'campaign' ? this.scope.id : undefined;
	}

	/** The scope; a call for a list view, once a poll. */
	async resolve(): Promise<Result<ResolvedScope>> {
		if (this.resolved) return ok(this.resolved);
		const described = await this.described();
		if (described.kind !== 'ok') return described;
		const resolved = await resolveScope(this.client, this.object, this.scope, described.value);
		if (resolved.kind === 'ok') this.resolved = resolved.value;
		return resolved;
	}

	/** Before the first record is read: whether its conditions can be met at all. */
	async check(): Promise<Result<undefined>> {
		const described = await this.described();
		return described.kind === 'ok'
			? await checkOptions(this.client, this.object, this.scope, described.value)
			: described;
	}

	/** The scope as this poll found it; undefined when nothing was to be decided. */
	get found(): ResolvedScope | undefined {
		return this.resolved;
	}

	/** The condition for members. Converted leads are none. */
	memberWhere({ where }: ResolvedScope, also = ''): string {
		return allOf('IsDeleted = false', this.object === 'Lead' ? 'IsConverted = false' : '', also, where);
	}

	/** Which of these live records are members now. */
	async membersAmong(ids: readonly string[]): Promise<Result<ReadonlySet<string>>> {
		if (ids.length === 0) return ok(new Set());
		const resolved = await this.resolve();
		if (resolved.kind !== 'ok') return resolved;
		const { mine } = resolved.value;
		const queries = idQueries(ids, (condition) => ({
			soql: select({
				fields: ['Id'],
				from: this.object,
				scope: mine ? 'mine' : undefined,
				where: this.memberWhere(resolved.value, condition),
			}),
		}));
		const { campaign } = this;
		const there = campaign === undefined ? [] : [{ soql: select({ fields: ['Id'], from: 'Campaign', where: `Id = ${soqlText(campaign)}` }) }]; // prettier-ignore
		const answers = await readAll(this.client, [...there, ...queries], 'asking who is a member');
		if (answers.kind !== 'ok') return answers;
		// A campaign that is gone has no members, but none of them left it either.
		if (campaign !== undefined && answers.value[0]?.length === 0) return campaignNotFound(campaign);
		return ok(new Set(answers.value.slice(there.length).flatMap((records) => records.map(idOf))));
	}
}

const campaignNotFound = (id: string): Failure => ({
	kind: 'stop',
	code: 'CAMPAIGN_NOT_FOUND',
	reason: `Salesforce has no campaign ${id}`,
});
