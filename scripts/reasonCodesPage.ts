import { isReasonCode, ruleOf } from '../core/outcome';
import { REASONS } from '../core/reasons';

const SECTIONS = [
	{
		scope: 'contact',
		title: 'Contacts',
		intro: 'The `code` of a contact’s `outcome`, or of a contact on an *Excluded* or *Not Synced* output.',
	},
	{ scope: 'warning', title: 'Warnings', intro: 'Listed in `warnings` of a contact that went on without that value.' },
	{
		scope: 'run',
		title: 'Runs',
		intro: 'The whole run, or the poll of a trigger, stopped; nothing was lost, the contacts are delivered again.',
	},
] as const;

/** The page docs/reason-codes.md. */
export function reasonCodesPage(): string {
	const sections = SECTIONS.map(({ scope, title, intro }) => {
		const rows = Object.entries(REASONS)
			.filter(([, reason]) => reason.scope === scope)
			.map(([code, reason]) => `| \`${code}\` | ${reason.advice} | ${(isReasonCode(code) && ruleOf(code)) || ''} |`);
		return [`## ${title}`, '', intro, '', '| code | what to do | rule |', '| --- | --- | --- |', ...rows].join('\n');
	});
	return [
		'# Reason codes',
		'',
		'Generated from `core/outcome.ts` by `npm run docs:reasons`; the tests check that it is up to date. *Rule* is the number of the',
		"vendor's own rule behind a reason, where there is one; an outcome carries it as `rule`.",
		'',
		sections.join('\n\n'),
		'',
	].join('\n');
}
