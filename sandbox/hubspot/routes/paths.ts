/** Where the areas live: the dated paths first (2026-03 and 2026-09), then the numbered one. */
export const LISTS = ['/crm/lists/2026-09', '/crm/lists/2026-03', '/crm/v3/lists'] as const;
/** Paths of calls that came with 2026-09. */
export const NEW_LISTS = ['/crm/lists/2026-09'] as const;
export const CONTACTS = [
	'/crm/objects/2026-09/contacts',
	'/crm/objects/2026-03/contacts',
	'/crm/v3/objects/contacts',
] as const;
/** Paths of writes that keep to the account's validation rules. */
export const NEW_CONTACTS = ['/crm/objects/2026-09/contacts'] as const;
export const PROPERTIES = [
	'/crm/properties/2026-09/contacts',
	'/crm/properties/2026-03/contacts',
	'/crm/v3/properties/contacts',
] as const;
export const ACCOUNT = ['/account-info/2026-09', '/account-info/2026-03', '/account-info/v3'] as const;
export const PREFERENCES = [
	'/communication-preferences/2026-09',
	'/communication-preferences/2026-03',
	'/communication-preferences/v4',
] as const;
export const IMPORTS = ['/crm/imports/2026-09', '/crm/imports/2026-03', '/crm/v3/imports'] as const;
/** The older communication preferences, with calls of their own. */
export const PREFERENCES_V3 = ['/communication-preferences/v3'] as const;
export const OAUTH = ['/oauth/2026-09', '/oauth/2026-03', '/oauth/v1', '/oauth/v3'] as const;

/** Every area path with the same tail. */
export function at(area: readonly string[], tail: string): string[] {
	return area.map((path) => path + tail);
}
