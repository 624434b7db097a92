import type { NodeExecutionHint } from 'n8n-workflow';
import type { ContactChange } from '../../core/contact/contact';
import type { MappingPlan } from '../../core/mapping/mapping';
import type { SourceField } from '../../core/mapping/fields';
import { quoted } from '../../core/mapping/fields';
import type { Outcome, ReasonCode } from '../../core/outcome';
import { adviceFor, explained } from '../../core/outcome';
import type { Expression } from './expressions';
import { phoneAdvice } from './phoneAdvice';
import { staleMessage } from './staleTestData';

/** Why a contact is excluded. */
export interface Refusal {
	readonly code: ReasonCode;
	readonly message: string;
	/** The identifying fields, where the item carries none of them. */
	readonly unread?: readonly SourceField[];
}

/** Counts what a run left out, and says so under the node's output. */
export class MappingReport {
	private readonly counts = new Map<ReasonCode, { count: number; advice: string }>();
	/** Source fields that are mapped or read by an expression and that no contact carried so far. */
	private readonly unread: Map<string, string>;
	private contacts = 0;

	/** `warnings`: what is to be said about the settings. `stale`: contacts that lack a mapped field are older than the mapping. */
	constructor(
		private readonly plan: MappingPlan,
		expressions: readonly Expression[],
		fields: readonly SourceField[],
		private readonly warnings: readonly string[],
		private readonly stale: boolean,
	) {
		const mapped = plan.rows.flatMap(({ sourceField }) => (sourceField ? [sourceField] : []));
		const read = new Set(expressions.flatMap(({ reads }) => reads));
		const used = [...mapped, ...fields.filter(({ name }) => read.has(name))];
		this.unread = new Map(used.map((field) => [field.name, quoted(field)]));
	}

	/** Counts an excluded contact and gives its outcome, with what to do about it. */
	excluded({ code, message, unread }: Refusal): Outcome {
		const stale = this.stale && unread !== undefined && unread.length > 0;
		const names = (unread ?? []).map(quoted);
		const advice = this.adviceOn(code, message);
		const { count = 0 } = this.counts.get(code) ?? {};
		this.counts.set(code, { count: count + 1, advice: stale ? `they lack ${names.join(' and ')}.` : advice });
		const said = stale ? staleMessage(names) : inOne(message, advice);
		return explained({ status: 'excluded', code, message: said, retryable: false });
	}

	/** What to do, in the words of this node's settings where it can be said in them. */
	private adviceOn(code: ReasonCode, message: string): string {
		if (code === 'WRONG_SOURCE') return message;
		return code === 'PHONE_INVALID' ? phoneAdvice(this.plan.settings) : adviceFor(code);
	}

	/** A contact that left carries no fields, which says nothing about what the trigger reads. */
	saw(contact: ContactChange): void {
		if (contact.change === 'removed' || contact.change === 'deleted') return;
		this.contacts++;
		for (const name of this.unread.keys()) if (Object.hasOwn(contact.fields, name)) this.unread.delete(name);
	}

	/** `more`: what is to be said about single rows. */
	hints(total: number, more: readonly string[]): readonly NodeExecutionHint[] {
		return [...this.unreadHint(), ...this.excludedHint(total), ...more, ...this.warnings].map((message) => ({
			message,
			type: 'warning',
			location: 'outputPane',
		}));
	}

	private excludedHint(total: number): readonly string[] {
		const sum = [...this.counts.values()].reduce((all, { count }) => all + count, 0);
		if (sum === 0) return [];
		const reasons = [...this.counts].map(([code, { count, advice }]) => `${count} × ${code}: ${advice}`).join(' ');
		return [`${sum} of ${total} contacts were excluded. ${reasons}`];
	}

	private unreadHint(): readonly string[] {
		if (this.contacts === 0 || this.unread.size === 0) return [];
		const names = [...this.unread.values()];
		return [
			this.stale
				? staleMessage(names)
				: `None of the contacts carries ${names.join(', ')}. Let the trigger read these fields, or remove their rows.`,
		];
	}
}

/** What happened and what to do; a message that says both stands alone. */
const inOne = (message: string, advice: string): string =>
	message === advice ? message : `${message}${/[.?!…]$/.test(message) ? '' : '.'} ${advice}`;
