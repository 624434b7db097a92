const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A key of n8n's API as n8n makes it, with these claims: a JWT, signed with a secret of n8n's own. */
export const keyWith = (claims: object): string =>
	`${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: 'user', iss: 'n8n', aud: 'public-api', ...claims })}.c2lnbmF0dXJl`;

/** One that ends at this instant, in ms since 1970. */
export const keyEnding = (end: number): string => keyWith({ exp: Math.floor(end / 1_000) });
