import type { FieldValue } from './contact/contact';

/** How a contact left a node. `held` (over quota) is counted beside these by Quota Guard. */
export type OutcomeStatus = 'created' | 'updated' | 'unchanged' | 'removed' | 'excluded' | 'failed' | 'planned';

export const OUTCOME_STATUSES: readonly OutcomeStatus[] = [
	'created',
	'updated',
	'unchanged',
	'removed',
	'excluded',
	'failed',
	'planned',
];

export interface FieldChange {
	readonly from: FieldValue;
	readonly to: FieldValue;
}

/** What became of one contact. */
export interface Outcome {
	readonly status: OutcomeStatus;
	readonly code?: ReasonCode;
	readonly message?: string;
	/** The vendor's rule behind the reason, such as `HB-25`, where there is one. */
	readonly rule?: string;
	/** True when sending the same contact again later can succeed. */
	readonly retryable?: boolean;
	/** When the contact will be tried again by itself, in words. */
	readonly nextTry?: string;
	/** Dry run: what the real run would make of the contact. */
	readonly wouldBe?: Exclude<OutcomeStatus, 'planned'>;
	readonly destinationId?: string;
	/** Field-level difference of an update, in the destination's names. */
	readonly changes?: Readonly<Record<string, FieldChange>>;
}

interface Reason {
	/** `contact`: an outcome. `warning`: the contact goes on without that value. `run`: the whole run stops. */
	readonly scope: 'contact' | 'warning' | 'run';
	/** One sentence that says what to do. */
	readonly advice: string;
	/** What happened, said where nothing more exact is known. Absent where the advice tells it along the way. */
	readonly event?: string;
	/** The vendor's rule behind the reason. */
	readonly rule?: string;
}

