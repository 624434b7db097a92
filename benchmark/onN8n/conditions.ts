import type { Sandbox } from '../../sandbox/startSandbox';
import type { Condition } from './cases';

/** A call over the internet, with the work of the vendor; the same as `npm run sandbox -- --slow`. */
const ANSWER_MS = 80;
const NO_LIMIT = 1_000_000;

/** Calls a second that HubSpot allows a private app from Professional on: 190 in ten seconds. */
export const HUBSPOT_A_SECOND = 19;
/** Calls a second below /contacts that Brevo allows. */
export const BREVO_A_SECOND = 10;

/** How the stand-ins answer from now on. A reset of them undoes it. */
export function setConditions({ hubspot, brevo }: Sandbox, condition: Condition, importSeconds: number): void {
	const isBare = condition === 'bare';
	const answerDelayMs = isBare ? 0 : ANSWER_MS;
	Object.assign(hubspot.settings, {
		answerDelayMs,
		accountTier: 'professional',
		...(isBare && { burstLimit: NO_LIMIT, dailyLimit: NO_LIMIT, searchPerSecond: NO_LIMIT }),
	} satisfies Partial<typeof hubspot.settings>);
	Object.assign(brevo.settings, {
		answerDelayMs,
		limits: !isBare,
		importDelayMs: isBare ? 0 : importSeconds * 1_000,
		importMsPerRow: 0,
		importsOneByOne: true,
	} satisfies Partial<typeof brevo.settings>);
}
