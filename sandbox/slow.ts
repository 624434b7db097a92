import type { BrevoSettings } from './brevo';
import type { HubSpotSettings } from './hubspot';
import type { SalesforceSettings } from './salesforce';

/** A call over the internet, with the work of the vendor. */
const ANSWER_MS = 80;
/** Brevo names no time for an import; users tell of seconds and of minutes. */
const SHORTEST_IMPORT_MS = 5_000;
const LONGEST_IMPORT_MS = 300_000;

interface Stands {
	readonly hubspot?: { readonly settings: HubSpotSettings };
	readonly salesforce?: { readonly settings: SalesforceSettings };
	readonly brevo?: { readonly settings: BrevoSettings };
}

/** Makes stand-ins answer as slowly as the vendors do; imports are carried out one after the other. */
export function beSlow({ hubspot, salesforce, brevo }: Stands): void {
	for (const vendor of [hubspot, salesforce, brevo]) if (vendor) vendor.settings.answerDelayMs = ANSWER_MS;
	if (!brevo) return;
	Object.assign(brevo.settings, {
		importDelayMs: SHORTEST_IMPORT_MS,
		longestImportMs: LONGEST_IMPORT_MS,
		importsOneByOne: true,
	} satisfies Partial<BrevoSettings>);
}
