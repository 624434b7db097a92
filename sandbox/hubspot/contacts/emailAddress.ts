/** Ends of domains that no mail reaches: special-use names (RFC 6761, RFC 8375), and slips of the keyboard that are no top-level domain. */
const NO_TOP_LEVEL_DOMAINS = new Set([
	'con',
	'cmo',
	'comm',
	'corp',
	'home',
	'internal',
	'invalid',
	'lan',
	'local',
	'localdomain',
	'localhost',
	'nett',
]);
const LOCAL_PART = /^[^\s@,;:<>"()[\]\\]{1,64}$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Letters of any script: accounts hold such addresses, whether or not the API takes new ones. */
const INTERNATIONAL_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** Whether an address that a contact may have had for long can be unsubscribed. */
export const isAddress = (text: string): boolean => isEmail(text, INTERNATIONAL_LABEL);

/** Whether HubSpot takes a trimmed, lower-case text as an address; it looks at the domain as well (H16). */
export function isEmail(text: string, ofDomain = LABEL): boolean {
	const mark = text.lastIndexOf('@');
	const local = text.slice(0, Math.max(0, mark));
	if (!LOCAL_PART.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
	const labels = text.slice(mark + 1).split('.');
	const top = labels[labels.length - 1] ?? '';
	return (
		labels.length > 1 &&
		labels.every((label) => ofDomain.test(label)) &&
		/^[a-z]{2,}$|^xn--/.test(top) &&
		!NO_TOP_LEVEL_DOMAINS.has(top)
	);
}
