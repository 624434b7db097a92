import type { Fault } from '../../sandbox/engine';
import type { Random } from './random';

export type Vendor = 'hubspot' | 'salesforce' | 'brevo';

const PROXY_PAGE = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';
const BLOCKED_PAGE =
	'<html><head><title>Attention Required!</title></head><body>Your request was blocked</body></html>';
/** Cut in the middle of a value, with a length that is right. */
const TRUNCATED = '{"results":[{"id":"1","properties":{"email":"ada@exam';

const html = (status: number, body: string): Fault => ({ status, body, headers: { 'content-type': 'text/html' } });

/** How long each vendor says to wait after a 429. */
const RESET: Readonly<Record<Vendor, Readonly<Record<string, string>>>> = {
	hubspot: { 'retry-after': '2' },
	salesforce: { 'retry-after': '2' },
	brevo: { 'x-sib-ratelimit-reset': '2' },
};

/** What goes wrong with calls over the internet, and at the vendors. */
const FAULTS: Readonly<Record<string, (vendor: Vendor) => Fault>> = {
	'429 that says how long': (vendor) => ({ status: 429, headers: RESET[vendor] }),
	'429 without a word': () => ({ status: 429 }),
	'500': () => ({ status: 500 }),
	"a proxy's 502": () => html(502, PROXY_PAGE),
	'503': () => ({ status: 503 }),
	"a proxy's 504": () => html(504, PROXY_PAGE),
	"a firewall's 403": () => html(403, BLOCKED_PAGE),
	'a captive portal': () => ({ kind: 'garbage' }),
	'expired token': () => ({ status: 401 }),
	'reset before the work': () => ({ kind: 'reset' }),
	'answer cut off after the work': () => ({ kind: 'cutOff' }),
	'answer lost after the work': () => ({ kind: 'afterWork' }),
	'502 after the work': () => ({ kind: 'afterWork', status: 502 }),
	'truncated body': () => ({ status: 200, body: TRUNCATED, headers: { 'content-type': 'application/json' } }),
	'slow answer': () => ({ kind: 'delay', delayMs: 150 }),
};
const OF_VENDOR: Readonly<Record<Vendor, Readonly<Record<string, () => Fault>>>> = {
	hubspot: { '423 locked': () => ({ status: 423 }), '477 migration': () => ({ status: 477 }) },
	salesforce: {},
	brevo: {},
};

/** Calls that a fault may be about; `*` is any. */
export const CALLS: Readonly<Record<Vendor, readonly string[]>> = {
	hubspot: [
		'*',
		'POST /crm/lists/2026-09/search',
		'POST /crm/objects/2026-09/contacts/search',
		'POST /crm/objects/2026-09/contacts/batch/read',
		'GET /crm/lists/2026-09/*',
	],
	salesforce: [
		'*',
		'GET /services/data/v66.0/query',
		'GET /services/data/v66.0/query/*',
		'GET /services/data/v66.0/sobjects/*',
	],
	brevo: [
		'*',
		'GET /contacts',
		'GET /contacts/:id',
		'POST /contacts',
		'PUT /contacts/:id',
		'POST /contacts/import',
		'GET /processes',
		'POST /contacts/lists/:id/contacts/add',
		'POST /contacts/lists/:id/contacts/remove',
	],
};

export interface NamedFault {
	readonly name: string;
	readonly vendor: Vendor;
	/** See `Faults` of the sandbox. */
	readonly match: string;
	readonly fault: Fault;
}

/** A fault at one of the vendors. The clients ask four times, so five in a row make a call fail for good. */
export function randomFault(random: Random, vendors: readonly Vendor[]): NamedFault {
	const vendor = random.pick(vendors);
	const kinds = { ...FAULTS, ...OF_VENDOR[vendor] };
	const name = random.pick(Object.keys(kinds));
	const fault = kinds[name]?.(vendor) ?? {};
	return { name, vendor, match: random.pick(CALLS[vendor]), fault: { ...fault, times: random.whole(1, 5) } };
}

export const told = ({ name, vendor, match, fault }: NamedFault): string =>
	`${vendor} ${match}: ${name}, ${fault.times ?? 1} times`;
