/** Why a contact was not synced, a value went missing or a run stopped: one closed list, from which docs/reason-codes.md is generated. */

export interface Reason {
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
	NO_CONTACT_NAMED: {
		scope: 'contact',
		advice:
			"Let each item name a contact: with an e-mail address, a record ID of the system that is read, or a contact key; or set 'Contacts Named By' of Read Contacts to an expression that gives one.",
		event: 'The item names no contact that could be read',
	},
	CONTACT_NOT_FOUND: {
		scope: 'contact',
		advice:
			'Correct the name in the item, or leave it: the contact may never have existed, been deleted for good, or be out of sight of the credential.',
		event: 'The source has no such contact',
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
	ADDRESS_OPTED_OUT: {
		scope: 'contact',
		advice: 'Nothing to do: none was created for it, and one that gets the address later may not be mailed either.',
		event: 'The address was opted out; no contact has it',
		rule: 'MG-23',
	},
	OPT_OUT_IMPORTED: {
		scope: 'contact',
		advice:
			"Import the file of opt-outs into HubSpot if that was not done yet, or set 'Opt-Outs Without a Contact' of Contact List Upsert to 'Unsubscribe the Address'.",
		event: 'No contact has the address, and its opt-out is left to an import',
		rule: 'MG-23',
	},
	NOT_IN_DESTINATION: { scope: 'contact', advice: 'Nothing to do: the destination does not hold this contact.' },
	OUTSIDE_LIST: {
		scope: 'contact',
		advice:
			'Nothing to do: the contact is outside of the list that is followed, so that nothing but its opt-out is carried, and the destination has that.',
	},
	UPDATE_ONLY: {
		scope: 'contact',
		advice:
			"Nothing to do if the contact is not meant to be created. Else set 'Mode' of Contact List Upsert to 'Create and Update', or create the contact in the destination.",
		event: 'The destination does not hold this contact, and the node only updates',
		rule: 'S22',
	},
	CREATE_ONLY: {
		scope: 'contact',
		advice: "Nothing to do: the destination holds this contact, and 'Mode' of Contact List Upsert is 'Create Only'.",
	},
	OPT_OUTS_ONLY: {
		scope: 'contact',
		advice:
			"Nothing to do: 'Mode' of Contact List Upsert is 'Opt-Outs Only', and the contact did not opt out at the source.",
	},
	OUTSIDE_SEGMENT: {
		scope: 'contact',
		advice:
			'Nothing to do: only members of the inclusion segment are synced. Once the contact joins the segment, the workflow for new members writes its fields.',
		rule: 'IS-09',
	},
	REQUIRED_FIELD_MISSING: {
		scope: 'contact',
		advice:
			'Fill the field in the source, or map another field or an expression with a fallback to it in Map Contact Fields.',
		rule: 'SB-21',
	},
	REQUIRED_VALUE_UNUSABLE: {
		scope: 'contact',
		advice:
			'Correct the value in the source, or map another field or an expression with a fallback to it in Map Contact Fields: without it no record is created.',
		rule: 'SB-21',
	},
	SEVERAL_MATCHES: {
		scope: 'contact',
		advice:
			"Merge the records in the destination, or choose in 'Several Matches' of Contact List Upsert which of them is written.",
		rule: 'S4',
	},
	DUPLICATE_RULE: {
		scope: 'contact',
		advice:
			"A duplicate rule of the destination stopped the record. Look at the record it names there; where the rule only alerts, 'Save Despite Duplicate Alerts' lets the record through.",
		rule: 'S3',
	},
	RECORD_DELETED: {
		scope: 'contact',
		advice: 'It stays in the recycle bin of Salesforce for 15 days, from where it can be restored.',
		event: 'The record was deleted, because its contact was deleted at the source',
	},
	RECORD_CONVERTED: {
		scope: 'contact',
		advice:
			"The lead was converted in Salesforce. Sync to the object Contact, or set 'Converted Leads' of Contact List Upsert to follow them to their contact.",
		rule: 'S7',
	},
	RECORD_LOCKED: {
		scope: 'contact',
		advice: 'Nothing to do: another process held the record; it is sent again with the next delivery.',
		rule: 'S11',
	},
	DELETE_REFUSED: {
		scope: 'contact',
		advice:
			'Close or move what hangs on the record in the destination (such as its cases) and delete the record there, or keep it. It left the campaign, and the deletion is not tried again, because the contact is gone at the source.',
		event: 'The destination does not let the record be deleted',
		rule: 'SB-27',
	},
	LEGAL_BASIS_MISSING: {
		scope: 'contact',
		advice:
			"Choose 'Legal Basis' and fill 'Legal Basis Explanation' in the options of Contact List Upsert: the account's data privacy setting demands them for every opt-out.",
		rule: 'H23',
	},
	LEFT_OUT: {
		scope: 'contact',
		advice:
			'Nothing to do if it is meant so. Else look at the nodes before Contact List Upsert: one of them, such as a Filter, took the contact out.',
		event: 'A node of the workflow left the contact out before it was synced',
	},
	QUOTA_USED_UP: {
		scope: 'contact',
		advice:
			"Wait until the quota renews, or raise it: write a higher number into the cell 'limit' of the quota ledger, a data table of this n8n.",
		event: 'The quota is used up',
		rule: 'HB-19',
	},
	// A write that did not work
	ADDRESSES_EXCHANGED: {
		scope: 'contact',
		advice:
			'The destination has each address on one contact, and none is moved to a made-up address meanwhile. Exchange the two there by hand: give one contact a spare address, delete the one it leaves from its additional addresses, give that to the other contact, and then the first one its new address.',
	},
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
	NOT_DELETED: {
		scope: 'warning',
		advice:
			"The contact was deleted at the source and its record is kept. Delete the record in Salesforce if it is to go; with an 'External ID Field', records are known by a key.",
		rule: 'SB-27',
	},
	PHONE_LEFT_OUT: {
		scope: 'warning',
		advice: 'Correct the phone number in the source; the contact was sent without it.',
		rule: 'HB-25',
	},
	PHONE_NOT_USED: {
		scope: 'warning',
		event: 'The destination finds no contact by a phone number, and the contact was sent without it',
		advice:
			"In Map Contact Fields, choose the destination that Contact List Upsert writes to, and map the number to a field of it, such as 'Phone'.",
		rule: 'H9',
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
	OPT_OUT_NOT_CARRIED: {
		scope: 'warning',
		advice:
			'The contact opted out and can still be mailed in the destination, which refused its block as well: mend what the message says, or block the contact there by hand.',
		rule: 'HB-22',
	},
	OPT_OUT_CARRIED: {
		scope: 'warning',
		advice: 'Nothing to do: the opt-out was carried as a block, although the rest of the contact could not be written.',
		rule: 'HB-22',
	},
	OPTED_OUT_BUT_BILLED: {
		scope: 'warning',
		advice:
			'The contact is opted out now and still a marketing contact, which HubSpot bills. Set it as non-marketing in HubSpot if it is to be mailed no more.',
		rule: 'H21',
	},
	MARKETING_NOT_SET: {
		scope: 'warning',
		advice:
			"Everything else of the contact was synced, but it was not set as a marketing contact. Give the key the scope crm.import if it lacks it; else look at the import in HubSpot, and at the account's limit of marketing contacts (Account & Billing, Usage & Limits). It is tried again with the next change of the contact.",
		rule: 'H20',
	},
	ADDRESS_BLOCKED: {
		scope: 'warning',
		advice: 'Nothing to do: this address, a former one or a merged record was blocked, so this contact is too.',
	},
	MERGED_CONTACT_LEFT: {
		scope: 'warning',
		advice: 'Nothing to do: the records were merged at the source, so the second contact was taken off the list.',
	},
	FORMER_OWNER_PUT_BACK: {
		scope: 'warning',
		advice:
			'Nothing to do: that record has a contact of its own now, with the number and the values it had; when it left, its trigger takes it off the list.',
	},
	FORMER_OWNER_LEFT: {
		scope: 'warning',
		advice:
			'If that record has another address or a number, it gets a contact of its own with its next change; deliver it with Read Contacts to have it at once.',
	},
	FORMER_OWNER_BLOCKED: {
		scope: 'warning',
		advice:
			'Contacts carry one key there, so should that record come back with another address, nothing tells that it had opted out: opt it out at the source, unless this is the same person under a new record.',
	},
	MATCHED_BY_FURTHER_ADDRESS: {
		scope: 'warning',
		advice:
			'Nothing to do: the address is a further one of a contact of the destination, which was updated and keeps its first address.',
		rule: 'H3',
	},
	IDENTIFIER_KEPT: {
		scope: 'warning',
		advice:
			'Nothing to do: the source did not change its address or number since it was delivered last, so the one in the destination counts as edited there and was kept. If it is outdated, deliver the contact anew with Read Contacts.',
	},
	REQUIRED_VALUE_KEPT: {
		scope: 'warning',
		advice: 'Nothing to do: the field must not be empty in the destination, so the value there was kept.',
		rule: 'SB-21',
	},
	STATE_LEFT_OUT: {
		scope: 'warning',
		advice:
			'Map the country as well, or correct state or country in the source: the destination takes a state only within its country, and the contact was sent without it.',
		rule: 'S13',
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
	LIST_NOT_STATIC: {
		scope: 'run',
		advice:
			"Pick a static list in 'Static List', or leave it empty: HubSpot fills active lists by itself, from their filters, and takes no contacts for them.",
		rule: 'H25',
	},
	SEGMENT_NOT_ACTIVE: {
		scope: 'run',
		advice: "Pick an active list in 'Inclusion Segment', or leave it empty.",
		rule: 'IS-04',
	},
	LIST_NOT_ACTIVE: { scope: 'run', advice: "Pick an active list, or switch off 'Active Lists Only'.", rule: 'IS-04' },
	NOTHING_MAPPED: { scope: 'run', advice: 'Open Map Contact Fields once and map at least one field.', rule: 'HB-10' },
	NO_IDENTIFIER_MAPPED: {
		scope: 'run',
		advice: 'Map what contacts are found by in Map Contact Fields: Email (for Brevo Email or SMS).',
		rule: 'HB-11',
	},
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
			"Give the user of the credential access to Email Opt Out, to write opt-outs edit access (Salesforce: field-level security, 'HasOptedOutOfEmail'; HubSpot: the property 'hs_email_optout'), or set 'Opt-Outs' of the Contact List Upsert to 'Ignore'.",
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
			'Nothing to do for contacts of a trigger: it delivers again by itself what was not synced. In a test, fetch the test event anew; to send contacts once more on purpose, read them with Read Contacts or change them in the source. A retried run of Read Contacts is started anew.',
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
			'Give the user of the credential access to the named object or field (object permissions, field-level security; to write, edit access), or stop using the field.',
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
