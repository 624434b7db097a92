import type { ReasonCode } from './outcome';
import { adviceFor } from './outcome';
import type { Failure } from './result';

/** What one check of the set-up found. `problem`: a sync would stop or lose something. `warning`: worth a look. */
export interface SetUpFinding {
	/** What was checked, as people see it. */
	readonly check: string;
	readonly status: 'ok' | 'warning' | 'problem';
	readonly message: string;
	/** What to change, where something is to be changed. */
	readonly fix?: string;
	readonly code?: ReasonCode;
}

export const passed = (check: string, message: string): SetUpFinding => ({ check, status: 'ok', message });

export const warned = (check: string, message: string, fix: string, code?: ReasonCode): SetUpFinding => ({
	check,
	status: 'warning',
	message,
	fix,
	...(code === undefined ? {} : { code }),
});

/** `fix` tells more exactly what to change than the advice of the code does. */
export const problem = (check: string, { reason, code }: Failure, fix?: string): SetUpFinding => ({
	check,
	status: 'problem',
	message: reason,
	fix: fix ?? adviceFor(code),
	code,
});

/** All findings in one sentence, such as `Set-up check: 9 checks, 1 warning, 2 problems`. */
export function describeFindings(findings: readonly SetUpFinding[]): string {
	const count = (status: SetUpFinding['status']): number => findings.filter((one) => one.status === status).length;
	const parts = [
		inWords(findings.length, 'check'),
		...(count('warning') > 0 ? [inWords(count('warning'), 'warning')] : []),
		count('problem') > 0 ? inWords(count('problem'), 'problem') : 'no problem',
	];
	return `Set-up check: ${parts.join(', ')}`;
}

const inWords = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
