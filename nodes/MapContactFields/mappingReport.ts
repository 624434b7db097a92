import type { NodeExecutionHint } from 'n8n-workflow';
import type { ContactChange } from '../../core/contact/contact';
import type { FailedRows } from '../../core/mapping/applyMapping';
import type { MappingPlan } from '../../core/mapping/mapping';
import { quoted } from '../../core/mapping/fields';
import type { Outcome, ReasonCode } from '../../core/outcome';
import { adviceFor, explained, withAdvice } from '../../core/outcome';

/** Counts what a run left out, and says so under the node's output. */
export class MappingReport {
	private readonly counts = new Map<ReasonCode, number>();
	/** Mapped source fields that no contact carried so far. */
	private readonly unread: Map<string, string>;
	private contacts = 0;
	/** Rows whose expression could not be worked out, with the number of contacts. */
	private readonly failed = new Map<string, number>();

	/** `warnings`: what is to be said about the settings. */
	constructor(
		plan: MappingPlan,
		private readonly warnings: readonly string[],
	) {
		this.unread = new Map(
			plan.rows.flatMap(({ sourceField }) => (sourceField ? [[sourceField.name, quoted(sourceField)] as const] : [])),
		);
	}

	/** Counts an excluded contact and gives its outcome, with what to do about it. */
	excluded(code: ReasonCode, message: string, status: 'excluded' | 'failed' = 'excluded'): Outcome {
		this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
		return explained({ status, code, message: withAdvice(message, code), retryable: false });
	}

	/** A contact that left carries no fields, which says nothing about what the trigger reads. */
	saw(contact: ContactChange, failed: FailedRows): void {
		for (const destination of failed.keys()) this.failed.set(destination, (this.failed.get(destination) ?? 0) + 1);
		if (contact.change === 'removed' || contact.change === 'deleted') return;
		this.contacts++;
		for (const name of this.unread.keys()) if (Object.hasOwn(contact.fields, name)) this.unread.delete(name);
	}

	hints(total: number): readonly NodeExecutionHint[] {
		const settings = this.warnings.map((message) => ({ message, type: 'warning', location: 'outputPane' }) as const);
		return [...this.excludedHint(total), ...this.unreadHint(), ...this.failedHint(total), ...settings];
	}

	private excludedHint(total: number): readonly NodeExecutionHint[] {
		const sum = [...this.counts.values()].reduce((all, count) => all + count, 0);
		if (sum === 0) return [];
		const reasons = [...this.counts].map(([code, count]) => `${count} × ${code}: ${adviceFor(code)}`).join(' ');
		return [
			{ message: `${sum} of ${total} contacts were excluded. ${reasons}`, type: 'warning', location: 'outputPane' },
		];
	}

	private failedHint(total: number): readonly NodeExecutionHint[] {
		return [...this.failed].map(([destination, count]) => ({
			message: `The expression of '${destination}' could not be worked out for ${count} of ${total} contacts; their warnings say why. ${adviceFor('IDENTIFIER_NOT_COMPUTED')}`,
			type: 'warning',
			location: 'outputPane',
		}));
	}

	private unreadHint(): readonly NodeExecutionHint[] {
		if (this.contacts === 0 || this.unread.size === 0) return [];
		const names = [...this.unread.values()].join(', ');
		return [
			{
				message: `None of the contacts carries ${names}. Let the trigger read these fields, or remove their rows.`,
				type: 'warning',
				location: 'outputPane',
			},
		];
	}
}