/** Every reason code there is. The page docs/reason-codes.md is generated from this list. */
export const REASONS = {
	// A contact that cannot be sent on
	NO_IDENTIFIER: {
		scope: 'contact',
		advice: 'Give the contact an e-mail address or a phone number in the source, or map another field to Email or SMS.',
		event: 'The contact has neither an e-mail address nor a phone number',
		rule: 'HB-11',
	},
	EMAIL_MALFORMED: { scope: 'contact', advice: 'Correct the e-mail address of the contact in the source.' },
	PHONE_INVALID: {
		scope: 'contact',
		advice:
			"Correct the phone number in the source (6 to 16 digits, with its country code). In Map Contact Fields, set 'Default Country' for numbers without one, or let 'When a Phone Number Cannot Be Used' leave the number out.",
		rule: 'HB-25',
	},
	OLDER_CHANGE: {
		scope: 'contact',
		advice:
			'Nothing needs to be done: the trigger delivers contacts again by itself, so a failed execution need not be retried.',
		event: 'A newer change of the contact was written already',
	},
	IDENTIFIER_NOT_COMPUTED: {
		scope: 'contact',
		advice: 'Correct the expression of the named row in Map Contact Fields, so that it copes with this contact too.',
	},
	NOT_A_CONTACT: {
		scope: 'contact',
		advice: 'Connect the node to one that sends contact items, as described on the page about the contact item.',
		event: 'The item is no contact as the nodes of this package pass them on',
	},
	WRONG_SOURCE: {
		scope: 'contact',
		advice:
			"Choose the system and object these contacts come from in 'Source' of Map Contact Fields, or give them a node of their own.",
		event: 'The contact comes from another system or object than the mapping is for',
	},
	SUPERSEDED: {
		scope: 'contact',
		advice: 'Nothing to do: a newer change of the same contact came in the same batch and was sent instead.',
	},
	SAME_ADDRESS_TWICE: {
		scope: 'contact',
		advice: 'Two contacts of this batch share an identifier; give each its own, or merge them in the source.',
	},
	KEPT_ON_LIST: {
		scope: 'contact',
		advice: 'Nothing to do: the node is set to keep contacts that left the source list.',
	},
	STILL_IN_OTHER_LIST: {
		scope: 'contact',
		advice: "Nothing to do: the contact is still in a list named in 'Other Source Lists'.",
	},
	OTHER_SOURCE: {
		scope: 'contact',
		advice: 'Nothing to do: another sync made this contact and decides whether it stays on the list.',
	},
	NOT_IN_DESTINATION: { scope: 'contact', advice: 'Nothing to do: the destination does not hold this contact.' },
	QUOTA_USED_UP: {
		scope: 'contact',
		advice:
			"Wait until the quota renews, or raise it: write a higher number into the cell 'limit' of the quota ledger, a data table of this n8n.",
		event: 'The quota is used up',
		rule: 'HB-19',
	},
	// A write that did not work
	IDENTIFIER_TAKEN: {
		scope: 'contact',
		advice:
			'Another contact of the destination already has this address or number; change one of the two or merge them there.',
	},
	DESTINATION_REFUSED: {
		scope: 'contact',
		advice: 'Read the message of the destination, correct the named value and send the contact again.',
	},
	NOT_STORED: {
		scope: 'contact',
		advice:
			'The destination accepted the contact but does not hold it; look at its import report, then send the contact again.',
	},
	NOT_CONFIRMED: {
		scope: 'contact',
		advice: 'The destination had not finished when the wait ended; the contact is sent again with the next delivery.',
	},
	// A value that goes missing while its contact goes on
	PHONE_LEFT_OUT: {
		scope: 'warning',
		advice: 'Correct the phone number in the source; the contact was sent without it.',
		rule: 'HB-25',
	},
	PHONE_SHARED: {
		scope: 'warning',
		advice: 'Another contact of the destination has this number; the contact was sent without it.',
	},
	VALUE_NOT_CONVERTIBLE: {
		scope: 'warning',
		advice: 'Correct the value in the source or map a field of a fitting type; the contact was sent without it.',
	},
	EXPRESSION_FAILED: {
		scope: 'warning',
		advice:
			'Correct the expression of the named row in Map Contact Fields, so that it copes with this contact too; the contact was sent without the value.',
	},
	VALUE_TOO_LONG: {
		scope: 'warning',
		advice: 'Shorten the value in the source; the contact was sent without it.',
		rule: 'SB-25',
	},
	OPTION_UNKNOWN: {
		scope: 'warning',
		advice: 'Add the option to the destination attribute; the contact was sent without it.',
		rule: 'HB-27',
	},
	VALUE_DROPPED: {
		scope: 'warning',
		advice: 'The destination silently dropped the value; check the type of the attribute there.',
	},
	VALUE_REFUSED: {
		scope: 'warning',
		advice: 'Correct the value in the source: the destination refuses it, and the contact was sent without it.',
	},
	LIST_UNSUBSCRIBED: {
		scope: 'warning',
		advice: 'Nothing to do: the person unsubscribed from this list at the destination and is not put back on it.',
	},
	ADDRESS_STILL_USED: {
		scope: 'warning',
		advice:
			'Nothing to do: another record of the source has the same address, so the contact stays on the list for that one.',
	},
	NOTE_NOT_KEPT: {
		scope: 'warning',
		advice:
			'Make room for attributes whose names begin with CONTACT_SYNC_ at the destination, or allow their creation. Until then the contact is not found again once its address changes (it carries the id of another tool), and an address that was left while blocked counts as new.',
	},
	BLOCK_RESTORED: {
		scope: 'warning',
		advice: 'Nothing to do: the destination lifted the block with the change of address, and it was set again at once.',
	},
	OPT_OUT_CARRIED: {
		scope: 'warning',
		advice: 'Nothing to do: the opt-out was carried as a block, although the rest of the contact could not be written.',
		rule: 'HB-22',
	},
	ADDRESS_BLOCKED: {
		scope: 'warning',
		advice: 'Nothing to do: this address, a former one or a merged record was blocked, so this contact is too.',
	},
	MERGED_CONTACT_LEFT: {
		scope: 'warning',
		advice: 'Nothing to do: the records were merged at the source, so the second contact was taken off the list.',
	},
	// Settings
	CONSENT_NOT_CONFIRMED: {
		scope: 'run',
		advice: "Tick 'Confirm Consent' once you are sure that the contacts agreed to be contacted.",
		rule: 'HB-07',
	},
	NO_LIST_SELECTED: { scope: 'run', advice: "Pick a list in the field 'List'.", rule: 'HB-06' },
	LIST_NOT_FOUND: {
		scope: 'run',
		advice: "The list was deleted or belongs to another account; pick a list again in the field 'List'.",
	},
	LIST_NOT_ACTIVE: { scope: 'run', advice: "Pick an active list, or switch off 'Active Lists Only'.", rule: 'IS-04' },
	NOTHING_MAPPED: { scope: 'run', advice: 'Open Map Contact Fields once and map at least one field.', rule: 'HB-10' },
	NO_IDENTIFIER_MAPPED: { scope: 'run', advice: 'Map at least Email or SMS in Map Contact Fields.', rule: 'HB-11' },
	SOURCE_FIELD_MISSING: {
		scope: 'run',
		advice:
			'Pick an existing field of the source, in the mapping or among the fields the trigger reads, instead of the one that was deleted or renamed.',
	},
	DESTINATION_FIELD_MISSING: {
		scope: 'run',
		advice: 'Create the attribute again in the destination, or remove its row from Map Contact Fields.',
	},
	OPT_OUTS_HIDDEN: {
		scope: 'run',
		advice:
			"Give the user of the credential read access to Email Opt Out (field-level security, 'HasOptedOutOfEmail'), or set 'Opt-Outs' of the Contact List Upsert after the trigger to 'Ignore'.",
		rule: 'HB-22',
	},
	LIST_VIEW_NOT_FOUND: {
		scope: 'run',
		advice:
			"The list view was deleted or is not shared with the user of the credential; pick one again in 'List View'.",
	},
	LIST_VIEW_NOT_READABLE: {
		scope: 'run',
		advice: "Pick another list view: this one filters in a way that Salesforce's query language cannot express.",
	},
	CAMPAIGN_NOT_FOUND: {
		scope: 'run',
		advice: "The campaign was deleted or the user of the credential may not see it; pick one again in 'Campaign'.",
	},
	FOLDER_NOT_FOUND: { scope: 'run', advice: "Pick a folder again in the field 'Folder for a New List'." },
	FIELD_RETYPED: {
		scope: 'run',
		advice: 'Open Map Contact Fields, look at the named row and pick a field of a fitting type.',
	},
	SETTING_INVALID: { scope: 'run', advice: 'Correct the setting named in the message.' },
	STALE_DELIVERY: {
		scope: 'run',
		advice:
			'Nothing to do for contacts of a trigger: it delivers again by itself what was not synced. In a test, fetch the test event anew; to send contacts once more on purpose, change them in the source.',
	},
	// Access
	CREDENTIAL_INVALID: {
		scope: 'run',
		advice: 'Check the key or token in the credential; it may have been revoked or mistyped.',
	},
	SCOPE_MISSING: { scope: 'run', advice: 'Grant the named scope to the key or app, then try again.' },
	API_DISABLED: {
		scope: 'run',
		advice:
			"Switch on API access: the edition of Salesforce must include it, and the user of the credential needs the permission 'API Enabled'.",
		rule: 'SB-05',
	},
	PERMISSION_MISSING: {
		scope: 'run',
		advice:
			'Give the user of the credential read access to the named object or field (object permissions, field-level security), or stop using the field.',
	},
	IP_BLOCKED: { scope: 'run', advice: 'Authorise the IP address of this n8n in the security settings of the account.' },
	ACCOUNT_RESTRICTED: {
		scope: 'run',
		advice: 'Look into the account: the vendor holds it back (validation, plan or credits).',
	},
	// The world
	RATE_LIMITED: { scope: 'run', advice: 'Nothing to do: the calls go on when the limit has passed.' },
	DAILY_LIMIT_REACHED: {
		scope: 'run',
		advice: 'Nothing to do: the calls go on when the daily limit of the account renews.',
		rule: 'HB-28',
	},
	DAILY_RESERVE_REACHED: {
		scope: 'run',
		advice:
			"Nothing to do: the sync goes on when the daily limit renews. Lower 'Daily Call Reserve' to let it use more.",
		rule: 'HB-28',
	},
	UNAVAILABLE: {
		scope: 'run',
		advice: 'Nothing to do: the vendor could not be reached or answered with a fault; the sync tries again.',
	},
	CURSOR_EXPIRED: {
		scope: 'run',
		advice: 'Nothing to do: the source dropped the result while it was being read; it is read anew.',
	},
	MEMBERS_OUT_OF_SIGHT: {
		scope: 'run',
		advice:
			"Give the user of the credential its access to the records back. If they were deleted for good, raise 'Largest Disappearance (%)' until they were passed on.",
	},
	LEDGER_UNREACHABLE: {
		scope: 'run',
		advice:
			"Nothing to do if this n8n was just restarting: the batch is delivered again. Else check 'Base URL' in the credential of the n8n API.",
	},
	LEDGER_BUSY: {
		scope: 'run',
		advice: 'Nothing to do: the batch is delivered again. Let fewer workflows run at the same moment if it stays.',
	},
	LEDGER_TABLE_CHANGED: {
		scope: 'run',
		advice:
			'Give the named column of the data table its name and type back, or delete the whole table: it is then made anew and counts from 0.',
	},
	LEDGER_REFUSED: { scope: 'run', advice: 'Read the message of n8n and correct what it names.' },
	SOURCE_REFUSED: { scope: 'run', advice: 'Read the message of the source and correct the setting it names.' },
	UNEXPECTED_ANSWER: {
		scope: 'run',
		advice:
			'If a proxy or firewall stands between this n8n and the vendor, let the calls pass there. Otherwise please report the message: the answer has a form this package does not know.',
	},
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;

export const isReasonCode = (value: unknown): value is ReasonCode =>
	typeof value === 'string' && Object.hasOwn(REASONS, value);

/** What to do about a reason code. */
export const adviceFor = (code: ReasonCode): string => REASONS[code].advice;

/** The vendor's rule behind a reason code, such as `HB-25`, where there is one. */
export const ruleOf = (code: ReasonCode): string | undefined => (REASONS[code] as Reason).rule;

/** What happened, in one sentence, where nothing more exact is known. */
export const eventOf = (code: ReasonCode): string | undefined => (REASONS[code] as Reason).event;

/** What happened and what to do, where the code is all that is known. */
export const messageFor = (code: ReasonCode): string => {
	const { event, advice }: Reason = REASONS[code];
	return event === undefined ? advice : withAdvice(event, code);
};

/** When a contact that was not synced is tried again by itself, once its run has succeeded. */
const NEXT_CHANGE = 'With the next change of the contact in the source';

/**
 * The outcome with the rule behind it and, for a contact that was not synced, when it is tried again. What people look for comes first: n8n's
 * table shows a value in this order.
 */
export function explained(outcome: Outcome): Outcome {
	const { status, message, code, ...more } = outcome;
	const rule = code && ruleOf(code);
	const again = (status === 'excluded' || status === 'failed') && code !== 'NOT_A_CONTACT';
	return {
		status,
		...(message === undefined ? {} : { message }),
		...(again ? { nextTry: NEXT_CHANGE } : {}),
		...(code === undefined ? {} : { code }),
		...more,
		...(rule === undefined ? {} : { rule }),
	};
}

/** What happened, then what to do about it, for places that show one text only. */
export const withAdvice = (reason: string, code: ReasonCode): string =>
	`${reason}${/[.?!…]$/.test(reason) ? '' : '.'} ${adviceFor(code)}`;
