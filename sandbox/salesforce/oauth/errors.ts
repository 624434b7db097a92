import { SalesforceError } from '../errors';

/** The token endpoint's form of a refusal. */
export const oauthError = (error: string, description: string, status = 400): SalesforceError =>
	new SalesforceError(status, { error, error_description: description });

export const invalidGrant = (description: string): SalesforceError => oauthError('invalid_grant', description);
